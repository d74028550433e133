"""Exports in a folder: whatever the path, and whatever lies in the folder, nothing outside it is touched."""

# ruff: noqa: ASYNC240  (files of a few bytes)

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.exports import ExportMissingError, FolderExports, StorageRefusedError
from pipelines.contract import PipelineError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A root with links that lead out of it in every way, beside a secret."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "file").write_text("secret")
    root = tmp_path / "root"
    (root / "bucket" / "u").mkdir(parents=True)
    (root / "bucket" / "u" / "file").write_text("public")
    (root / "bucket" / "link").symlink_to(tmp_path / "secret")
    (root / "bucket" / "u" / "linked").symlink_to(tmp_path / "secret" / "file")
    (root / "out").symlink_to(tmp_path / "secret")
    os.mkfifo(root / "bucket" / "pipe")
    return root


LINKS = ["bucket/link/file", "bucket/u/linked", "out/file", "bucket/pipe", "bucket/u", "bucket/u/file/x"]


@pytest.mark.parametrize("path", LINKS)
async def test_links_pipes_and_folders_are_no_exports(tree: Path, tmp_path: Path, path: str) -> None:
    store = FolderExports(tree)
    assert not await store.exists(path)
    with pytest.raises(ExportMissingError):
        await store.fetch(path, tmp_path / "to")


@pytest.mark.parametrize("path", ["bucket/link/new", "out/new", "bucket/u", "bucket/u/file/x"])
async def test_nothing_is_written_through_links_or_over_folders(
    tree: Path, tmp_path: Path, source: Path, path: str
) -> None:
    with pytest.raises(StorageRefusedError):
        await FolderExports(tree).put(path, source)
    assert [p.name for p in (tmp_path / "secret").iterdir()] == ["file"]
    assert not list(tree.rglob("*.part"))


async def test_putting_over_a_link_replaces_the_link(tree: Path, tmp_path: Path, source: Path) -> None:
    await FolderExports(tree).put("bucket/u/linked", source)
    assert (tmp_path / "secret" / "file").read_text() == "secret"
    assert (tree / "bucket" / "u" / "linked").read_bytes() == b"[1]"


NAMES = st.sampled_from(
    [
        "bucket",
        "u",
        "file",
        "link",
        "linked",
        "out",
        "..",
        ".",
        "",
        "secret",
        "root",
        "pipe",
        "\x00",
        "~",
        "%2e%2e",
        "..\\..",
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(["bucket/u/file", *LINKS]) | st.lists(NAMES, max_size=6).map("/".join) | st.text(max_size=20))
async def test_no_path_opens_anything_outside_the_root(tree: Path, tmp_path: Path, path: str) -> None:
    to = tmp_path / "to"
    to.unlink(missing_ok=True)
    try:
        await FolderExports(tree).fetch(path, to)
    except PipelineError:
        assert not to.exists()
    else:
        assert to.read_text() == "public"


async def test_a_file_with_holes_is_fetched_with_its_holes(tmp_path: Path) -> None:
    size = 1 << 30
    (tmp_path / "root" / "bucket").mkdir(parents=True)
    with (tmp_path / "root" / "bucket" / "file").open("wb") as file:
        file.write(b"[1")
        file.seek(size // 2)
        file.write(b"]")
        file.truncate(size)
    to = tmp_path / "fetched"
    await FolderExports(tmp_path / "root").fetch("bucket/file", to)
    status = to.stat()
    assert status.st_size == size
    assert status.st_blocks * 512 < 1 << 20
    with to.open("rb") as file:
        assert file.read(3) == b"[1\0"
        file.seek(size // 2)
        assert file.read(2) == b"]\0"
