"""`/console/stream`: tells open pages that something changed, and that they are still connected; nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from gateway.services import Services
from gateway.web.console.limits import OpenStreams
from gateway.web.console.parts import console_of

LOOK_SECONDS: Final = 0.25
BEAT_SECONDS: Final = 5.0

router = APIRouter()


@router.get("/console/stream")
async def stream(request: Request) -> Response:
    """Events until the page closes, or the process stops."""
    console = console_of(request)
    if not console.streams.take():
        return Response(status_code=503, headers={"Retry-After": "30"})
    events = tell_changes(
        lambda: state_mark(console.services),
        request.state.stopping,
        resumes="last-event-id" in request.headers,
    )
    return StreamingResponse(counted(events, console.streams), media_type="text/event-stream")


async def counted(events: AsyncIterator[str], streams: OpenStreams) -> AsyncIterator[str]:
    """The events; their end gives the place back."""
    try:
        async for event in events:
            yield event
    finally:
        streams.give_back()


async def tell_changes(
    mark: Callable[[], object], stopping: Callable[[], bool], *, resumes: bool
) -> AsyncIterator[str]:
    """`changed` whenever the mark is another one, and at once to a page that was away; `beat` every five seconds."""
    known, number, silent = mark(), 1, 0.0
    yield "retry: 1000\n\n"
    yield event("changed" if resumes else "beat", number)
    while not stopping():
        await asyncio.sleep(LOOK_SECONDS)
        silent += LOOK_SECONDS
        if (now := mark()) != known:
            known, number, silent = now, number + 1, 0.0
            yield event("changed", number)
        elif silent >= BEAT_SECONDS:
            silent = 0.0
            yield event("beat", number)


def event(name: str, number: int) -> str:
    """One event."""
    return f"event: {name}\nid: {number}\ndata: {number}\n\n"


def state_mark(services: Services) -> object:
    """Changes whenever a page would show something else of the rollout; from memory."""
    state, last = services.flags.state(), services.steering.watch.last_change
    return (state.revision, state.known, state.usable, state.dial, state.override, state.versions, last and last.id)
