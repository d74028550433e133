"""Both homes of the flags behind one face, so that one suite runs over the file and over a real Unleash server."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from flags.control import FlagControl, open_control
from flags.file.source import FileSource
from flags.last_known.snapshot import Traits
from flags.source import FlagSource
from flags.unleash.api import Endpoint
from flags.unleash.source import PollTiming, UnleashSource
from tests.unleash_server import ADMIN_TOKEN, CLIENT_TOKEN, UnleashServer

NEVER = 3600.0  # seconds between looks: what is seen then was seen by `refresh`
ANSWER_SECONDS = 8.0  # a real server on a busy machine takes seconds; one that is frozen is waited for so long
OFTEN = 0.05


@dataclass(slots=True)
class Home:
    """Where flags are kept, with ways to break it."""

    name: str
    data_dir: Path
    control: FlagControl
    server: UnleashServer | None
    traits: Traits = field(default_factory=Traits)

    def source(self, seconds: float = OFTEN) -> FlagSource:
        """A source that is not started; it looks every so many seconds."""
        backups = self.data_dir / "last-known-flags"
        if self.server is None:
            return FileSource(self.data_dir / "flags.json", backups, self.traits, look_seconds=seconds)
        endpoint = Endpoint(self.server.url, CLIENT_TOKEN, timeout_seconds=ANSWER_SECONDS)
        return UnleashSource(endpoint, backups, self.traits, PollTiming(poll=seconds, first_wait=2.5))

    def break_down(self) -> None:
        """Make the flags unreadable: half a file, or a server that accepts and never answers."""
        if self.server is None:
            (self.data_dir / "flags.json").write_text('{"version": 2, "features": [')
        else:
            self.server.freeze()

    def mend(self, good: str) -> None:
        """Make them readable again."""
        if self.server is None:
            (self.data_dir / "flags.json").write_text(good)
        else:
            self.server.thaw()

    def saved(self) -> str:
        """What `mend` needs to put back."""
        return (self.data_dir / "flags.json").read_text() if self.server is None else ""


@pytest.fixture(params=["file", pytest.param("unleash", marks=pytest.mark.unleash)])
async def home(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Home]:
    """Both flags exist and are at 0 %."""
    async with AsyncExitStack() as stack:
        server: UnleashServer | None = None
        if request.param == "unleash":
            server = request.getfixturevalue("unleash_server")
            server.forget_flags()
            stack.callback(server.thaw)
        control = open_control(
            data_dir=tmp_path,
            unleash_url=server.url if server else None,
            admin_token=ADMIN_TOKEN if server else None,
            timeout_seconds=ANSWER_SECONDS,
        )
        stack.push_async_callback(control.close)
        await control.init()
        yield Home(request.param, tmp_path, control, server)


@pytest.fixture
async def source(home: Home) -> AsyncIterator[FlagSource]:
    """A started source that only looks when it is told to."""
    opened = home.source(NEVER)
    await opened.start()
    yield opened
    await opened.stop()


def read_file(home: Home) -> dict[str, object]:
    """The flag file as JSON."""
    document: dict[str, object] = json.loads((home.data_dir / "flags.json").read_text())
    return document
