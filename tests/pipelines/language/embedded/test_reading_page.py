"""The page of how well the engine reads is as its command writes it, with the shared data and without."""

from bench.reading_page import (
    KEPT,
    PAGE,
    SHARED_FROM,
    SHARED_TO,
    histories_table,
    line_sets,
    lines_table,
    page_text,
    rules_table,
    tally_rules,
)


def test_the_page_says_what_the_rules_give_now() -> None:
    page = PAGE.read_text("utf-8")
    assert "".join(lines_table()) in page
    assert "".join(histories_table()) in page
    assert "".join(rules_table(tally_rules(line_sets()))) in page


def test_without_the_shared_data_its_figures_stay_and_the_page_says_so() -> None:
    before = f"x {SHARED_FROM}- 7 of 9\n{SHARED_TO} y"
    once = page_text(before, None)
    assert f"{SHARED_FROM}{KEPT}- 7 of 9\n{SHARED_TO}" in once
    assert page_text(once, None) == once
    assert KEPT not in page_text(once, "- 8 of 9\n")


def test_no_rule_is_oftener_wrong_than_a_third_of_the_time() -> None:
    tallies = tally_rules(line_sets())
    assert len(tallies) > 30
    assert [tally for tally in tallies if tally.wrong > 1 and tally.wrong * 3 > tally.right] == []
