"""One attempt's folder: it is gone afterwards, and what takes long about that is not done where jobs run."""

import threading
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from gateway.confinement.disk import remove
from gateway.shadow import attempt
from gateway.shadow.attempt import Attempt, ShadowContext
from gateway.shadow.model import Claimed


def end(fails: bool) -> None:
    if fails:
        raise EOFError


@pytest.mark.parametrize("fails", [False, True])
async def test_its_folder_is_emptied_beside_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    held: list[tuple[int, bool]] = []  # in which thread it was emptied, and whether the export was still there

    def noting(folder: Path) -> None:
        held.append((threading.get_ident(), (folder / "export").exists()))
        remove(folder)

    monkeypatch.setattr(attempt, "remove", noting)
    context = cast("ShadowContext", SimpleNamespace(workdir=tmp_path))
    claimed = cast("Claimed", SimpleNamespace(plan=SimpleNamespace(job_id="job")))
    with suppress(EOFError):
        async with Attempt(context, claimed, None)._folder() as folder:
            (folder / "export").write_bytes(b"huge")
            end(fails)
    ((thread, whole),) = held
    assert thread != threading.get_ident()
    assert whole
    assert not folder.exists()
