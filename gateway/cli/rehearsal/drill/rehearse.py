"""`gateway drill rollback`: sets the stage in a scratch folder, plays, reports, and clears up."""

import asyncio
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from flags.control import open_control
from gateway.cli.database import existing_database
from gateway.cli.rehearsal.drill.fault import Fault
from gateway.cli.rehearsal.drill.judge import Measured, judge
from gateway.cli.rehearsal.drill.play import CROWD, Drill
from gateway.cli.rehearsal.drill.scene import Scene, open_scene
from gateway.cli.rehearsal.invented_users.cast import Cast, make_user_ids, write_files
from gateway.cli.rehearsal.invented_users.chatgpt import make_exports
from gateway.cli.rehearsal.roles import Roles, find_roles
from gateway.cli.rehearsal.stage.screen import Screen
from gateway.exports import open_exports
from gateway.rollout.changes import build_changes

PEOPLE = range(1, 7)
HISTORY_ENDS = datetime(2026, 1, 1, tzinfo=UTC)


def rehearse(screen: Screen, crowd: int = CROWD, fault: Fault = "raise") -> tuple[Measured, list[str]]:
    """What was measured, and what did not hold. The folder stays when something did not.

    Raises DemoError and NoCandidate.
    """
    roles, started = find_roles(), time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="gateway-drill-"))
    wrong = ["it did not come to an end"]
    try:
        with open_scene(folder, roles) as scene:
            screen.say(f"two processes are ready after {time.monotonic() - started:.1f} s, everything in {folder}")
            measured = asyncio.run(_play(scene, roles, screen, crowd, fault))
        wrong = judge(measured, roles)
        return measured, wrong
    finally:
        if wrong:
            screen.say(f"{folder} is kept, with server/server.log and worker/server.log")
        else:
            shutil.rmtree(folder, ignore_errors=True)
            screen.say(f"{time.monotonic() - started:.0f} s in all")


async def _play(scene: Scene, roles: Roles, screen: Screen, crowd: int, fault: Fault) -> Measured:
    settings = scene.server.settings()
    exports = make_exports(PEOPLE, HISTORY_ENDS)
    files = write_files(exports, scene.server.folder / "people")
    control = open_control(data_dir=settings.data_dir, versions=roles.versions)
    try:
        async with existing_database(settings) as database, open_exports(settings) as store:
            cast = Cast(store, exports, files, make_user_ids(1))
            changes = build_changes(settings, database, control)
            return await Drill(scene, roles, database, control, changes, cast, screen, crowd, fault).play()
    finally:
        await control.close()
