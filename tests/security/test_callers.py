"""Who may call at all: keys, another user's objects, rates, web pages; and what every answer says to browsers."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
import structlog
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.types import Scope

from gateway.config.settings import Settings
from gateway.exports import belongs_to, check_storage_path, is_refused
from gateway.web.middleware.authenticate import address_of
from gateway.web.middleware.rate_limit import RateLimit
from tests.conftest import settings_for
from tests.live_gateway import PATHS, LiveGateway, running_gateway
from tests.security.conftest import KEYS, OPERATOR, bearer

STORED = {"user_id": "ann", "storage_path": "user-imports/ann/raw-1.json"}
ANN, BOB = "0d2c4a5e-5bd1-4c3f-9d8e-1f2a3b4c5d6e", "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
EVERYWHERE = ("/process-full", "/process-full-v2", "/jobs/x", "/metrics", "/openapi.json", "/nowhere", "/health-deep")


# -- keys


@pytest.mark.parametrize("path", PATHS)
async def test_every_key_and_the_operators_token_let_a_caller_in(closed: LiveGateway, path: str) -> None:
    for number, secret in enumerate((*KEYS, OPERATOR)):
        body = {**STORED, "storage_path": f"user-imports/ann/raw-{number}.json"}
        assert (await closed.post(body, path, **bearer(secret))).status_code == 200
        assert (await closed.post(body, path, **{"X-API-Key": secret})).status_code == 200


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_without_a_key_nothing_is_answered_and_nothing_accepted(closed: LiveGateway, path: str) -> None:
    for headers in ({}, bearer("wrong"), bearer(KEYS[0][:-1]), {"X-API-Key": KEYS[0] + "x"}, {"Cookie": KEYS[0]}):
        answer = await closed.post(STORED, path, **headers)
        assert (answer.status_code, list(answer.json())) == (401, ["detail"])
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["x-request-id"]
    assert await closed.jobs() == []


async def test_platforms_reach_the_probes_without_a_key(closed: LiveGateway) -> None:
    assert (await closed.client.get("/health")).status_code == 200
    assert (await closed.client.get("/ready")).status_code == 200


async def test_without_keys_the_old_caller_gets_in_as_ever(guarded: LiveGateway) -> None:
    assert (await guarded.post(STORED)).status_code == 200
    assert (await guarded.post({**STORED, "user_id": "ann"}, **bearer("of another service"))).status_code == 200


# -- ownership


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("user", "named"),
    [
        (ANN, f"user-imports/{BOB}/raw-1.json"),
        (ANN, f"user-exports/{BOB.upper()}/all.json.gz"),
        (ANN.upper(), f"imports/{BOB}/mine.zip"),
    ],
)
async def test_another_users_object_is_refused(guarded: LiveGateway, path: str, user: str, named: str) -> None:
    answer = await guarded.post({"user_id": user, "storage_path": named}, path)
    assert answer.status_code == 403
    assert "storage_path" in answer.json()["detail"]
    assert await guarded.jobs() == []


@pytest.mark.parametrize("path", PATHS)
async def test_a_mismatch_of_names_that_are_no_uuids_is_let_through_counted_and_logged(
    guarded: LiveGateway, path: str
) -> None:
    sent = {"user_id": "test-user", "storage_path": "user-exports/test/conversations.json"}
    with structlog.testing.capture_logs() as lines:
        assert (await guarded.post(sent, path)).status_code == 200
        assert (await guarded.post({"user_id": ANN, "storage_path": f"user-imports/{ANN}/1.json"}, path)).is_success
    assert guarded.counted("gateway_foreign_paths_total") == 1
    (line,) = [line for line in lines if line["event"] == "foreign_path_accepted"]
    assert (line["log_level"], line["rule"]) == ("warning", "uuid")
    assert "test-user" not in str(line)


STRICT = [
    ("ann", "user-imports/bob/raw-1.json"),
    ("ann", "user-exports/bob/all.json.gz"),
    ("ann", "user-imports/ANN/raw-1.json"),
    ("ann", f"imports/{BOB}/mine.zip"),
    (ANN, f"user-imports/{BOB}/raw-1.json"),
]


@pytest.mark.parametrize("value", ["strict", True, "1", "true", "ON"])
async def test_strict_ownership_refuses_every_mismatch(database_url: str, tmp_path: Path, value: object) -> None:
    settings = settings_for(database_url, data_dir=tmp_path, enforce_ownership=value)
    async with running_gateway(settings) as gateway:
        for user, named in STRICT:
            assert (await gateway.post({"user_id": user, "storage_path": named})).status_code == 403
        assert await gateway.jobs() == []


@pytest.mark.parametrize("value", ["off", False, "0", "no"])
async def test_ownership_can_be_left_to_the_caller(database_url: str, tmp_path: Path, value: object) -> None:
    settings = settings_for(database_url, data_dir=tmp_path, enforce_ownership=value)
    async with running_gateway(settings) as gateway:
        for number, (user, named) in enumerate(STRICT, 1):
            assert (await gateway.post({"user_id": user, "storage_path": named})).status_code == 200
            assert gateway.counted("gateway_foreign_paths_total") == number


def test_another_value_of_enforce_ownership_stops_the_start() -> None:
    with pytest.raises(ValidationError, match="enforce_ownership"):
        Settings.model_validate({"enforce_ownership": "sometimes"})


@given(st.uuids(), st.uuids(), st.sampled_from(["user-imports", "user-exports", "imports"]))
def test_by_default_two_uuids_that_differ_are_refused_and_nothing_else(one: UUID, other: UUID, bucket: str) -> None:
    assume(one != other)
    path = check_storage_path(f"{bucket}/{one}/raw-1.json")
    assert is_refused(path, str(other), "uuid")
    assert not is_refused(path, f"{other}-", "uuid")
    assert not is_refused(check_storage_path(f"{bucket}/test/raw-1.json"), str(other), "uuid")


USERS = st.one_of(st.uuids().map(str), st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True))


@given(USERS, USERS, st.sampled_from(["user-imports", "user-exports"]))
def test_a_user_folder_belongs_to_its_user_alone(owner: str, other: str, bucket: str) -> None:
    path = check_storage_path(f"{bucket}/{owner}/raw-1.json")
    assert belongs_to(path, owner)
    assert belongs_to(path, other) == (owner == other)


@given(st.uuids(), USERS)
def test_uuids_are_one_user_in_either_case_and_paths_without_a_user_are_anybodys(user: object, other: str) -> None:
    assert belongs_to(check_storage_path(f"user-imports/{str(user).upper()}/raw.json"), str(user))
    assert belongs_to(check_storage_path("imports/upload.zip"), other)


# -- rates


@given(st.integers(1, 600), st.lists(st.floats(0, 5), min_size=1, max_size=60))
def test_no_caller_gets_more_than_a_minutes_worth_and_what_the_time_brings(per_minute: int, gaps: list[float]) -> None:
    limit, now, passed = RateLimit(per_minute), 1000.0, 0
    for gap in gaps:
        now += gap
        passed += limit.take("a", now) == 0
    assert passed <= per_minute + (now - 1000.0) * per_minute / 60 + 1


@given(st.integers(1, 100), st.integers(1, 50))
def test_whoever_waits_as_told_is_let_in(per_minute: int, extra: int) -> None:
    limit = RateLimit(per_minute)
    assert [limit.take("a", 0.0) for _ in range(per_minute)] == [0] * per_minute
    seconds = limit.take("a", 0.0)
    assert seconds > 0
    for _ in range(extra):
        limit.take("a", 0.0)  # refused ones cost nothing
    assert limit.take("a", float(seconds)) == 0


def test_the_table_of_callers_stays_small() -> None:
    limit = RateLimit(60, most=100)
    for number in range(10_000):
        limit.take(f"address {number}", 0.0)
    assert len(limit) == 100


async def test_who_asks_too_often_gets_429_and_others_do_not(database_url: str, tmp_path: Path) -> None:
    settings = settings_for(
        database_url, data_dir=tmp_path, rate_limit_per_minute=3, trusted_proxies=1, operator_token=OPERATOR
    )
    async with running_gateway(settings) as gateway:
        for _ in range(3):
            assert (await gateway.post(STORED, **{"X-Forwarded-For": "192.0.2.1"})).status_code == 200
        refused = await gateway.post(STORED, **{"X-Forwarded-For": "198.51.100.7, 192.0.2.1"})
        assert (refused.status_code, list(refused.json())) == (429, ["detail"])
        assert 0 < int(refused.headers["retry-after"]) <= 20
        assert (await gateway.post(STORED, **{"X-Forwarded-For": "192.0.2.2"})).status_code == 200
        assert (await gateway.post(STORED, **{"X-Forwarded-For": "192.0.2.1"}, **bearer(OPERATOR))).status_code == 200
        assert (await gateway.client.get("/health", headers={"X-Forwarded-For": "192.0.2.1"})).status_code == 200


def scope_of(client: str | None, *forwarded: str) -> Scope:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"type": "http", "client": None if client is None else (client, 1), "headers": headers}


@pytest.mark.parametrize(
    ("scope", "proxies", "address"),
    [
        (scope_of("192.0.2.9", "203.0.113.1"), 0, "192.0.2.9"),  # nobody may say who he is without a proxy of ours
        (scope_of("10.0.0.1", "invented, 203.0.113.1"), 1, "203.0.113.1"),
        (scope_of("10.0.0.1", "invented", "203.0.113.1, 10.0.0.2"), 2, "203.0.113.1"),
        (scope_of("192.0.2.9"), 1, "192.0.2.9"),
        (scope_of("10.0.0.1", "<script>"), 1, "unknown"),
        (scope_of("2001:db8:1:2:3::4"), 0, "2001:db8:1:2::/64"),
        (scope_of(None), 0, "unknown"),
    ],
)
def test_an_address_is_what_the_nearest_trusted_proxy_saw(scope: Scope, proxies: int, address: str) -> None:
    assert address_of(scope, proxies) == address


# -- browsers


@pytest.fixture
async def paged(database_url: str, tmp_path: Path) -> AsyncIterator[LiveGateway]:
    """A gateway that one web page may call, with a key."""
    settings = settings_for(
        database_url, data_dir=tmp_path, cors_origins="https://app.example.com", gateway_api_keys=KEYS[0]
    )
    async with running_gateway(settings) as running:
        yield running


PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


async def test_web_pages_may_not_call_by_default(gateway_open: LiveGateway) -> None:
    page = {"Origin": "https://evil.example"}
    answers = [
        await gateway_open.post(STORED, **page),
        await gateway_open.client.options("/process-full", headers={**page, **PREFLIGHT}),
    ]
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_a_listed_page_may_call_and_never_with_cookies(paged: LiveGateway) -> None:
    page = {"Origin": "https://app.example.com"}
    asked = await paged.client.options("/process-full", headers={**page, **PREFLIGHT})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, page["Origin"])
    assert "access-control-allow-credentials" not in asked.headers
    called = await paged.post(STORED, **page, **bearer(KEYS[0]))
    assert (called.status_code, called.headers["access-control-allow-origin"]) == (200, page["Origin"])


async def test_an_unlisted_page_may_not(paged: LiveGateway) -> None:
    page = {"Origin": "https://evil.example"}
    asked = await paged.client.options("/process-full", headers={**page, **PREFLIGHT})
    assert asked.status_code == 400
    assert "access-control-allow-origin" not in asked.headers


@pytest.mark.parametrize("origin", ["app.example.com", "https://app.example.com/", "https://App.example.com", "null"])
def test_what_is_no_origin_stops_the_start(origin: str) -> None:
    with pytest.raises(ValidationError, match="CORS_ORIGINS"):
        Settings.model_validate({"cors_origins": origin})


@pytest.mark.parametrize("path", ["/process-full", "/health", "/nowhere", "/jobs/x", "/openapi.json"])
async def test_every_answer_protects_itself_in_browsers(gateway_open: LiveGateway, path: str) -> None:
    answer = await gateway_open.client.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers
