"""Who may push: the province's own authority, made and used by the product's own commands, as a person would."""

from ipaddress import IPv4Address
from pathlib import Path

from tests.lab.office import Office
from tests.lab.product import communewatch


class Papers:
    """An authority in `folder`, with the gateway's certificate beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def authority(self) -> Path:
        """By what offices know the gateway."""
        return self.folder / "root.pem"

    async def begin(self, gateway: IPv4Address) -> None:
        """Make the authority, and the certificate of a gateway that is called by this address."""
        authority = ("--ca", str(self.folder))
        await communewatch("inventory", "ca", "init", *authority, "--name", "Phòng lab communewatch")
        out = ("--out", str(self.folder / "server.crt"))
        await communewatch("inventory", "ca", "server", str(gateway), *authority, *out)

    async def give(self, office: Office, inventory: Path) -> None:
        """The office's first certificate. Its key is made where it stays."""
        request = self.folder / f"{office.entry.name}.csr"
        request.write_text(await communewatch("agent", "request", "--config", str(office.configuration)), "ascii")
        files = ("--request", str(request), "--out", str(office.state / "office.crt"))
        where = ("--ca", str(self.folder), "--inventory", str(inventory))
        await communewatch("inventory", "ca", "issue", office.entry.id, *files, *where)
