"""Can the folder be used that a setting names? Asked before anything starts; nothing stays behind."""

import tempfile
from pathlib import Path


def folder_problem(setting: str, folder: Path) -> str | None:
    """Why not, in one line that names the setting; None when it can."""
    found = folder.absolute()
    while not found.exists() and found != found.parent:
        found = found.parent
    if not found.is_dir():
        return f"{setting}: {found} is no folder"
    try:
        with tempfile.TemporaryDirectory(prefix=".gateway-", dir=found):
            return None
    except OSError as error:
        return f"{setting}: {found} cannot be written to: {error.strerror or type(error).__name__}"
