"""`gateway demo`: sets the stage in a fresh folder, plays the acts, and clears up."""

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
from gateway.cli.rehearsal.demo.report import (
    comparison_lines,
    data_lines,
    fact_lines,
    guard_lines,
    jobs_lines,
    profile_lines,
    time_line,
)
from gateway.cli.rehearsal.drill.play import Drill
from gateway.cli.rehearsal.drill.scene import Scene, open_scene
from gateway.cli.rehearsal.invented_users.cast import Cast, make_user_ids, write_files
from gateway.cli.rehearsal.invented_users.chatgpt import make_exports
from gateway.cli.rehearsal.roles import Roles, find_roles
from gateway.cli.rehearsal.stage.screen import Screen
from gateway.cli.rehearsal.stage.server import DemoError, Server
from gateway.exports import open_exports
from gateway.rollout.changes import build_changes
from gateway.server.console_access import make_token

PEOPLE = 12
HISTORY_ENDS = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """How big the rehearsal is."""

    users: int = 60  # for each dial, and for the fall
    seed: int = 1
    keep: bool = False


def rehearse(plan: Plan, console: Console) -> list[str]:
    """Play it all; returns what did not hold. The folder stays when something did not, or when asked to keep it.

    Raises NoCandidate, and DemoError when a process does not get ready.
    """
    screen, started = Screen(console), time.monotonic()
    roles = find_roles()
    folder = Path(tempfile.mkdtemp(prefix="gateway-demo-"))
    token = make_token()
    with open_scene(folder, roles, {"OPERATOR_TOKEN": token, "CONSOLE_NAME": "demo"}) as scene:
        screen.say(f"Ready after {time.monotonic() - started:.1f} s, everything in {folder}")
        wrong = asyncio.run(_play(plan, scene, roles, screen))
        for sentence in wrong:
            screen.say(f"did not hold: {sentence}")
        screen.say(f"\n{'Not everything' if wrong else 'Everything'} held. {time.monotonic() - started:.0f} s in all.")
        if plan.keep:
            scene.mend_candidate()
            _keep(scene.server, screen, token)
    if wrong or plan.keep:
        screen.say(f"{folder} is kept, with server/server.log and worker/server.log")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return wrong


async def _play(plan: Plan, scene: Scene, roles: Roles, screen: Screen) -> list[str]:
    settings = scene.server.settings()
    exports = make_exports(range(plan.seed, plan.seed + PEOPLE), HISTORY_ENDS)
    files = write_files(exports, scene.server.folder / "people")
    control = open_control(data_dir=settings.data_dir, versions=roles.versions)
    try:
        async with existing_database(settings) as database, open_exports(settings) as store:
            cast = Cast(store, exports, files, make_user_ids(plan.seed))
            changes = build_changes(settings, database, control)
            play = Play(scene.server, roles, changes, Observer(database), cast, screen)
            drill = Drill(scene, roles, database, control, changes, cast, screen)
            return await _acts(plan, play, drill)
    finally:
        await control.close()


async def _acts(plan: Plan, play: Play, drill: Drill) -> list[str]:
    """The story in six acts."""
    screen, stable, candidate = play.screen, play.roles.stable, play.roles.candidate
    screen.act(1, "Ramp", f"New users come, invented ones with known facts, while the dial of {candidate} goes up.")
    stages, upload = await play.ramp(plan.users)
    screen.say_all(fact_lines(stages, play.roles))
    screen.say(time_line(stages, play.roles))
    result = await play.observer.result(upload.user_id)
    screen.say_all(profile_lines(upload.user_id, result, upload.export.person))

    screen.act(2, "Compare", "Is it better? Both versions read the same exports; equal runs show what is noise.")
    compared, report = await play.compare()
    screen.say_all(comparison_lines(compared, report))

    screen.act(
        3, f"{candidate} breaks", "From now on each of its runs fails, while a ramp turns it up and nobody looks."
    )
    returning = await drill.make_results()
    fall = await drill.fall()
    measured = await drill.put_right(returning, fall)

    screen.act(4, "The guard pulls", "Users are counted once, and a look at any time is a fair look.")
    screen.say_all(guard_lines(measured, play.roles))
    screen.act(5, "Nothing is lost", f"Whoever waited for {candidate} got {stable} instead.")
    screen.say_all(jobs_lines(measured, play.roles))
    screen.act(6, "Users' data is back", "One command restores what they saw before.")
    screen.say_all(data_lines(measured, play.roles))
    return judge(stages, compared, measured, play.roles)


def _keep(server: Server, screen: Screen, token: str) -> None:
    """Leave it serving until Ctrl-C."""
    based = "" if server.base == BASELINE else f" BASE_PIPELINE={server.base}"
    screen.say(
        f"\nStill serving at {server.url}.\n"
        f"Console: {server.url}/console\n"
        f"  token: {token}\n"
        "Or try, in another terminal:\n"
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
