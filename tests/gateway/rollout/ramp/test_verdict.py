"""The guard's verdict, for all counts: when it fails, when it lets pass, and that it says its numbers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rollout.guard.verdict import EARLY_JOBS, Evidence, Gates, Sample, at_least, judge, unreadable

COUNTS = st.integers(0, 3000)
SECONDS = st.none() | st.floats(0.01, 7200)


def sample(complete: int = 0, failed: int = 0, seconds: float | None = None) -> Sample:
    return Sample(complete, failed, seconds, timed=complete)


SAMPLES = st.builds(sample, COUNTS, COUNTS, SECONDS)
CAUSES = st.sampled_from(["", "dependency:storage", "dependency:provider", "dependency:database"])
LATELY = st.dictionaries(CAUSES, st.integers(0, 3000))
EVIDENCE = st.builds(Evidence, SAMPLES, SAMPLES, SAMPLES, st.integers(0, 5), LATELY)
GATES = st.builds(Gates, min_jobs=st.integers(1, 1000))
GOOD = Evidence(sample(200, 0, 10.0), sample(200, 0, 10.0), sample(500, 0, 10.0), 0)


def phases(evidence: Evidence, gates: Gates | None = None) -> dict[str, str]:
    return {finding.check: finding.phase for finding in judge(evidence, gates or Gates()).findings}


def test_all_is_well() -> None:
    assert judge(GOOD, Gates()).phase == "ok"


@pytest.mark.parametrize(
    ("jobs", "phase"),
    [
        (sample(190, 10, 10.0), "ok"),  # 5 % is not more than 5 %
        (sample(189, 11, 10.0), "failed"),
        (sample(7, 3, 10.0), "failed"),  # few, but beyond doubt
        (sample(9, 1, 10.0), "inconclusive"),
        (sample(0, 9, None), "inconclusive"),  # too few for any conclusion
        (sample(199, 0, 10.0), "inconclusive"),
    ],
)
def test_errors(jobs: Sample, phase: str) -> None:
    assert phases(replace(GOOD, candidate=jobs))["errors"] == phase


def test_one_user_alone_rolls_nobody_back_however_few_there_are() -> None:
    few = Gates(min_jobs=1)
    assert phases(replace(GOOD, candidate=sample(9, 1, 10.0)), few)["errors"] == "inconclusive"
    assert phases(replace(GOOD, candidate=sample(8, 2, 10.0)), few)["errors"] == "failed"


@pytest.mark.parametrize(("seconds", "phase"), [(11.9, "ok"), (12.1, "failed")])
def test_a_fifth_more_time_is_allowed(seconds: float, phase: str) -> None:
    assert phases(replace(GOOD, candidate=sample(200, 0, seconds)))["duration"] == phase


def test_a_job_that_hangs_fails_the_step_but_does_not_roll_back() -> None:
    verdict = judge(replace(GOOD, overdue=1), Gates())
    assert (verdict.phase, verdict.rollback) == ("failed", None)
    assert verdict.message == "1 users' jobs in processing for more than 2 h"


def test_at_a_hundred_percent_times_are_compared_with_the_baseline_of_the_earlier_steps() -> None:
    assert phases(replace(GOOD, baseline=sample()))["duration"] == "ok"
    assert phases(replace(GOOD, baseline=sample(), earlier=sample(500, 0, 5.0)))["duration"] == "failed"
    assert phases(replace(GOOD, baseline=sample(), earlier=sample()))["duration"] == "inconclusive"


def test_unreadable_evidence_is_an_error_and_no_ground_for_anything() -> None:
    verdict = unreadable("the jobs cannot be read")
    assert (verdict.phase, verdict.rollback) == ("error", None)


HEALTHY = st.builds(sample, COUNTS, st.integers(0, 100), st.floats(9, 13))
NEARLY_GOOD = st.builds(Evidence, HEALTHY, HEALTHY, HEALTHY, st.sampled_from([0, 0, 0, 1]))


@given(NEARLY_GOOD, GATES)
def test_ok_means_that_every_gate_holds(evidence: Evidence, gates: Gates) -> None:
    if judge(evidence, gates).phase != "ok":
        return
    assert evidence.candidate.ended >= gates.min_jobs
    assert evidence.candidate.failed_share <= gates.most_failed
    assert evidence.overdue == 0
    assert evidence.candidate.median_seconds is not None


@given(EVIDENCE, GATES)
def test_a_rollback_needs_evidence_and_says_its_numbers(evidence: Evidence, gates: Gates) -> None:
    why = judge(evidence, gates).rollback
    jobs = evidence.candidate
    if why is not None:
        assert jobs.failed_share > gates.most_failed
        assert jobs.ended >= min(gates.min_jobs, EARLY_JOBS)
        assert f"{jobs.failed} of {jobs.ended} users' jobs failed" in why
    elif jobs.ended >= gates.min_jobs:
        assert jobs.failed_share <= gates.most_failed or jobs.failed == 1


@given(EVIDENCE, GATES, st.integers(1, 1000))
def test_more_failures_never_make_it_better(evidence: Evidence, gates: Gates, more: int) -> None:
    if judge(evidence, gates).rollback is None:
        return
    worse = replace(evidence.candidate, failed=evidence.candidate.failed + more)
    assert judge(replace(evidence, candidate=worse), gates).rollback is not None


@given(EVIDENCE, GATES)
def test_every_message_has_words_and_the_worst_finding_counts(evidence: Evidence, gates: Gates) -> None:
    verdict = judge(evidence, gates)
    assert all(finding.message for finding in verdict.findings)
    order = ["ok", "inconclusive", "error", "failed"]
    assert verdict.phase == max((finding.phase for finding in verdict.findings), key=order.index)


@given(st.integers(1, 5000).flatmap(lambda ended: st.tuples(st.integers(0, ended), st.just(ended))))
def test_what_is_certain_is_never_more_than_what_was_seen(counts: tuple[int, int]) -> None:
    failed, ended = counts
    assert 0 <= at_least(failed, ended) <= failed / ended + 1e-12


@pytest.mark.parametrize(
    ("lately", "phase"),
    [
        ({}, "ok"),
        ({"": 100}, "ok"),
        ({"": 100, "dependency:storage": 2}, "ok"),
        ({"": 3, "dependency:storage": 2}, "ok"),  # too few to say
        ({"": 100, "dependency:storage": 5}, "ok"),
        ({"": 100, "dependency:storage": 6}, "inconclusive"),
        ({"dependency:provider": 3}, "inconclusive"),
    ],
)
def test_a_service_that_fails_many_users_keeps_the_dial_where_it_is(lately: dict[str, int], phase: str) -> None:
    verdict = judge(replace(GOOD, lately=lately), Gates())
    assert phases(replace(GOOD, lately=lately))["dependencies"] == phase
    assert verdict.rollback is None


def test_the_services_are_named_the_worst_first() -> None:
    verdict = judge(replace(GOOD, lately={"": 6, "dependency:provider": 3, "dependency:storage": 11}), Gates())
    assert verdict.message == (
        "the storage and the provider failed 14 of 20 users' jobs in the last 15 min: nobody's regression; it waits "
        "until that is over"
    )


@given(EVIDENCE, GATES, LATELY)
def test_what_services_do_never_rolls_back_nor_keeps_from_it(
    evidence: Evidence, gates: Gates, lately: dict[str, int]
) -> None:
    assert judge(replace(evidence, lately=lately), gates).rollback == judge(evidence, gates).rollback
