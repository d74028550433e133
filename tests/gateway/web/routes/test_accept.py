"""Accepting: one transaction, one job however often it is asked for, and nothing promised that is not committed."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from psycopg.conninfo import conninfo_to_dict

from flags.model import Decision
from gateway.config.settings import Settings
from gateway.database.embedded_postgres import SOCKET_NAME, EmbeddedPostgres
from gateway.errors import Refused, Unavailable
from gateway.jobs.accept.accepter import BATCH_ROWS, Accepter
from gateway.jobs.accept.rows import NewJob, request_key
from gateway.jobs.accept.waiting import Accepted
from tests.conftest import settings_for
from tests.fakes.database_proxy import DatabaseProxy
from tests.live_gateway import LiveGateway, running_gateway

FLAG = Decision("v1", "flag", 0.0, "rev")


def new_job(user_id: str = "u", path: str = "user-imports/u/raw.json", inline: bytes | None = None) -> NewJob:
    """A job for a stored export, unless `inline` brings it along."""
    stored = None if inline else path
    return NewJob(
        str(uuid.uuid4()), user_id, stored, 1, 2, FLAG, pinned=False, request_key=request_key(path), inline=inline
    )


async def test_fifty_identical_requests_at_once_are_one_job(gateway: LiveGateway) -> None:
    body = {"user_id": "u", "storage_path": "user-imports/u/raw.json"}
    answers = await asyncio.gather(*(gateway.post(body) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["job_id"] for answer in answers}) == 1
    assert len(await gateway.jobs()) == len(await gateway.queued()) == 1


async def test_identical_requests_to_several_processes_are_one_job(settings: Settings) -> None:
    async with running_gateway(settings) as one, running_gateway(settings) as other:
        body = {"user_id": "u", "storage_path": "user-imports/u/raw.json"}
        answers = await asyncio.gather(*(gateway.post(body) for _ in range(20) for gateway in (one, other)))
        assert len({answer.json()["job_id"] for answer in answers}) == 1
        assert len(await one.jobs()) == len(await one.queued()) == 1


async def test_requests_that_arrive_together_share_commits_and_each_gets_its_own_job(gateway: LiveGateway) -> None:
    bodies = [{"user_id": f"u{n}", "storage_path": f"user-imports/u{n}/raw.json"} for n in range(64)]
    answers = await asyncio.gather(*(gateway.post(body) for body in bodies))
    by_user = {job["user_id"]: job["job_id"] for job in await gateway.jobs()}
    assert {answer.json()["user_id"]: answer.json()["job_id"] for answer in answers} == by_user
    assert len(by_user) == 64
    assert gateway.counted("gateway_accept_batch_rows_count") < 64


@pytest.fixture
async def accepter(gateway: LiveGateway) -> Accepter:
    """The gateway's own accepter."""
    return gateway.services.accepter


async def test_one_poisoned_request_does_not_fail_its_batch(gateway: LiveGateway, accepter: Accepter) -> None:
    jobs = [new_job("good-1"), new_job("bad\0user"), new_job("good-2")]
    answers = await asyncio.gather(*(accepter.accept(job) for job in jobs), return_exceptions=True)
    assert isinstance(answers[1], Refused)
    assert [type(answer) for answer in (answers[0], answers[2])] == [Accepted, Accepted]
    assert [job["user_id"] for job in await gateway.jobs()] == ["good-1", "good-2"]


@pytest.mark.parametrize("inline", [None, b"[{}]"])
@pytest.mark.parametrize("broken", ["processing_jobs", "procrastinate_jobs"])
async def test_job_and_queue_entry_are_written_together_or_not_at_all(
    gateway: LiveGateway, accepter: Accepter, broken: str, inline: bytes | None
) -> None:
    await cut_connection_after_insert(gateway, broken)
    with pytest.raises(Unavailable):
        await accepter.accept(new_job(inline=inline))
    assert await gateway.jobs() == []
    assert await gateway.queued() == []
    assert await gateway.rows("select 1 from gateway.job_inputs") == []


async def cut_connection_after_insert(gateway: LiveGateway, table: str) -> None:
    """From now on, whoever inserts into the table loses the connection right then."""
    async with gateway.services.database.pool.connection() as connection:
        await connection.execute(
            "create function cut() returns trigger language plpgsql as "
            "$$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$"
        )
        await connection.execute(f"create trigger cut after insert on {table} execute function cut()")


async def test_lost_answer_of_a_commit_is_found_again(gateway: LiveGateway, accepter: Accepter) -> None:
    job = new_job()
    first = await accepter.accept(job)
    again = await accepter.accept(job)  # as the second try after a broken connection does
    assert first == again == Accepted(job.job_id, "v1", joined=False)
    assert len(await gateway.jobs()) == len(await gateway.queued()) == 1


async def test_connection_that_was_cut_between_requests_is_replaced(gateway: LiveGateway) -> None:
    for n in range(3):
        body = {"user_id": f"u{n}", "storage_path": f"user-imports/u{n}/raw.json"}
        assert (await gateway.post(body)).status_code == 200
        await gateway.rows(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where application_name = 'soulprint-gateway accept' and datname = current_database()"
        )
    assert len(await gateway.jobs()) == 3


async def test_idle_connections_that_were_all_cut_refuse_nothing(gateway: LiveGateway, accepter: Accepter) -> None:
    await asyncio.gather(*(accepter.accept(new_job(f"u{n}")) for n in range(2 * BATCH_ROWS)))
    cut = await gateway.rows(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where application_name = 'soulprint-gateway accept' and datname = current_database()"
    )
    assert len(cut) > 1
    await accepter.accept(new_job("one more"))


