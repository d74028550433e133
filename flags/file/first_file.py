"""Writes the flag file that a new installation begins with."""

import json
import os
from pathlib import Path

from flags.document.defaults import default_document
from flags.model import V2_NAMES, FlagNames


def write_defaults(path: Path, names: FlagNames = V2_NAMES) -> bool:
    """Write the default file unless there is one; whether it was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(default_document(names), indent=2) + "\n")
    try:
        os.link(draft, path)  # unlike a rename, this fails if somebody else was first
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
