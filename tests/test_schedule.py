"""Files that need an Unleash server are one worker's, and all others go where there is room."""

import pytest

from tests.schedule import ROOT, needs_unleash


@pytest.mark.parametrize(
    ("file", "needs"),
    [
        ("tests/documents/test_unleash_page.py", True),
        ("tests/flags/test_control.py", True),  # by its `home`
        ("tests/gateway/rollout/test_webhook.py", True),
        ("tests/flags/test_explain.py", False),
        ("tests/gateway/cli/test_serving.py", False),
        ("tests/no_such_file.py", False),
    ],
)
def test_files_that_need_an_unleash_server_are_known(file: str, *, needs: bool) -> None:
    assert needs_unleash(file) is needs


def test_whoever_is_marked_for_it_is_among_them_but_for_those_that_need_node_alone() -> None:
    marked = [path for path in ROOT.glob("tests/**/test_*.py") if "mark.unleash\n" in path.read_text()]
    assert len(marked) > 5
    apart = {path.name for path in marked if not needs_unleash(path.relative_to(ROOT).as_posix())}
    assert apart == {"test_parity.py"}
