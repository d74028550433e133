"""The console's own files: one stylesheet and one script, joined at the start, and the icons; named by content."""

import gzip
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

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
    icon: Asset
    icon_off: Asset

    def find(self, name: str) -> Asset | None:
        """The file of this name."""
        every = (self.style, self.script, self.icon, self.icon_off)
        return next((asset for asset in every if asset.name == name), None)


def load_assets(folder: Path = STATIC) -> Assets:
    """Read and join them."""
    sheets = sorted((folder / "css").glob("*.css"), key=_rank)
    scripts = [folder / "htmx" / name for name in SCRIPTS]
    icon, icon_off = ((folder / name).read_bytes() for name in ICONS)
    return Assets(
        style=_asset("console", "css", "text/css; charset=utf-8", _joined(sheets)),
        script=_asset("console", "js", "text/javascript; charset=utf-8", _joined(scripts)),
        icon=_asset("icon", "svg", "image/svg+xml", icon),
        icon_off=_asset("icon-off", "svg", "image/svg+xml", icon_off),
    )


def _rank(sheet: Path) -> tuple[int, str]:
    return (FIRST.index(sheet.stem) if sheet.stem in FIRST else len(FIRST), sheet.stem)


def _joined(files: list[Path]) -> bytes:
    return b"\n".join(file.read_bytes() for file in files)


def _asset(stem: str, ending: str, media_type: str, content: bytes) -> Asset:
    name = f"{stem}.{sha256(content).hexdigest()[:16]}.{ending}"
    return Asset(name, media_type, content, gzip.compress(content, mtime=0))
