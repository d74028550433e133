"""Every `console` block of the README and the documentation is run, a page in a folder of its own, or says why not."""

from pathlib import Path

import pytest

from tests.documents.page import ROOT, Block, Step, blocks_of, pages, prints
from tests.documents.session import Session

WRITTEN_FROM_CODE = ROOT / "docs" / "reference"
RUNBOOKS = ROOT / "docs" / "runbooks"  # each is followed through its outage by tests/runbooks
OWN_TESTS = {  # pages whose commands need a scene of their own -> the test that runs them there
    "docs/how-to/use-unleash.md": "tests/documents/test_unleash_page.py",
    "docs/how-to/add-a-pipeline.md": "tests/pipelines/test_add_a_pipeline.py",
    "docs/how-to/retire-a-pipeline.md": "tests/gateway/rollout/test_retire_a_pipeline.py",
}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def followed_here() -> list[Path]:
    """The pages with console blocks that this test follows."""
    return [
        page
        for page in pages()
        if not {WRITTEN_FROM_CODE, RUNBOOKS} & set(page.parents)
        and name_of(page) not in OWN_TESTS
        and any(block.left_out is None for block in blocks_of(page.read_text()))
    ]


@pytest.mark.parametrize("page", followed_here(), ids=name_of)
def test_a_page_is_followed_from_its_top_to_its_end(page: Path, session: Session) -> None:
    wrong = session.follow(list(blocks_of(page.read_text())), name_of(page))
    assert not wrong, "\n\n".join(wrong)
    assert session.ran > 0


def test_a_page_that_no_longer_holds_is_told_with_page_and_line(session: Session) -> None:
    page = "# A page\n\n```console\n$ gateway rollout sett 1\n$ gateway jobs list --json\n[1]\n$ false\n```\n"
    wrong = session.follow(list(blocks_of(page)), "docs/a-page.md")
    assert [line.splitlines()[0] for line in wrong] == [
        "docs/a-page.md:4: $ gateway rollout sett 1",
        "docs/a-page.md:5: $ gateway jobs list --json",
        "docs/a-page.md:7: $ false",
    ]


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_what_is_not_run_says_why(page: Path) -> None:
    """A reason names what is not there, in some words; the tests that run a page elsewhere exist."""
    for block in blocks_of(page.read_text()):
        reasons = [reason for reason in (block.left_out, block.empty_when) if reason is not None]
        assert all(len(reason.split()) > 1 for reason in reasons)
    elsewhere = OWN_TESTS.get(name_of(page))
    assert elsewhere is None or (ROOT / elsewhere).is_file()


def test_make_run_is_gateway_serve() -> None:
    lines = (ROOT / "Makefile").read_text().splitlines()
    (at,) = (number for number, line in enumerate(lines) if line.startswith("run:"))
    assert lines[at + 1] == "\t$(BIN)/gateway serve"


def test_blocks_are_read_with_their_marks_and_outputs() -> None:
    left_out = "<!-- not run here: no Docker -->\n\n```console\n$ docker build .  # long\n```\n"
    page = left_out + "```console\n$ a\nb ...\n$ c\n```"
    assert list(blocks_of(page)) == [
        Block((Step("docker build .", line=4),), "no Docker"),
        Block((Step("a", ("b ...",), line=7), Step("c", line=9))),
    ]


@pytest.mark.parametrize(
    ("shown", "out", "same"),
    [
        (("ana: v1 ...",), "ana: v1 (bucket 12)\n", True),
        (("ana: v1 ...",), "ana: v2 (bucket 12)\n", False),
        (("a", "...", "z"), "a\nb\nc\nz\n", True),
        (("a",), "a\nb\n", False),
        (("1.5 (x)",), "1.5 (x)  \n", True),
        (("1.5",), "1x5\n", False),
    ],
)
def test_shown_output_is_compared(shown: tuple[str, ...], out: str, same: bool) -> None:
    assert prints(shown, out) is same