@pytest.mark.usefixtures("large_exports_have_time")
async def test_a_large_export_on_its_way_holds_up_nobody_else_and_its_own_user_no_longer_than_a_hanging_database(
    gateway: LiveGateway, accepter: Accepter
) -> None:
    async with gateway.services.database.pool.connection() as holding:
        await holding.execute(
            "create function wait_for_test() returns trigger language plpgsql as "
            "$$ begin perform pg_advisory_xact_lock(77); return new; end $$"
        )
        await holding.execute(
            "create trigger wait_for_test before insert on gateway.job_inputs "
            "for each row execute function wait_for_test()"
        )
        await holding.execute("select pg_advisory_lock(77)")
        large = asyncio.create_task(accepter.accept(new_job("ann", "large", inline=b"[]" + b" " * 60_000_000)))
        await until_locked(gateway)
        behind = asyncio.create_task(accepter.accept(new_job("ann", "small")))
        await asyncio.sleep(0)  # it waits, alone, for the large one
        try:
            assert isinstance(await accepter.accept(new_job("bob")), Accepted)
            with pytest.raises(Unavailable):
                await behind
            assert not large.done()
        finally:
            await holding.execute("select pg_advisory_unlock(77)")
            await asyncio.gather(large, behind, return_exceptions=True)
    assert isinstance(await accepter.accept(new_job("ann", "small")), Accepted)
    assert [job["user_id"] for job in await gateway.jobs()].count("bob") == 1


async def until_locked(gateway: LiveGateway) -> None:
    """Until the large export's statement waits."""
    async with asyncio.timeout(180):
        while not await gateway.rows("select 1 from pg_locks where locktype = 'advisory' and not granted"):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


@pytest.fixture
async def proxy(
    postgres: EmbeddedPostgres, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[DatabaseProxy]:
    """Before the test's database, so that it can hang or be away."""
    name = conninfo_to_dict(database_url)["dbname"]
    target = postgres.socket_folder / SOCKET_NAME
    async with DatabaseProxy(tmp_path_factory.mktemp("p"), target, str(name)) as between:
        yield between


@pytest.fixture
async def shaky(proxy: DatabaseProxy, tmp_path: Path) -> AsyncIterator[LiveGateway]:
    """A gateway whose database is behind the proxy."""
    async with running_gateway(settings_for(proxy.url, data_dir=tmp_path)) as running:
        yield running
        proxy.resume()


async def post_two(gateway: LiveGateway, **more: object) -> list[httpx.Response]:
    """Two users' requests at once; both answered within two seconds and a little, whatever is wrong."""
    async with asyncio.timeout(2.5):
        return await asyncio.gather(
            *(gateway.post({"user_id": f"u{n}", "storage_path": f"user-imports/u{n}/raw.json", **more}) for n in (1, 2))
        )


def assert_unavailable(answers: list[httpx.Response]) -> None:
    """503, a detail, and when to come again."""
    for answer in answers:
        assert (answer.status_code, list(answer.json())) == (503, ["detail"])
        assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("more", [{}, {"storage_path": None, "conversations": [{"id": "c"}]}])
async def test_database_away_means_503_and_the_next_request_after_it_is_accepted(
    shaky: LiveGateway, proxy: DatabaseProxy, more: dict[str, object]
) -> None:
    await proxy.go_away()
    assert_unavailable(await post_two(shaky, **more))
    assert (await shaky.client.get("/ready")).status_code == 503
    await proxy.come_back()
    if more:  # an export that travels along takes a connection of the pool, which asks for a new one every so often
        async with asyncio.timeout(180):
            while (await shaky.client.get("/ready")).status_code != 200:
                pass
    assert [answer.status_code for answer in await post_two(shaky, **more)] == [200, 200]
    assert len(await shaky.jobs()) == len(await shaky.queued()) == 2


@pytest.mark.parametrize("more", [{}, {"storage_path": None, "conversations": [{"id": "c"}]}])
async def test_database_that_hangs_means_503_within_two_seconds(
    shaky: LiveGateway, proxy: DatabaseProxy, more: dict[str, object]
) -> None:
    assert (await post_two(shaky))[0].status_code == 200
    await shaky.rows("delete from processing_jobs returning 1")
    proxy.hang()
    assert_unavailable(await post_two(shaky, **more))
    assert_unavailable(await post_two(shaky, **more))  # also behind a batch that hangs
    proxy.resume()
    assert [answer.status_code for answer in await post_two(shaky, **more)] == [200, 200]
    assert shaky.counted("gateway_accepts_refused_total", reason="database") == 4


async def test_full_queue_means_503_with_retry_after_but_repeats_still_join(database_url: str, tmp_path: Path) -> None:
    limited = settings_for(database_url, data_dir=tmp_path, queue_limit=2)
    async with running_gateway(limited) as gateway:
        bodies = [{"user_id": f"u{n}", "storage_path": f"user-imports/u{n}/raw.json"} for n in range(3)]
        first, second, third = [await gateway.post(body) for body in bodies]
        assert (first.status_code, second.status_code) == (200, 200)
        assert_unavailable([third])
        assert "waiting" in third.json()["detail"]
        repeat = await gateway.post(bodies[0])
        assert repeat.json()["job_id"] == first.json()["job_id"]
        assert len(await gateway.jobs()) == 2
