"""Writes the flag file that a new installation begins with."""

import json
import os
from pathlib import Path

from flags.document.defaults import default_document
from flags.model import TWO_VERSIONS, Versions


def write_defaults(path: Path, versions: Versions = TWO_VERSIONS) -> bool:
    """Write the default file unless there is one; whether it was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(default_document(versions), indent=2) + "\n")
    try:
        os.link(draft, path)  # unlike a rename, this fails if somebody else was first
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
