"""Which storage paths are accepted, and whom they belong to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.exports import StoragePathError, check_storage_path, owner_of
from gateway.exports.path import _PLAIN, _problem
from pipelines.contract import ExportError

UID = "0b5ad4c7-6f0e-4c3a-9a57-3f1f6f0c9d11"


@pytest.mark.parametrize(
    "path",
    [
        f"user-imports/{UID}/raw-1700000000000.json",
        "user-exports/u/2024/all.json.gz",
        "imports/My export (2).zip",
        "imports/caf\u00e9.json",
        "b/..hidden",
        "b/100% done.json",
    ],
)
def test_ordinary_paths_are_accepted_as_they_are(path: str) -> None:
    checked = check_storage_path(path)
    assert str(checked) == path
    assert "/".join(checked.segments) == path


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "no bucket"), ("bucket", "no bucket"), ("bucket/", "empty part"), ("/bucket/key", "absolute"),
        ("bucket//key", "empty part"), ("bucket/key/", "empty part"), ("bucket/../other/key", "dots"),
        ("bucket/./key", "dots"), ("../key", "dots"), ("bucket/.. /key", "dots"), ("bucket/ /key", "blanks"),
        ("bucket/.../key", "dots"), ("bucket\\key/x", "backslash"), ("bucket/a\\..\\b", "backslash"),
        ("bucket/a\x00b", "control"), ("bucket/a\nb", "control"), ("bucket/a\x7fb", "control"),
        ("bucket/a\ud800b", "control"), ("bucket/%2e%2e/key", "percent-encoded"), ("bucket/a%2Fb", "percent-encoded"),
        ("bucket/a%00", "percent-encoded"), ("bucket/" + "a" * 256, "part longer than 255"),
        ("bucket/" + "a/" * 600 + "b", "longer than 1024"), ("bucket/" + "\u00e9" * 128, "part longer than 255"),
        ("-bucket/key", "no valid bucket"), ("buck et/key", "no valid bucket"), ("https://host/key", "empty part"),
    ],
)  # fmt: skip
def test_every_other_path_is_refused_with_the_reason(path: str, why: str) -> None:
    with pytest.raises(StoragePathError, match=why) as failure:
        check_storage_path(path)
    assert isinstance(failure.value, ExportError)
    assert not failure.value.retryable
    assert path not in str(failure.value) or len(path) < 10, "the path itself is not repeated"


@given(st.text() | st.lists(st.sampled_from(["..", ".", "a", "b c", "", "%2e", "\x00", "\\", "\u2025"])).map("/".join))
def test_what_is_accepted_is_a_list_of_plain_names(path: str) -> None:
    try:
        checked = check_storage_path(path)
    except StoragePathError:
        return
    assert str(checked) == path
    assert len(checked.segments) >= 2
    for segment in checked.segments:
        assert segment.strip(" .")
        assert not set(segment) & {"/", "\\", "\x00"}


@given(st.text("ab.-_/ %\\", min_size=1, max_size=12))
def test_the_short_cut_for_plain_paths_accepts_nothing_that_the_rules_refuse(path: str) -> None:
    if _PLAIN.fullmatch(path):
        assert not _problem(path)


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        (f"user-imports/{UID}/raw-1.json", UID),
        ("user-imports/someone/raw-1.json", "someone"),
        ("user-exports/someone/deep/all.json.gz", "someone"),
        ("user-imports/raw-1.json", None),
        (f"imports/{UID}/x.zip", UID),
        (f"imports/{UID.upper()}/x.zip", UID.upper()),
        ("imports/2024/x.zip", None),
        (f"imports/{UID}", None),
    ],
)
def test_the_owner_is_the_first_folder_where_folders_are_users(path: str, owner: str | None) -> None:
    assert owner_of(check_storage_path(path)) == owner
