"""Runbooks followed word for word, each in the outage that it is for: every command of a page is run, and it helps."""

from collections.abc import Iterator

import pytest

from tests.runbooks.deployment import Deployment, Terminal, wait_for
from tests.runbooks.page import ANY_JOB, Page

pytestmark = [pytest.mark.scene, pytest.mark.slow, pytest.mark.timeout(600)]

FAILING = "GatewayV2Failing"


@pytest.fixture(scope="module")
def worked(deployment: Deployment) -> Iterator[Deployment]:
    """A worker for all outages but the first, whose v2 breaks when it is told to."""
    with deployment.breakable_worker():
        yield deployment


@pytest.fixture
def breakable(worked: Deployment, terminal: Terminal) -> Iterator[Deployment]:
    """Everybody on v2; afterwards nothing is broken or overridden any more."""
    terminal.gateway("rollout", "on")
    terminal.gateway("rollout", "set", "100")
    worked.wait_for_dial(100)
    yield worked
    worked.broken.switch.unlink(missing_ok=True)
    terminal.gateway("rollout", "on", "--local")


def test_nobody_runs_jobs(deployment: Deployment, terminal: Terminal) -> None:
    """GatewayNoWorker and GatewayQueueOld: what waits is shown, what is not wanted goes, a worker does the rest."""
    users = deployment.send(2)
    with Page("GatewayNoWorker", terminal) as no_worker, Page("GatewayQueueOld", terminal) as queue_old:
        no_worker.does("curl -s http://127.0.0.1:10001/ready", code=7)  # nobody listens
        assert "up to date" in no_worker.does("gateway migrate --check").out
        waiting = queue_old.does("gateway jobs list --status pending --limit").out
        assert all(user.user_id in waiting for user in users)
        assert users[0].user_id not in queue_old.does("gateway jobs list --status processing").out
        queue_old.does("gateway jobs list --status pending --user")
        unwanted = terminal.jobs("--user", users[1].user_id)[0]["id"]
        queue_old.does("gateway jobs cancel", unwanted)
        queue_old.does("gateway rollout shadow 0")
        for page in (no_worker, queue_old):
            page.left.remove("gateway worker")  # runs until it is stopped: beside us, not in our place
        with deployment.plain_worker():
            assert [job["status"] for job in terminal.ended(users[:1])] == ["complete"]
            assert terminal.jobs("--user", users[1].user_id)[0]["status"] == "cancelled"


def test_jobs_hang(breakable: Deployment, terminal: Terminal) -> None:
    """GatewayJobsHang: one is cancelled, the version is turned off, and the others run again as v1."""
    breakable.broken.turn_on("hang")
    users = breakable.send(2)
    wait_for("both run", lambda: len(terminal.jobs("--status", "processing", "--pipeline", "v2")) == len(users))
    cancelled, other = (terminal.jobs("--user", user.user_id)[0]["id"] for user in users)
    with Page("GatewayJobsHang", terminal) as page:
        processing = page.does("gateway jobs list --status processing").out
        assert cancelled in processing
        assert other in processing
        page.does("gateway jobs cancel", cancelled)
        wait_for("it ends", lambda: terminal.jobs("--user", users[0].user_id)[0]["status"] == "cancelled")
        page.does("gateway rollout off --why")
        (job,) = terminal.ended(users[1:])
        assert (job["id"], job["status"], job["pipeline"]) == (other, "complete", "v1")
        assert other not in page.does("gateway jobs list --pipeline v2 --status processing").out


def test_the_candidate_fails(breakable: Deployment, terminal: Terminal) -> None:
    """The page of a failing candidate, and GatewayJobFailures: off, look, and run again what failed."""
    breakable.broken.turn_on("raise")
    users = breakable.send(2)
    first, second = (job["id"] for job in terminal.ended(users))
    with Page(FAILING, terminal) as failing, Page("GatewayJobFailures", terminal) as failures:
        failing.only_names("gateway rollout promote")  # when a version is not on trial any more
        failing.does("gateway rollout off --why")
        failing.does("gateway rollout off --local")
        assert "overridden: nobody" in failing.does("gateway rollout show").out
        assert first not in failing.does("gateway jobs list --pipeline v2 --status processing").out
        for page, listing in (
            (failing, "gateway jobs list --pipeline v2 --status failed"),
            (failures, "gateway jobs list"),
        ):
            found = page.does(listing).out
            assert first in found
            assert second in found
        assert "broken on purpose" in failures.does("gateway jobs show", first).out
        every = "gateway jobs retry --all --status failed --cause pipeline --since 24h"
        assert "2 jobs would begin anew: 2 v1; 2 of them had another" in failures.does(f"{every} --dry-run").out
        failing.does("gateway jobs retry", first)
        failures.does(f"gateway jobs retry {ANY_JOB}", second)
        assert "0 jobs would begin anew" in failures.does(every).out
        assert {(job["status"], job["pipeline"]) for job in terminal.ended(users)} == {("complete", "v1")}
        failing.does("gateway shadow report")
        failing.does("gateway rollback --restore-data --dry-run")


def test_flags_cannot_be_read(breakable: Deployment, terminal: Terminal) -> None:
    """GatewayFlagsStale and GatewayOverrideActive: rolled back without the flags, and later by them."""
    good = breakable.flags.read_text()
    breakable.flags.write_text("{")
    wait_for("the error", lambda: breakable.flags_seen()["error"] is not None)
    with Page("GatewayFlagsStale", terminal) as stale:
        assert '"error"' in stale.does("curl -s http://127.0.0.1:10000/ready").out
        shown = stale.does("gateway rollout show", code=None)
        assert "flags.json is broken" in shown.out + shown.err
        stale.does("gateway rollout off --local --why")
    breakable.wait_for_dial(0)
    assert [job["pipeline"] for job in terminal.ended(breakable.send(1))] == ["v1"]
    breakable.flags.write_text(good)
    wait_for("good flags", lambda: breakable.flags_seen()["error"] is None)
    with Page("GatewayOverrideActive", terminal) as override:
        override.only_names("gateway rollout off --local")  # what happened, not what to do
        assert "the flag server is away" in override.does("gateway rollout show").err
        assert "the flag server is away" in override.does("gateway rollout history").out
        override.does("gateway rollout set 0")
        override.does("gateway rollout on --local")
    breakable.wait_for_dial(0)


def test_roll_back_now(breakable: Deployment, terminal: Terminal) -> None:
    """Five lines: users get v1, and what v2 made of their data is put back to what v1 had made."""
    terminal.gateway("rollout", "set", "0")
    breakable.wait_for_dial(0)
    users = breakable.send(1)
    assert [job["pipeline"] for job in terminal.ended(users)] == ["v1"]
    terminal.gateway("rollout", "set", "100")
    breakable.wait_for_dial(100)
    breakable.send_again(users)
    assert [(job["status"], job["pipeline"]) for job in terminal.ended(users)] == [("complete", "v2")]
    with Page("roll-back-now", terminal) as page:
        page.does("gateway rollout off --all --why")
        page.does("gateway rollout off --local --why")
        assert "overridden: nobody" in page.does("gateway rollout show").out
        page.does("gateway rollback --restore-data --dry-run")
        assert terminal.gateway("result", users[0].user_id, "--json").json["pipeline"] == "v2"
        assert terminal.gateway("rollback", "--restore-data").code == 0  # "then without --dry-run"
        assert terminal.gateway("result", users[0].user_id, "--json").json["pipeline"] == "v1"
        page.does("gateway rollout on")
        page.does("gateway rollout on --local")
    breakable.wait_for_dial(100)
