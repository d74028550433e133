"""The console's own files: one stylesheet and one script, joined at the start and named by content, and the icons."""

import gzip
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote

STATIC: Final = Path(__file__).with_name("static")
FIRST: Final = ("tokens", "frame")  # stylesheets that the others build on
SCRIPTS: Final = ("htmx.min.js", "hx-sse.min.js")
ICONS: Final = ("icon.svg", "icon-off.svg")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent. Its name changes with its content, so browsers keep it for ever."""

    name: str
    media_type: str
    content: bytes
    compressed: bytes

    @property
    def path(self) -> str:
        """Where it is asked for."""
        return f"/console/static/{self.name}"


@dataclass(frozen=True, slots=True)
class Assets:
    """All files that pages name."""

    style: Asset
    script: Asset
    icon: str  # within the page itself: a request of its own is more than the 200 bytes
    icon_off: str

    def find(self, name: str) -> Asset | None:
        """The file of this name."""
        return next((asset for asset in (self.style, self.script) if asset.name == name), None)


def load_assets(folder: Path = STATIC) -> Assets:
    """Read and join them."""
    sheets = sorted((folder / "css").glob("*.css"), key=_rank)
    scripts = [folder / "htmx" / name for name in SCRIPTS]
    icon, icon_off = (_address(folder / name) for name in ICONS)
    return Assets(
        style=_asset("console", "css", "text/css; charset=utf-8", _joined(sheets)),
        script=_asset("console", "js", "text/javascript; charset=utf-8", _joined(scripts)),
        icon=icon,
        icon_off=icon_off,
    )


def _rank(sheet: Path) -> tuple[int, str]:
    return (FIRST.index(sheet.stem) if sheet.stem in FIRST else len(FIRST), sheet.stem)


def _joined(files: list[Path]) -> bytes:
    return b"\n".join(file.read_bytes() for file in files)


def _address(icon: Path) -> str:
    return f"data:image/svg+xml,{quote(icon.read_text().strip(), safe=' /:=,')}"


def _asset(stem: str, ending: str, media_type: str, content: bytes) -> Asset:
    name = f"{stem}.{sha256(content).hexdigest()[:16]}.{ending}"
    return Asset(name, media_type, content, gzip.compress(content, 9, mtime=0))
