"""When sampling may stop."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.shadow.report.statistics import until_precision
from gateway.statistics.confidence import Rate

RATES = st.integers(0, 400).flatmap(lambda n: st.builds(Rate, st.integers(0, n), st.just(n)))
SOME = settings(max_examples=40, deadline=None)


def test_sampling_stops_when_the_question_is_answered_and_says_so() -> None:
    early = until_precision(Rate(3, 40), Rate(0, 5), 0.02)
    late = until_precision(Rate(720, 60_000), Rate(66, 6_000), 0.02)
    assert not early.reached
    assert early.pairs_to_go > 0
    assert late.reached
    assert late.interval.half_width <= 0.02
    assert "sampling can stop" in late.message
    assert "1.2% (1.0 to 1.4, 60,000 pairs) differ, noise 1.1%" in late.message


@SOME
@given(RATES, RATES, st.floats(0.001, 1))
def test_the_stop_rule_never_raises_and_agrees_with_the_interval(one: Rate, other: Rate, precision: float) -> None:
    answer = until_precision(one, other, precision)
    assert answer.reached == (answer.interval.half_width <= precision)
    assert (answer.pairs_to_go == 0) == answer.reached
