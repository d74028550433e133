"""The guard's judgement: the split first, nothing while a service fails, one alpha shared out, numbers in words."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.rollout.guard.judge import ALPHA, SPLIT, Judged, Seen, judge, judge_dependencies, level
from gateway.statistics.arms import Arm, arm_evidence

FAIR = {0.05: (50, 950), 0.25: (250, 750)}
QUIET = Seen("v2", split=FAIR)
BAD = replace(QUIET, failures=arm_evidence([Arm(0.05, True)] * 4))
ARMS = st.lists(st.builds(Arm, st.sampled_from([0.01, 0.05, 0.25, 0.5]), st.booleans()), max_size=30)
CAUSES = st.sampled_from(["", "dependency:storage", "dependency:provider", "dependency:database"])
LATELY = st.dictionaries(CAUSES, st.integers(0, 300))
SPLITS = st.sampled_from([FAIR, {}, {0.05: (400, 600)}])
EVIDENCE = ARMS.map(arm_evidence)
SEEN = st.builds(Seen, st.just("v2"), EVIDENCE, EVIDENCE, EVIDENCE, SPLITS, LATELY)


def phases(judged: Judged) -> dict[str, str]:
    return {finding.check: finding.phase for finding in judged.verdict.findings}


def test_all_is_well() -> None:
    assert judge(QUIET).verdict.phase == "ok"
    assert judge(QUIET).rollback is None


def test_four_users_at_five_percent_and_none_elsewhere_turn_it_off_and_it_says_why() -> None:
    assert judge(BAD).rollback == (
        "of 4 users whose jobs failed by the pipeline's own fault, 4 were on v2, 0.2 by the dial: "
        "440 to 1 that it fails more, rolls back at 143 to 1"
    )


def test_slow_jobs_of_many_users_do_the_same_at_their_own_part_of_alpha() -> None:
    slow = judge(replace(QUIET, slow=arm_evidence([Arm(0.05, True)] * 5)))
    assert slow.rollback is not None
    assert slow.rollback.endswith("that it is slower, rolls back at 667 to 1")


def test_one_alpha_is_shared_out() -> None:
    assert sum(SPLIT.values()) == pytest.approx(1)
    assert sum(1 / level(question) for question in SPLIT) == pytest.approx(ALPHA)


def test_a_split_that_is_not_what_the_dial_says_comes_before_all_else() -> None:
    broken = judge(replace(BAD, split={0.05: (400, 600)}))
    assert phases(broken) == {
        "sample": "breach", "failures": "inconclusive", "time": "inconclusive", "dependencies": "ok",
    }  # fmt: skip
    assert broken.rollback is None
    assert "400 of 1,000 users are on v2, 50.0 by the dial" in broken.verdict.message


def test_while_a_service_fails_many_it_waits_and_says_for_what() -> None:
    surge = judge(replace(BAD, lately={"": 6, "dependency:provider": 3, "dependency:storage": 11}))
    assert phases(surge)["failures"] == "inconclusive"
    assert surge.rollback is None
    assert surge.verdict.message.endswith(
        "the storage and the provider failed 14 of 20 users' jobs in the last 15 min: nobody's regression"
    )
    assert judge(replace(BAD, lately={"": 100, "dependency:storage": 5})).rollback is not None
    assert judge(replace(BAD, lately={"": 3, "dependency:storage": 2})).rollback is not None  # too few to say


def test_a_service_that_fails_one_versions_users_is_told_and_turns_nothing_off() -> None:
    alone, lately = arm_evidence([Arm(0.05, True)] * 6), {"": 300, "dependency:provider": 6}
    told = judge(
        replace(QUIET, awaiting=alone, lately=lately)
    )  # 2 % of all: no surge, which nobody would have heard of
    assert (phases(told)["dependencies"], phases(told)["failures"], told.rollback) == ("breach", "ok", None)
    assert told.verdict.message == (
        "the provider failed 6 of 306 users' jobs in the last 15 min; of 6 users whom a service failed, 6 were on v2, "
        "0.3 by the dial: 18,883 to 1 that it is v2 that fails by it, an alarm at 2,000 to 1; nothing is turned off for"
        " that"
    )
    surge = judge(replace(BAD, awaiting=alone, lately={"": 30, "dependency:provider": 6}))
    assert (phases(surge)["failures"], surge.rollback) == ("inconclusive", None)
    assert "6 were on v2" in surge.verdict.findings[1].message
    assert "nobody's regression" not in surge.verdict.message
    fair = arm_evidence([Arm(0.05, n % 20 == 0) for n in range(60)])
    assert phases(judge(replace(QUIET, awaiting=fair, lately=lately)))["dependencies"] == "ok"
    assert phases(judge(replace(QUIET, awaiting=alone, lately={"": 300})))["dependencies"] == "ok"  # it is over


def test_where_nobody_is_on_it_yet_nothing_is_known() -> None:
    assert phases(judge(Seen("v2"))) == {
        "sample": "inconclusive", "failures": "inconclusive", "time": "inconclusive", "dependencies": "ok",
    }  # fmt: skip


def test_a_flag_with_a_segment_says_that_not_the_dial_alone_decides() -> None:
    foreign = judge(replace(BAD, split={0.05: (400, 600)}, foreign=("segment 3",)))
    assert phases(foreign)["sample"] == "inconclusive"
    assert "the flag holds segment 3" in foreign.verdict.message
    assert foreign.rollback is not None  # users are counted by their place on the dial: that stays fair


@settings(max_examples=60, deadline=None)
@given(SEEN)
def test_a_rollback_needs_the_evidence_and_nothing_against_it(seen: Seen) -> None:
    judged = judge(seen)
    reached = seen.failures.peak >= math.log(level("failures")) or seen.slow.peak >= math.log(level("time"))
    surge = judge_dependencies(seen.lately).phase != "ok"
    quiet = phases(judged)["sample"] != "breach" and not surge
    assert (judged.rollback is not None) == (reached and quiet)
    assert all(finding.message for finding in judged.verdict.findings)
