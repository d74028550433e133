"""`gateway demo`: sets the stage in a fresh folder, plays the rehearsal, reports, and clears up."""

import asyncio
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from flags.control import open_control
from flags.model import BASELINE
from gateway.cli.database import existing_database
from gateway.cli.rehearsal.demo.judge import judge
from gateway.cli.rehearsal.demo.observer import Observer
from gateway.cli.rehearsal.demo.play import Play
from gateway.cli.rehearsal.demo.report import print_sample, print_summary
from gateway.cli.rehearsal.demo.screen import Screen
from gateway.cli.rehearsal.demo.server import DemoError, Server, start_server
from gateway.cli.rehearsal.invented_users.cast import Cast, make_user_ids, write_files
from gateway.cli.rehearsal.invented_users.chatgpt import make_exports
from gateway.cli.rehearsal.roles import Roles, find_roles
from gateway.exports import open_exports

PEOPLE = 12
HISTORY_ENDS = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """How big the rehearsal is."""

    users: int = 100  # for each dial
    seed: int = 1
    keep: bool = False


def rehearse(plan: Plan, console: Console) -> list[str]:
    """Play it all; returns what did not hold. The folder stays when something did not, or when asked to keep it.

    Raises NoCandidate, and DemoError when the server does not get ready.
    """
    roles = find_roles()
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="gateway-demo-"))
    screen = Screen(console)
    server = start_server(folder, environment=roles.settings)
    try:
        screen.say(f"gateway ready at {server.url} after {server.ready_after_seconds:.1f} s, everything in {folder}")
        wrong = asyncio.run(_play(plan, server, roles, screen))
        for sentence in wrong:
            screen.say(f"did not hold: {sentence}")
        screen.say(f"{'Not everything' if wrong else 'Everything'} held. {time.monotonic() - started:.0f} s in all.")
        if plan.keep:
            _keep(server, screen)
    finally:
        server.stop()
    if wrong or plan.keep:
        screen.say(f"{folder} is kept, with server.log")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return wrong


async def _play(plan: Plan, server: Server, roles: Roles, screen: Screen) -> list[str]:
    settings = server.settings()
    exports = make_exports(range(plan.seed, plan.seed + PEOPLE), HISTORY_ENDS)
    files = write_files(exports, server.folder / "people")
    sizes = [export.conversation_count for export in exports]
    screen.say(f"{len(exports)} invented people, {min(sizes)} to {max(sizes)} conversations each")
    async with existing_database(settings) as database, open_exports(settings) as store:
        cast = Cast(store, exports, files, make_user_ids(plan.seed))
        control = open_control(data_dir=settings.data_dir, versions=roles.versions)
        play = Play(server, roles, control, Observer(database), cast, screen)
        stages, upload = await play.ramp(plan.users)
        print_sample(screen.console, upload.user_id, await play.observer.result(upload.user_id), upload.export.person)
        rollback = await play.rollback(in_flight=plan.users // 2, afterwards=plan.users // 2)
        print_summary(screen.console, stages, rollback, roles)
    return judge(stages, rollback, roles)


def _keep(server: Server, screen: Screen) -> None:
    """Leave it serving until Ctrl-C."""
    based = "" if server.base == BASELINE else f" BASE_PIPELINE={server.base}"
    screen.say(
        f"\nStill serving at {server.url}. Try, in another terminal:\n"
        f'  cd {server.folder} && export PORT={server.port}{based} PATH="{Path(sys.executable).parent}:$PATH"\n'
        "  gateway rollout show\n"
        "  gateway rollout on && gateway rollout set 50\n"
        f"  gateway submit people/export-03.json --user someone-new\n"
        "  gateway jobs list\n"
        f"  curl {server.url}/ready\n"
        f"  curl {server.url}/metrics\n"
        "Ctrl-C stops it."
    )
    try:
        server.process.wait()
    except KeyboardInterrupt:
        screen.say("stopping")
    else:
        raise DemoError("the server ended by itself")
