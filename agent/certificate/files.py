"""A certificate and its key on disk. Blocks; raises OSError.

A key without its certificate would shut the office out for good. So the next pair lies complete beside the one in use
before either is put in its place, and whoever finds it half put there after a power cut finishes the work.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from agent.disk import sync_folder


@dataclass(frozen=True, slots=True)
class Pair:
    """The files that the configuration names, and the next ones beside them."""

    certificate: Path
    key: Path

    @property
    def next_certificate(self) -> Path:
        return self.certificate.with_name(self.certificate.name + ".next")

    @property
    def next_key(self) -> Path:
        return self.key.with_name(self.key.name + ".next")

    def settle(self) -> bool:
        """Finish what a power cut interrupted; whether there was something to finish.

        The next certificate is written last and only beside its key: where it is, both belong together.
        """
        if not self.next_certificate.exists():
            return False
        if self.next_key.exists():
            self.next_key.replace(self.key)
            sync_folder(self.key.parent)
        self.next_certificate.replace(self.certificate)
        sync_folder(self.certificate.parent)
        return True

    def write_next_key(self, pem: bytes) -> None:
        write(self.next_key, pem)

    def install(self, chain: bytes) -> None:
        """The certificate of the next key has come: from now on this pair is in use."""
        write(self.next_certificate, chain)
        self.settle()


def write(path: Path, content: bytes) -> None:
    """In one step and on disk when it returns; readable for nobody else, not even for a moment.

    What root writes belongs to whom the folder belongs to: the agent, which is not root, has to read its key.
    """
    draft, owner = path.with_name(f".{path.name}.new"), path.parent.stat()
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        if os.geteuid() == 0:
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)
