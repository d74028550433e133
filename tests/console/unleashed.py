"""A gateway with the console over a real Unleash server and a Postgres of its own: each can be taken away."""

import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from flags.model import V2_FLAG, Rollout, Versions
from gateway.database.embedded_postgres import EmbeddedPostgres
from gateway.database.migrations import migrate
from gateway.database.pool import open_database
from gateway.rollout.control import build_control
from gateway.rollout.history import By
from gateway.rollout.override import lift_override
from tests.conftest import FAST_AND_UNSAFE, settings_for
from tests.console.served import Served, serve
from tests.gateway.rollout.conftest import eventually
from tests.unleash_server import ADMIN_TOKEN, CLIENT_TOKEN, UnleashServer

HOME = f"/api/admin/projects/default/features/{V2_FLAG}/environments/development"
PASSWORD = "Correct-horse-9-battery"
USER = "petra"


@dataclass(frozen=True, slots=True)
class Unleashed:
    """All three, running."""

    served: Served
    unleash: UnleashServer
    postgres: EmbeddedPostgres

    async def quarter(self) -> Rollout:
        """A quarter of users get v2, two are called by name, nothing overrides it; what the flags say then."""
        services = self.served.gateway.services
        by = By("op-2", "cli", "test")
        await eventually(lambda: services.flags.state().healthy)
        await lift_override(services.database.pool, by)
        await services.steering.watch.look()
        for work in (
            lambda control: control.turn_on(),
            lambda control: control.set_percent(25),
            lambda control: control.force("ann", "v2"),
            lambda control: control.force("bob", "v1"),
        ):
            made = await services.steering.changes.make(by, work)
        await eventually(lambda: services.flags.state().rollout == made.after)
        await eventually(lambda: services.steering.watch.caught_up)
        return made.after

    async def flags(self) -> Rollout:
        """As Unleash has them."""
        return await self.served.gateway.services.steering.changes.read()

    def turn_in_unleash(self, percent: int) -> None:
        """Somebody who is logged in to Unleash's own pages saves another percentage there."""
        with httpx.Client(base_url=self.unleash.url, timeout=180) as browser:
            log_in = browser.post("/auth/simple/login", json={"username": USER, "password": PASSWORD})
            log_in.raise_for_status()
            strategies = browser.get(f"{HOME}/strategies").raise_for_status().json()
            (strategy,) = [one for one in strategies if one["parameters"]["rollout"] != "100"]  # that of no named user
            edit: list[dict[str, Any]] = [{"op": "replace", "path": "/parameters/rollout", "value": str(percent)}]
            browser.patch(f"{HOME}/strategies/{strategy['id']}", json=edit).raise_for_status()


def add_user(unleash: UnleashServer) -> None:
    """A person with an account there, and the role of an editor."""
    person = {"username": USER, "name": USER, "password": PASSWORD, "rootRole": 2, "sendEmail": False}
    with unleash.admin() as admin:
        admin.post("/user-admin", json=person).raise_for_status()


@asynccontextmanager
async def serve_unleashed(unleash: UnleashServer) -> AsyncIterator[Unleashed]:
    """Until the block ends."""
    unleash.forget_flags()
    add_user(unleash)
    with tempfile.TemporaryDirectory(prefix=f"soulprint-{uuid.uuid4().hex[:6]}-", ignore_cleanup_errors=True) as name:
        postgres = EmbeddedPostgres(Path(name) / "pg", FAST_AND_UNSAFE)
        postgres.start()
        names = {"unleash_url": unleash.url, "unleash_api_token": CLIENT_TOKEN, "unleash_admin_token": ADMIN_TOKEN}
        pace = {"unleash_poll_seconds": 0.5, "unleash_timeout_seconds": 5.0, "database_timeout_seconds": 2.0}
        settings = settings_for(postgres.url, **names)
        database = await open_database(settings)
        await migrate(database)
        await database.close()
        control = build_control(settings, Versions.known(["v1", "v2"]))
        assert control is not None
        await control.init()
        await control.close()
        try:
            async with serve(postgres.url, Path(name) / "data", **names, **pace) as served:
                yield Unleashed(served, unleash, postgres)
        finally:
            postgres.stop_server("immediate")
            postgres.close()
