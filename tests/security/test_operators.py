"""What operators may do is there only with a token, and only for who shows it."""

import secrets
import uuid

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gateway.config.secrets import is_strong
from gateway.config.settings import Settings
from gateway.web.auth import Access, shown_secrets
from tests.live_gateway import LiveGateway, running_gateway
from tests.security.conftest import KEYS, OPERATOR, bearer

STORED = {"user_id": "ann", "storage_path": "user-imports/ann/raw-1.json"}
PROTECTED = ("/admin/", "/explain/", "/jobs/{job_id}/")


async def operations(gateway: LiveGateway) -> list[tuple[str, str]]:
    """Every documented (method, path) under a protected prefix."""
    paths = (await gateway.client.get("/openapi.json", headers=bearer(OPERATOR))).json()["paths"]
    return [(method, path) for path, operations in paths.items() for method in operations if path.startswith(PROTECTED)]


async def call(gateway: LiveGateway, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    """A call whose path and body are of no importance: it must not get as far as to judge them."""
    concrete = path.replace("{job_id}", str(uuid.uuid4())).replace("{", "x").replace("}", "x")
    return await gateway.client.request(method, concrete, headers=headers)


async def test_without_a_token_no_operators_route_is_there(settings: Settings) -> None:
    async with running_gateway(settings) as gateway:
        assert await operations(gateway) == []
        assert (await gateway.client.get("/admin/rollout/history")).status_code == 404
        assert (await gateway.client.post(f"/jobs/{uuid.uuid4()}/cancel")).status_code == 404


async def test_every_operators_route_refuses_who_shows_nothing_or_something_else(guarded: LiveGateway) -> None:
    found = await operations(guarded)
    assert ("get", "/admin/rollout/history") in found
    wrong = [{}, bearer("wrong"), bearer(OPERATOR[:-1]), bearer(OPERATOR + "x"), {"Authorization": OPERATOR}]
    wrong.append({"Authorization": "Basic " + OPERATOR})
    for method, path in found:
        for headers in wrong:
            answer = await call(guarded, method, path, headers)
            assert (method, path, answer.status_code) == (method, path, 401)
            assert list(answer.json()) == ["detail"]
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_callers_key_is_not_an_operators(closed: LiveGateway) -> None:
    for method, path in await operations(closed):
        answer = await call(closed, method, path, bearer(KEYS[0]))
        assert (method, path, answer.status_code, list(answer.json())) == (method, path, 403, ["detail"])


async def test_an_operator_cancels_a_job_and_runs_it_again(guarded: LiveGateway) -> None:
    job_id = (await guarded.post(STORED)).json()["job_id"]
    for _ in range(2):  # the second time it is over, and stays as it is
        answer = await guarded.client.post(f"/jobs/{job_id}/cancel", headers=bearer(OPERATOR))
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    again = await guarded.client.post(f"/jobs/{job_id}/retry", headers=bearer(OPERATOR))
    assert (again.status_code, again.json()["status"]) == (200, "pending")
    twice = await guarded.client.post(f"/jobs/{job_id}/retry", headers=bearer(OPERATOR))
    assert (twice.status_code, list(twice.json())) == (409, ["detail"])
    for verb in ("cancel", "retry"):
        missing = await guarded.client.post(f"/jobs/{uuid.uuid4()}/{verb}", headers=bearer(OPERATOR))
        assert missing.status_code == 404


@pytest.mark.parametrize(
    "weak",
    [
        "operator",
        "changeme" * 4,
        "passwordpasswordpassword",
        "operatortokenoperatortoken",
        "123456789012345678901234",
        "abcdefghijklmnopqrstuvwxyz",
        "a" * 64,
        "Zx9RkTb4WcHs8NvYd3Fq2",
        "Zx9RkTb4 WcHs8NvYd3 Fq2LmPa",
        "Zx9RkTb4WcHs8NvYd3Fq2LmPä",
    ],
)
@pytest.mark.parametrize("name", ["operator_token", "gateway_api_keys"])
def test_weak_secrets_stop_the_start_and_the_rule_is_said(name: str, weak: str) -> None:
    value = weak.replace(" ", "_") if name == "gateway_api_keys" and " " in weak else weak
    if value != weak:  # a blank parts two keys
        value = "good-Xw5GhPz7QaJm2VnRt9Bc, " + weak
    with pytest.raises(ValidationError, match="at least 24 characters") as refused:
        Settings.model_validate({name: value})
    assert name.upper() in str(refused.value)
    assert weak not in str(refused.value)


def test_generated_secrets_are_strong() -> None:
    for _ in range(2_000):
        assert is_strong(secrets.token_hex(16))
        assert is_strong(secrets.token_urlsafe(32))


def test_keys_that_name_none_or_the_operators_token_stop_the_start() -> None:
    with pytest.raises(ValidationError, match="names no key"):
        Settings.model_validate({"gateway_api_keys": " , "})
    with pytest.raises(ValidationError, match="callers would be operators"):
        Settings.model_validate({"gateway_api_keys": f"{KEYS[0]},{OPERATOR}", "operator_token": OPERATOR})


HEADER = st.tuples(
    st.sampled_from([b"authorization", b"x-api-key", b"cookie"]),
    st.one_of(
        st.binary(max_size=30),
        st.sampled_from([b"Bearer " + key.encode() for key in (*KEYS, OPERATOR)]),
        st.sampled_from([key.encode() for key in (*KEYS, OPERATOR)]),
    ),
)


@given(st.lists(HEADER, max_size=4))
def test_only_a_whole_secret_in_its_place_opens(headers: list[tuple[bytes, bytes]]) -> None:
    access = Access.of(Settings.model_validate({"operator_token": OPERATOR, "gateway_api_keys": ",".join(KEYS)}))

    def shows(secret: str) -> bool:
        forms = {(b"authorization", b"Bearer " + secret.encode()), (b"x-api-key", secret.encode())}
        return bool(forms & set(headers))

    shown = shown_secrets(headers)
    assert access.is_operator(shown) == shows(OPERATOR)
    assert (access.caller(shown) is not None) == any(shows(secret) for secret in (*KEYS, OPERATOR))


def test_what_opens_is_not_shown_by_what_holds_it() -> None:
    access = Access.of(Settings.model_validate({"operator_token": OPERATOR, "gateway_api_keys": ",".join(KEYS)}))
    shown = repr(access) + repr(access.caller([KEYS[0].encode()]))
    assert not any(secret in shown for secret in (*KEYS, OPERATOR))
