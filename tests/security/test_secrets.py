"""Canaries: secrets, user ids and users' words that are put in at one end and must come out at no other."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.security.conftest import OPERATOR, bearer

pytestmark = [pytest.mark.scene, pytest.mark.slow]
NOWHERE = "http://127.0.0.1:9"  # nothing answers there: every part fails, and says so
KEY = "canarykey-Xw5GhPz7QaJm2VnRt9Bc"
SECRETS = {
    "OPERATOR_TOKEN": OPERATOR,
    "GATEWAY_API_KEYS": KEY,
    "SUPABASE_SERVICE_KEY": "canary.supabase.Zk3",
    "UNLEASH_API_TOKEN": "default:development.canaryclient",
    "UNLEASH_ADMIN_TOKEN": "*:*.canaryadmin",
    "OPENAI_API_KEY": "sk-canary-openai",
    "ANTHROPIC_API_KEY": "sk-ant-canary",
    "AWS_ACCESS_KEY_ID": "AKIACANARYCANARY",
    "AWS_SECRET_ACCESS_KEY": "canary/aws/secret",
    "RLM_API_KEY": "canary-rlm-key",
}
PASSWORD = "canary-database-password"
OTHERS = {
    "SUPABASE_URL": NOWHERE,
    "UNLEASH_URL": NOWHERE,
    "OPENAI_BASE_URL": NOWHERE,
    "LANGUAGE_MODEL": "openai:none",
    "VERCEL_API_URL": NOWHERE,
    "JOB_ATTEMPTS": "1",
    "WAIT_IN_ALL_SECONDS": "0",
    "DRAIN_SECONDS": "0.2",
    "LOG_LEVEL": "debug",
}
USER = "canary-user-5d1e"
WORDS = "the canary sings at dawn"
PLACES = (
    "/health", "/ready", "/health-deep", "/status", "/metrics", "/openapi.json", "/jobs/x", "/nowhere", "/test-patch",
    "/admin/rollout", "/admin/rollout/history",
)  # fmt: skip
SECONDS = 180


@asynccontextmanager
async def serving(database_url: str, folder: Path, log_format: str) -> AsyncIterator[tuple[str, Path]]:
    """`gateway serve` with every secret set and nothing behind them: its address, and where its output goes."""
    environment = {**os.environ, **OTHERS, **SECRETS, "LOG_FORMAT": log_format, "DATA_DIR": str(folder)}
    environment["DATABASE_URL"] = f"{database_url}&password={PASSWORD}"
    output = folder / "output"
    with output.open("wb") as stream:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "gateway", "serve", "--port", "0",
            env=environment, stdout=asyncio.subprocess.PIPE, stderr=stream,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            line = await asyncio.wait_for(process.stdout.readline(), SECONDS)
            assert line, output.read_text()
            yield line.decode().split()[-1], output
            process.terminate()
            await asyncio.wait_for(process.wait(), SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def exercise(client: httpx.AsyncClient) -> str:
    """Ask for everything, rightly and wrongly; all that was answered, heads and bodies."""
    said = []
    for place in PLACES:
        for headers in ({}, bearer(KEY), bearer(OPERATOR)):
            answer = await client.get(place, headers=headers)
            said.append(f"{answer.status_code} {answer.headers} {answer.text}")
    said.append((await client.get("/test-embed", headers=bearer(KEY))).text)
    stored = {"user_id": USER, "storage_path": f"user-imports/{USER}/raw-1.json"}
    inline = {"user_id": USER, "conversations": [{"title": WORDS, "messages": [{"role": "user", "content": WORDS}]}]}
    for body in (inline, stored):
        answer = await client.post("/process-full", json=body, headers=bearer(KEY))
        assert answer.status_code == 200
    job = f"/jobs/{answer.json()['job_id']}"
    async with asyncio.timeout(SECONDS):  # until the stored one has been begun: its storage is not there
        while (await client.get(job, headers=bearer(KEY))).json()["status"] == "pending":  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
    wrong = {"user_id": KEY, "storage_path": "../" + OPERATOR}  # what callers send themselves may come back to them
    said.append(str((await client.post("/process-full", json=wrong, headers=bearer("wrong"))).text))
    said += [(await client.get(place, headers=bearer(OPERATOR))).text for place in ("/metrics", "/health-deep")]
    return "\n".join(said)


@pytest.mark.parametrize("log_format", ["json", pytest.param("text", marks=pytest.mark.whole)])
async def test_no_secret_and_no_users_word_comes_out_anywhere(
    database_url: str, tmp_path: Path, log_format: str
) -> None:
    async with (
        serving(database_url, tmp_path, log_format) as (url, output),
        httpx.AsyncClient(base_url=url, timeout=180) as client,
    ):
        answered = await exercise(client)
    logged = output.read_text()
    assert "job_accepted" in logged
    for canary in (*SECRETS.values(), PASSWORD, WORDS, USER):
        assert canary not in logged, canary
        assert canary not in answered, canary


async def test_a_database_that_cannot_be_reached_is_told_without_its_password(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "migrate",
        env={**os.environ, "DATABASE_URL": f"postgresql://u:{PASSWORD}@127.0.0.1:9/x", "DATA_DIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode != 0
    assert err
    assert PASSWORD not in (out + err).decode()


def test_a_wrong_setting_is_told_without_its_value() -> None:
    from gateway.cli.settings import describe_settings_error
    from gateway.config.settings import Settings

    with pytest.raises(ValueError, match="OPERATOR_TOKEN") as refused:
        Settings.model_validate({"operator_token": "canary-weak"})
    assert "canary-weak" not in str(refused.value) + repr(refused.value)
    assert "canary-weak" not in describe_settings_error(refused.value)  # type: ignore[arg-type]
