"""Which language engine the settings choose, and how a half-set choice is refused."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from gateway.config.settings import Settings
from gateway.language.choice import Choice, LanguageConfigError, choose_embeddings, choose_language
from gateway.language.engines import open_language
from gateway.language.metrics import count_language
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.metrics.run_labels import counted_as
from pipelines.contract import Message, Passage
from tests.fakes.provider import Reply, running_provider


def settings(**values: Any) -> Settings:
    """Settings with nothing of the environment's language."""
    nothing = dict.fromkeys(("anthropic_api_key", "openai_api_key", "openai_base_url", "language_model"))
    return Settings.model_validate({**nothing, **values})


async def compute_here(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


@pytest.mark.parametrize(
    ("values", "choice"),
    [
        ({}, None),
        ({"anthropic_api_key": "k"}, Choice("anthropic", "claude-haiku-5-5")),
        ({"anthropic_api_key": "k", "language_model": "claude-x"}, Choice("anthropic", "claude-x")),
        ({"openai_api_key": "k"}, Choice("openai", "gpt-6-luna")),
        ({"openai_base_url": "http://h/v1", "language_model": "llama3:8b"}, Choice("openai", "llama3:8b")),
        (
            {"anthropic_api_key": "k", "openai_base_url": "http://h", "language_model": "openai:m"},
            Choice("openai", "m"),
        ),
        ({"language_model": "bedrock:us.amazon.nova-lite-v1:0"}, Choice("bedrock", "us.amazon.nova-lite-v1:0")),
    ],
)
def test_the_settings_choose(values: dict[str, Any], choice: Choice | None) -> None:
    assert choose_language(settings(**values)) == choice


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"openai_base_url": "http://h/v1"}, "LANGUAGE_MODEL is missing"),
        ({"language_model": "claude-x"}, "no provider is"),
        ({"language_model": "anthropic:claude-x"}, "ANTHROPIC_API_KEY is missing"),
        ({"language_model": "openai:m"}, "OPENAI_API_KEY or OPENAI_BASE_URL is missing"),
    ],
)
def test_a_half_set_choice_names_what_is_missing(values: dict[str, Any], missing: str) -> None:
    with pytest.raises(LanguageConfigError, match=missing):
        choose_language(settings(**values))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({}, "LANGUAGE_BATCH is set, but no provider is"),
        ({"language_model": "bedrock:m"}, "LANGUAGE_BATCH=1 cannot be held: no batch interface of Bedrock"),
        ({"openai_base_url": "http://h/v1", "language_model": "m"}, "no batch interface of OPENAI_BASE_URL"),
    ],
)
async def test_batches_that_nothing_takes_are_refused_at_the_start(values: dict[str, Any], why: str) -> None:
    with pytest.raises(LanguageConfigError, match=why):
        async with open_language(settings(language_batch=True, **values), compute_here):
            """Not reached."""


@pytest.mark.parametrize("values", [{"anthropic_api_key": "k"}, {"openai_api_key": "k"}])
async def test_batches_are_opened_for_comparisons_alone_and_cost_half(values: dict[str, Any]) -> None:
    batched = settings(language_batch=True, **values)
    async with open_language(batched, compute_here) as engines:
        assert engines.batches is None
    async with open_language(batched, compute_here, batches=True) as engines:
        assert engines.batches is not None
        (half, whole) = engines.batches.prices.cost(1e6, 1e6), engines.prices.cost(1e6, 1e6)
        assert half == pytest.approx((whole or 0) / 2)
    async with open_language(settings(**values), compute_here, batches=True) as engines:
        assert engines.batches is None


def test_half_an_aws_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="AWS_SECRET_ACCESS_KEY is missing"):
        settings(aws_access_key_id="id")


def test_embeddings_only_when_configured() -> None:
    assert choose_embeddings(settings()) is None
    assert choose_embeddings(settings(bedrock_embedding_model_id="titan")) == Choice("bedrock", "titan")
    assert choose_embeddings(settings(openai_api_key="k", embedding_model="m")) == Choice("openai", "m")
    with pytest.raises(LanguageConfigError, match="OPENAI_API_KEY or OPENAI_BASE_URL"):
        choose_embeddings(settings(embedding_model="m"))


async def test_the_default_engine_is_embedded() -> None:
    async with open_language(settings(), compute_here) as engines:
        assert engines.language.name.startswith("embedded")
        assert engines.embeddings is None


