"""When a failed request is made again, and after how long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_ai.exceptions import ContentFilterError, ModelAPIError, ModelHTTPError, UnexpectedModelBehavior

from pipelines.contract import Cause
from pipelines.language.provider.calls.retry import (
    Patience,
    UnreadableAnswer,
    as_pipeline_error,
    is_transient,
    wait_before_retry,
)

PATIENCE = Patience(attempts=5, first_wait=1.0, longest_wait=60.0)


def refused(status: int, retry_after: float | None = None) -> ModelHTTPError:
    return ModelHTTPError(status, "model", retry_after=retry_after)


def test_retry_after_is_honoured_to_the_second() -> None:
    assert wait_before_retry(refused(429, 7.0), 1, PATIENCE, 0.0) == 7.0


def test_waits_double() -> None:
    assert [wait_before_retry(refused(500), n, PATIENCE, 1.0) for n in (1, 2, 3, 4, 5)] == [1.0, 2.0, 4.0, 8.0, None]


@given(
    status=st.integers(400, 599), attempt=st.integers(1, 8), jitter=st.floats(0, 1),
    asked=st.none() | st.floats(0, 1e6),
)  # fmt: skip
def test_a_wait_is_bounded_and_only_for_what_may_pass(
    status: int, attempt: int, jitter: float, asked: float | None
) -> None:
    wait = wait_before_retry(refused(status, asked), attempt, PATIENCE, jitter)
    if wait is not None:
        assert 0 <= wait <= PATIENCE.longest_wait
        assert attempt < PATIENCE.attempts
        assert is_transient(refused(status))


def test_what_is_transient_is_retryable_for_the_job_too() -> None:
    failures = [refused(429), refused(400), TimeoutError(), ModelAPIError("model", "connection refused")]
    assert [as_pipeline_error("p", failure).retryable for failure in failures] == [True, False, True, True]
    assert as_pipeline_error("p", UnexpectedModelBehavior("three bad answers")).retryable


@pytest.mark.parametrize(
    ("failure", "cause"),
    [
        (refused(529), "dependency:provider"),
        (refused(500), "dependency:provider"),
        (refused(401), "dependency:provider"),
        (refused(429), "dependency:provider"),
        (refused(400), "pipeline"),
        (refused(413), "pipeline"),
        (TimeoutError(), "dependency:provider"),
        (ModelAPIError("model", "connection refused"), "dependency:provider"),
        (UnreadableAnswer("a page of a proxy"), "dependency:provider"),
        (UnexpectedModelBehavior("three bad answers"), "pipeline"),
        (ContentFilterError("not allowed"), "input"),
    ],
)
def test_a_failure_says_whose_fault_it_is(failure: Exception, cause: Cause) -> None:
    assert as_pipeline_error("p", failure).cause == cause
