"""Which of Debian's programs the tests, the lab and the benchmarks use, and where each one lies in its package."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Program:
    """One executable: our name for it, its path below / once unpacked, and arguments that make it name itself."""

    name: str
    path: str
    version: tuple[str, ...] = ("--version",)
    data: str = ""  # the folder below / that it was compiled to read, where no argument names another


@dataclass(frozen=True, slots=True)
class Group:
    """Programs that are fetched together, and the packages that hold them."""

    name: str
    packages: tuple[str, ...]
    programs: tuple[Program, ...]


LAB = Group(
    "lab",
    (
        "prometheus",
        "prometheus-alertmanager",
        "snmpd",
        "snmp",
        "nginx",
        "iperf3",
        "openssh-server",
        "openssh-sftp-server",
        "openssh-client",
        "iproute2",
        "nftables",
        "curl",
        "systemd",
    ),
    (
        Program("prometheus", "usr/bin/prometheus"),
        Program("promtool", "usr/bin/promtool"),
        Program("alertmanager", "usr/bin/prometheus-alertmanager", data="usr/share/prometheus/alertmanager"),
        Program("amtool", "usr/bin/amtool"),
        Program("snmpd", "usr/sbin/snmpd", ("-v",)),
        Program("snmpget", "usr/bin/snmpget", ("-V",)),
        Program("snmpwalk", "usr/bin/snmpwalk", ("-V",)),
        Program("snmpset", "usr/bin/snmpset", ("-V",)),
        Program("snmptrap", "usr/bin/snmptrap", ("-V",)),
        Program("nginx", "usr/sbin/nginx", ("-v",)),
        Program("iperf3", "usr/bin/iperf3"),
        Program("sshd", "usr/sbin/sshd", ("-V",)),
        Program("sftp-server", "usr/lib/openssh/sftp-server", ("-h",)),
        Program("ssh", "usr/bin/ssh", ("-V",)),
        Program("ssh-keygen", "usr/bin/ssh-keygen", ("-?",)),
        Program("ip", "bin/ip", ("-V",)),
        Program("tc", "sbin/tc", ("-V",)),
        Program("nft", "usr/sbin/nft"),
        Program("curl", "usr/bin/curl"),
        Program("systemd-analyze", "usr/bin/systemd-analyze"),
    ),
)

BENCH = Group(
    "bench",
    (
        "prometheus-blackbox-exporter",
        "prometheus-snmp-exporter",
        "prometheus-node-exporter",
        "victoria-metrics",
        "fping",
    ),
    (
        Program("blackbox_exporter", "usr/bin/prometheus-blackbox-exporter"),
        Program("snmp_exporter", "usr/bin/prometheus-snmp-exporter"),
        Program("node_exporter", "usr/bin/prometheus-node-exporter"),
        Program("victoria-metrics", "usr/bin/victoria-metrics", ("-help",)),
        Program("vmagent", "usr/bin/vmagent", ("-help",)),
        Program("vmalert", "usr/bin/vmalert", ("-help",)),
        Program("fping", "usr/bin/fping", ("-v",)),
    ),
)

BROWSER = Group(
    "browser",
    ("chromium", "fonts-noto-core"),
    (Program("chromium", "usr/lib/chromium/chromium"),),
)

DNS = Group("dns", ("bind9-dnsutils",), (Program("dig", "usr/bin/dig", ("-v",)),))

NUT = Group(
    "nut",
    ("nut-server", "nut-client", "nut-snmp"),
    (
        Program("upsd", "lib/nut/upsd", ("-V",)),
        Program("upsc", "bin/upsc", ("-V",)),
        Program("dummy-ups", "lib/nut/dummy-ups", ("-V",)),
        Program("snmp-ups", "lib/nut/snmp-ups", ("-V",)),
    ),
)

GROUPS = (LAB, BENCH, BROWSER, DNS, NUT)


def group_of(program: str) -> tuple[Group, Program]:
    """The group and entry of a program; KeyError names the ones there are."""
    for group in GROUPS:
        for entry in group.programs:
            if entry.name == program:
                return group, entry
    known = ", ".join(entry.name for group in GROUPS for entry in group.programs)
    raise KeyError(f"no program {program!r} in tests/tools/catalogue.py (there are: {known})")
