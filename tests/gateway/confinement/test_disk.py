"""Folders that somebody fills so that they can be neither measured nor removed."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.confinement.disk import DEEPEST, held_bytes, left_bytes, remove
from tests.gateway.confinement.scene import in_a_fork, standing_outside

MIB = 1 << 20


def test_all_that_is_in_it_counts_empty_files_too(tmp_path: Path) -> None:
    assert held_bytes(tmp_path, MIB) == 0
    (tmp_path / "folder").mkdir()
    for number in range(10):
        (tmp_path / "folder" / str(number)).write_bytes(b"")
    (tmp_path / "large").write_bytes(b"x" * 100_000)
    assert 11 * 4096 + 100_000 <= held_bytes(tmp_path, MIB) < 250_000
    assert 50_000 < held_bytes(tmp_path, 50_000) < 250_000
    assert held_bytes(tmp_path / "gone", MIB) == 0
    assert left_bytes(tmp_path) > 0


def test_a_sparse_file_counts_what_it_takes(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(100 * MIB)
    assert held_bytes(tmp_path, MIB) <= 4096


def nest(folder: Path, depth: int) -> dict[str, list[str]]:
    """Deeper than a path can be long."""
    os.chdir(folder)
    for _ in range(depth):
        os.mkdir("inner")  # noqa: PTH102
        os.chdir("inner")
    Path("file").write_bytes(b"x")
    return {}


def test_what_is_too_deep_to_be_looked_at_is_too_much_and_is_removed(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    in_a_fork(lambda _: nest(own, DEEPEST - 1))
    assert held_bytes(own, MIB) <= MIB
    in_a_fork(lambda _: nest_beside(own))
    assert held_bytes(own, MIB) > MIB
    remove(own)
    assert not own.exists()


def nest_beside(own: Path) -> dict[str, list[str]]:
    (own / "beside").mkdir()
    return nest(own / "beside", 3000)


def hide(own: Path) -> dict[str, list[str]]:
    """A folder that cannot be listed, with files in it whose names are known."""
    os.setgroups([])
    os.setgid(10001)
    os.setuid(10001)
    (own / "hidden").mkdir(mode=0o300)
    (own / "hidden" / "file").write_bytes(b"x" * MIB)
    (own / "hidden" / "closed").mkdir(mode=0)
    held = str(held_bytes(own, 10 * MIB))
    remove(own)
    return {"held": [held], "left": [str(path) for path in own.glob("*")]}


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_a_folder_that_cannot_be_listed_is_opened() -> None:
    with standing_outside(10001) as target:
        found = in_a_fork(lambda _: hide(target.own))
    assert int(found["held"][0]) > MIB
    assert found["left"] == []


NAMES = st.sampled_from("abc")
TREES = st.recursive(st.just(None), lambda inner: st.dictionaries(NAMES, inner, max_size=3), max_leaves=8)


@settings(max_examples=30, deadline=None)
@given(tree=st.dictionaries(NAMES, TREES, max_size=3))
def test_every_tree_is_removed(tmp_path_factory: pytest.TempPathFactory, tree: dict[str, object]) -> None:
    folder = tmp_path_factory.mktemp("tree")
    build(folder, tree)
    remove(folder)
    assert not folder.exists()


def build(folder: Path, tree: dict[str, object]) -> None:
    for name, inner in tree.items():
        if isinstance(inner, dict):
            (folder / name).mkdir()
            build(folder / name, inner)
        else:
            (folder / name).write_bytes(b"x")


def test_a_link_is_removed_and_what_it_leads_to_is_not(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_bytes(b"x")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "link").symlink_to(tmp_path / "outside")
    remove(tmp_path / "own")
    assert [path.name for path in (tmp_path / "outside").iterdir()] == ["file"]
    assert not (tmp_path / "own").exists()
