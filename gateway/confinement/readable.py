"""The files that Python needs to run, so that a confined process may read them, and no others."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types")
DEVICES = ("/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/sys/devices/system/cpu", "/proc/cpuinfo")
WRITTEN = (Path("/dev/null"),)
FOR_CONNECTIONS = (
    *("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services"),
    *("/etc/ssl", "/etc/pki", "/etc/ca-certificates"),
)
CODE = (".py", ".so", ".zip")


def readable_paths(*, network: bool) -> Iterator[Path]:
    """The interpreter, its libraries, and the packages on its path; of a folder on the path only the packages in it:
    a `.env` or a data folder may lie beside them."""
    yield from map(Path, (*SYSTEM, *DEVICES, "/proc/self"))
    prefixes = {Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    yield from prefixes
    for entry in {Path(entry).resolve() for entry in sys.path if entry}:
        if not any(entry.is_relative_to(prefix) for prefix in (*prefixes, Path("/usr"))):
            yield from packages_in(entry)
    if network:
        yield from map(Path, (*FOR_CONNECTIONS, *filter(None, [os.environ.get("SSL_CERT_FILE")])))


def packages_in(entry: Path) -> Iterator[Path]:
    """What can be imported from an entry of the path."""
    if entry.is_file():
        yield entry
    elif entry.is_dir():
        for child in entry.iterdir():
            if child.suffix in CODE or child.name.endswith(".dist-info") or os.path.exists(child / "__init__.py"):  # noqa: PTH110 - closed ones are not there
                yield child
