"""A step's gates, for all counts: when they let pass, and that they say their numbers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rollout.guard.verdict import Finding, Verdict, unreadable
from gateway.rollout.ramp.gates import Evidence, Gates, GuardView, Sample, judge, judge_guard
from gateway.statistics.confidence import Rate, bounded_difference

COUNTS = st.integers(0, 3000)
SECONDS = st.none() | st.floats(0.01, 7200)


def sample(complete: int = 0, failed: int = 0, seconds: float | None = None) -> Sample:
    return Sample(complete, failed, seconds, timed=complete)


SAMPLES = st.builds(sample, COUNTS, COUNTS, SECONDS)
CAUSES = st.sampled_from(["", "dependency:storage", "dependency:provider", "dependency:database"])
LATELY = st.dictionaries(CAUSES, st.integers(0, 3000))
EVIDENCE = st.builds(Evidence, SAMPLES, SAMPLES, SAMPLES, st.integers(0, 5), LATELY)
GATES = st.builds(Gates, min_jobs=st.integers(1, 1000), margin=st.floats(0.01, 1))
GOOD = Evidence(sample(200, 0, 10.0), sample(2000, 0, 10.0), sample(5000, 0, 10.0), 0)


def phases(evidence: Evidence, gates: Gates | None = None) -> dict[str, str]:
    return {finding.check: finding.phase for finding in judge(evidence, gates or Gates()).findings}


def test_all_is_well() -> None:
    assert judge(GOOD, Gates()).phase == "ok"


@pytest.mark.parametrize(
    ("jobs", "base", "phase"),
    [
        (sample(396, 4, 10.0), sample(1980, 20, 10.0), "ok"),
        (sample(190, 10, 10.0), sample(1980, 20, 10.0), "inconclusive"),  # four points seen, twelve not excluded
        (sample(195, 5, 10.0), sample(1800, 200, 10.0), "ok"),  # both fail: no harm of its own
        (sample(150, 50, 10.0), sample(1980, 20, 10.0), "breach"),
        (sample(7, 3, 10.0), sample(2000, 0, 10.0), "inconclusive"),
        (sample(199, 0, 10.0), sample(2000, 0, 10.0), "inconclusive"),
    ],
)
def test_harm_is_a_difference_that_is_known_to_be_within_the_margin(jobs: Sample, base: Sample, phase: str) -> None:
    assert phases(replace(GOOD, candidate=jobs, baseline=base))["harm"] == phase


def test_the_margin_is_stated_with_the_numbers() -> None:
    message = judge(GOOD, Gates()).findings[0].message
    assert message == (
        "0 of 200 users' jobs failed, 0 of 2000 side by side: "
        "a difference of -0.4 to +3.4 points, at most +5 is allowed"
    )


@pytest.mark.parametrize(("seconds", "phase"), [(11.9, "ok"), (12.1, "breach")])
def test_a_fifth_more_time_is_allowed(seconds: float, phase: str) -> None:
    assert phases(replace(GOOD, candidate=sample(200, 0, seconds)))["duration"] == phase


def test_a_job_that_hangs_fails_the_step() -> None:
    verdict = judge(replace(GOOD, overdue=1), Gates())
    assert (verdict.phase, verdict.message) == ("breach", "1 users' jobs in processing for more than 2 h")


def test_at_a_hundred_percent_it_is_compared_with_the_baseline_of_the_earlier_steps() -> None:
    assert phases(replace(GOOD, baseline=sample()))["duration"] == "ok"
    assert phases(replace(GOOD, baseline=sample(), earlier=sample(500, 0, 5.0)))["duration"] == "breach"
    assert phases(replace(GOOD, baseline=sample(), earlier=sample()))["duration"] == "inconclusive"
    assert "0 of 5000 before" in judge(replace(GOOD, baseline=sample()), Gates()).findings[0].message
    worse = replace(GOOD, candidate=sample(150, 50, 10.0), baseline=sample())
    assert phases(worse)["harm"] == "breach"


def test_unreadable_evidence_is_an_error() -> None:
    assert unreadable("the jobs cannot be read").phase == "error"


def test_what_the_guard_says_counts_while_it_looks() -> None:
    fine, bad = (Finding("failures", "ok", "fine"),), (Finding("failures", "breach", "5 of 6 on v2"),)
    assert judge_guard(GuardView(fine, None, None, 2.0), guarded=True).phase == "ok"
    assert judge_guard(GuardView(bad, None, None, 2.0), guarded=True).message == "the guard: 5 of 6 on v2"
    assert judge_guard(GuardView(fine, None, None, 40.0), guarded=True).message == "the guard has not looked for 40 s"
    assert judge_guard(None, guarded=True).phase == "error"
    assert judge_guard(None, guarded=False).phase == "ok"
    assert judge_guard(GuardView((), None, None, 2.0), guarded=True).phase == "inconclusive"


HEALTHY = st.builds(sample, COUNTS, st.integers(0, 100), st.floats(9, 13))
NEARLY_GOOD = st.builds(Evidence, HEALTHY, HEALTHY, HEALTHY, st.sampled_from([0, 0, 0, 1]))


@given(NEARLY_GOOD, GATES)
def test_ok_means_that_every_gate_holds(evidence: Evidence, gates: Gates) -> None:
    if judge(evidence, gates).phase != "ok":
        return
    mine = evidence.candidate
    base = evidence.baseline if evidence.baseline.ended else evidence.earlier
    harm = bounded_difference(Rate(mine.failed, mine.ended), Rate(base.failed, base.ended))
    assert mine.ended >= gates.min_jobs
    assert harm.high <= gates.margin
    assert evidence.overdue == 0
    assert mine.median_seconds is not None


@given(EVIDENCE, GATES)
def test_every_message_has_words_and_the_worst_finding_counts(evidence: Evidence, gates: Gates) -> None:
    verdict = judge(evidence, gates)
    assert all(finding.message for finding in verdict.findings)
    order = ["ok", "inconclusive", "error", "breach"]
    assert verdict.phase == max((finding.phase for finding in verdict.findings), key=order.index)
    assert Verdict(()).phase == "inconclusive"
