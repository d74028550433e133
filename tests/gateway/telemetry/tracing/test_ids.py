"""Which trace a job is, and which jobs are traced."""

import random
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import INVALID_SPAN_ID, INVALID_TRACE_ID

from gateway.telemetry.tracing.ids import ShareOfTraces, root_of


def taken(trace_id: int, percent: float) -> bool:
    return ShareOfTraces(percent).should_sample(None, trace_id, "job").decision is Decision.RECORD_AND_SAMPLE


@given(st.uuids(version=4))
def test_every_job_has_a_valid_trace_that_reads_like_its_id(job_id: uuid.UUID) -> None:
    root = root_of(str(job_id))
    assert f"{root.trace_id:032x}" == job_id.hex
    assert root.trace_id != INVALID_TRACE_ID
    assert root.span_id != INVALID_SPAN_ID
    assert root.span_id < 1 << 64


@given(st.uuids(version=4), st.floats(0, 100), st.floats(0, 100))
def test_what_a_small_share_takes_a_larger_one_takes_too(job_id: uuid.UUID, one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert taken(job_id.int, large) or not taken(job_id.int, small)


@given(st.uuids(version=4))
def test_all_and_none_are_all_and_none(job_id: uuid.UUID) -> None:
    assert taken(job_id.int, 100)
    assert not taken(job_id.int, 0)


@pytest.mark.parametrize("percent", [1, 25, 50, 90])
def test_the_share_is_kept(percent: float) -> None:
    draw = random.Random(1)
    ids = [uuid.UUID(int=draw.getrandbits(128), version=4).int for _ in range(10_000)]
    share = sum(taken(trace_id, percent) for trace_id in ids) / 100
    assert abs(share - percent) < 2
