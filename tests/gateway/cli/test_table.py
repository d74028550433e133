"""Tables fit the terminal: nothing is cut, and what does not fit beside the ids stands below its row."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.table import table_lines

COLUMNS = ("id", "user", "status", "why")
ROWS = [("835dc0a5-bbb2-4737-9055-7db3073f7817", "ana", "complete", "-"), ("9", "bob", "failed", "the export is empty")]
words = st.text("abcdefgh-", min_size=1, max_size=12)
texts = st.lists(words, min_size=1, max_size=6).map(" ".join)


def test_what_fits_is_a_table() -> None:
    assert list(table_lines(COLUMNS, ROWS, 80)) == [
        "id                                    user  status    why",
        "835dc0a5-bbb2-4737-9055-7db3073f7817  ana   complete  -",
        "9                                     bob   failed    the export is empty",
    ]


def test_a_long_text_at_the_end_is_wrapped() -> None:
    rows = [("guard", "inconclusive", "no user has come since the dial rose; no user is on v2 yet")]
    assert list(table_lines(("check", "verdict", "numbers"), rows, 50)) == [
        "check  verdict       numbers",
        "guard  inconclusive  no user has come since the",
        "                     dial rose; no user is on v2",
        "                     yet",
    ]


def test_what_does_not_fit_stands_below_by_name_and_empty_values_do_not() -> None:
    assert list(table_lines(COLUMNS, ROWS, 43)) == [
        "id                                    user",
        "835dc0a5-bbb2-4737-9055-7db3073f7817  ana",
        "    status complete",
        "9                                     bob",
        "    status failed, why the export is empty",
    ]


@given(st.lists(st.tuples(words, words, texts, texts), max_size=5), st.integers(20, 200))
def test_every_word_is_there_and_lines_fit(rows: list[tuple[str, str, str, str]], width: int) -> None:
    lines = list(table_lines(COLUMNS, rows, width))
    told = "\n".join(lines).replace(",", " ").split()
    expected = [word for row in rows for cell in row if cell != "-" for word in " ".join(cell.split()).split()]
    assert sorted(set(expected)) == sorted({word for word in told if word in set(expected)})
    assert all(len(line) <= width or len(line.split()) == 1 for line in lines)
