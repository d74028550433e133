"""Makes one request: bounded concurrency, a rate limit, a time-out, and retries that honour Retry-After."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from pydantic_ai.exceptions import (
    AgentRunError,
    ContentFilterError,
    ModelAPIError,
    ModelHTTPError,
    UnexpectedModelBehavior,
)

from pipelines.contract import PipelineError, Usage
from pipelines.language.provider.calls.events import Call, Notify, Watch, ignore, watch_nothing
from pipelines.language.provider.calls.rate_limit import RateLimit, Unpaced

T = TypeVar("T")

TRANSIENT = frozenset({408, 409, 425, 429, 529})
OUR_ACCESS = frozenset({401, 402, 403})  # the key, its rights or its account: an operator has to look
OUR_REQUEST = frozenset({400, 413, 422})  # what was asked is wrong or too long: the pipeline asked it


class UnreadableAnswer(UnexpectedModelBehavior):
    """The provider sent what is no answer at all: a page of a proxy, a body that was cut off."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait and how often to try. All waits are in seconds."""

    attempts: int = 5
    call_seconds: float = 120.0
    first_wait: float = 1.0
    longest_wait: float = 60.0  # a Retry-After above it fails the call: the job's own retry is the better place to wait
    draw: Callable[[], float] = random.random  # between 0 and 1: spreads the tries of many
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


def is_transient(failure: Exception) -> bool:
    """Whether the same request may succeed later."""
    match failure:
        case ModelHTTPError(status_code=status):
            return status in TRANSIENT or status >= 500
        case ModelAPIError() | TimeoutError():
            return True
        case _:
            return False


def wait_before_retry(failure: Exception, attempt: int, patience: Patience, jitter: float) -> float | None:
    """Seconds until try `attempt + 1` (the first try is 1), or None to give up. `jitter` is between 0 and 1."""
    if attempt >= patience.attempts or not is_transient(failure):
        return None
    asked = getattr(failure, "retry_after", None)
    if asked is not None:
        return float(asked) if asked <= patience.longest_wait else None
    doubled = patience.first_wait * 2.0 ** (attempt - 1)
    return float(min(doubled, patience.longest_wait) * (0.5 + jitter / 2))


class Refused(PipelineError):
    """This very text got no usable answer: it was refused, is too long, or the answer was cut off or no answer. Another
    text, or a part of this one, may get one. `usage` is what was paid nevertheless."""

    usage: Usage = Usage()


def as_pipeline_error(name: str, failure: Exception) -> PipelineError:
    """The failure in the pipeline's words, without the request or any key in it."""
    match failure:
        case ModelHTTPError(status_code=status) if status in OUR_REQUEST:
            return Refused(f"{name} answered {status}", retryable=False)
        case ModelHTTPError(status_code=status) if status in OUR_ACCESS:
            return PipelineError(f"{name} answered {status}", cause="dependency:provider", needs_operator=True)
        case ModelHTTPError(status_code=status):
            reason = f"answered {status}"
        case TimeoutError():
            reason = "did not answer in time"
        case ModelAPIError():
            reason = "could not be reached"
        case UnreadableAnswer():
            return Refused(f"{name} gave no usable answer", retryable=True, cause="dependency:provider")
        case ContentFilterError():
            return Refused(f"{name} refused the text", retryable=False, cause="input")
        case _:
            return Refused(f"{name} gave no usable answer", retryable=True)
    return PipelineError(f"{name} {reason}", retryable=is_transient(failure), cause="dependency:provider")


class CallLimit:
    """The one way out to a provider, shared by every call of an engine."""

    def __init__(
        self,
        concurrency: int,
        patience: Patience | None = None,
        pace: RateLimit | None = None,
        notify: Notify = ignore,
        watch: Watch = watch_nothing,
    ) -> None:
        self.patience = patience or Patience()
        self.notify = notify
        self._watch = watch
        self._slots = asyncio.Semaphore(concurrency)
        self._pace = pace or Unpaced()

    async def request(self, call: Call, send: Callable[[], Awaitable[T]]) -> T:
        """Send until it is answered or hopeless; raises what the last try raised."""
        attempt = 0
        while True:
            attempt += 1
            try:
                answer = await self._send_once(call, send)
            except (AgentRunError, TimeoutError) as failure:
                wait = wait_before_retry(failure, attempt, self.patience, self.patience.draw())
                self.notify("failure" if wait is None else "retry", 1)
                if wait is None:
                    raise
                await self.patience.sleep(wait)
            else:
                self.notify("call", 1)
                return answer

    async def _send_once(self, call: Call, send: Callable[[], Awaitable[T]]) -> T:
        async with self._slots:
            await self._pace.acquire()
            with self._watch(call):
                async with asyncio.timeout(self.patience.call_seconds):
                    return await send()