async def test_a_configured_provider_serves_with_style_counted_here() -> None:
    passage = Passage("c", "t", None, (Message("m", "user", "My name is Ana. I live in Lisbon!"),))
    with running_provider() as provider:
        chosen = settings(openai_base_url=provider.openai_url, language_model="m", embedding_model="e")
        async with open_language(chosen, compute_here) as engines:
            extraction = await engines.language.extract([passage])
            assert engines.embeddings is not None
            vectors, _ = await engines.embeddings.embed(["Lisbon"])
    assert engines.language.name == "openai:m"
    assert {fact.value for fact in extraction.facts} == {"Ana", "Lisbon"}
    assert extraction.style
    assert len(vectors) == 1


async def test_bedrock_is_reached_over_the_same_seam() -> None:
    keys = {"aws_access_key_id": "id", "aws_secret_access_key": "secret", "aws_region": "eu-west-1"}
    chosen = settings(language_model="bedrock:m", bedrock_embedding_model_id="amazon.titan-embed-text-v2:0", **keys)
    async with open_language(chosen, compute_here) as engines:
        assert engines.language.name == "bedrock:m"
        assert engines.embeddings is not None


async def test_bedrock_without_a_region_or_keys_is_a_start_up_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    keys = {"aws_access_key_id": "id", "aws_secret_access_key": "secret"}
    for values, missing in (({}, "AWS_ACCESS_KEY_ID"), (keys, "AWS_REGION is missing")):
        with pytest.raises(LanguageConfigError, match=missing):
            async with open_language(settings(language_model="bedrock:m", **values), compute_here):
                pass


@pytest.mark.parametrize("cap", ["language_job_usd", "language_daily_usd"])
async def test_a_cap_that_no_price_can_hold_is_a_start_up_error(cap: str) -> None:
    with running_provider() as provider:
        chosen = settings(openai_base_url=provider.openai_url, language_model="nobody-sells-it", **{cap: 1.0})
        with pytest.raises(LanguageConfigError, match=rf"{cap.upper()} cannot be held: .*openai:nobody-sells-it"):
            async with open_language(chosen, compute_here):
                pass
        priced = settings(openai_base_url=provider.openai_url, language_model="gpt-4o-mini", **{cap: 1.0})
        async with open_language(priced, compute_here) as engines:
            assert engines.prices.cost(1_000_000, 0)


IMPORTS_NOTHING = """
import sys
import gateway.language.engines
assert not [name for name in sys.modules if name.split(".")[0] in ("pydantic_ai", "anthropic", "openai", "boto3")]
"""

WITHOUT_THE_EXTRA = """
import asyncio, sys
sys.modules["pydantic_ai"] = None
from gateway.language.engines import open_language
from gateway.language.metrics import count_language
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.metrics.run_labels import counted_as
from gateway.config.settings import Settings
async def main():
    async with open_language(Settings(anthropic_api_key="k"), None):
        pass
asyncio.run(main())
"""


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=240)


def test_no_provider_package_is_imported_without_a_provider() -> None:
    assert run_python(IMPORTS_NOTHING).returncode == 0


def test_a_missing_package_is_a_start_up_error_that_names_the_extra() -> None:
    done = run_python(WITHOUT_THE_EXTRA)
    assert done.returncode != 0
    assert "install the extra `cloud`" in done.stderr


async def test_what_a_provider_does_is_counted() -> None:
    passage = Passage("c", "t", None, (Message("m", "user", "My name is Ana."),))
    made_up = {"category": "name", "value": "Mallory", "quote": "I am Mallory"}
    metrics = Metrics(CollectorRegistry())
    with running_provider() as provider:
        provider.plan(Reply(answer={"facts": [made_up]}))
        chosen = settings(openai_base_url=provider.openai_url, language_model="m")
        async with open_language(chosen, compute_here, notify=count_language(metrics)) as engines:
            with counted_as("v2", "primary"):
                await engines.language.extract([passage])
    counted = metrics.registry.get_sample_value
    run = {"pipeline": "v2", "mode": "primary"}
    assert counted("gateway_language_calls_total", {**run, "outcome": "call"}) == 1
    assert counted("gateway_language_tokens_total", {**run, "direction": "input"}) == 100
    assert counted("gateway_language_dropped_total", {**run, "reason": "unsupported_fact"}) == 1
    assert counted("gateway_language_dropped_total", {**run, "reason": "unpriced"}) == 1
