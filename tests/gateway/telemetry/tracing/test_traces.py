"""One trace a job, from the accept to the provider's calls, and nothing in it that is a user's."""

import json
import uuid
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from flags.document.defaults import default_document
from gateway.config.settings import Settings
from pipelines.contract import PipelineError
from tests.fakes.provider import INPUT_TOKENS, OUTPUT_TOKENS, running_provider
from tests.gateway.jobs.scripted import Script
from tests.gateway.telemetry.tracing.conftest import USER, WORDS, Scene, traced

FLAG = {
    "feature_flag.key": "process-full-v2",
    "feature_flag.provider.name": "file",
    "feature_flag.result.variant": "v2",
    "feature_flag.result.reason": "split",
    "gateway.reason": "flag",
    "gateway.pipeline": "v2",
    "gateway.mode": "primary",
}


def attributes_of(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


async def test_a_job_is_one_trace_and_its_id_is_the_jobs(scene: Scene) -> None:
    await scene.gateway.set_dial(100)
    job_id = (await scene.post(scene.put_words()))["job_id"]
    await scene.work()
    spans = scene.spans()
    assert list(spans) == ["accept", "step one", "step two", "step three", "job"]
    assert {span.context.trace_id for span in spans.values()} == {uuid.UUID(job_id).int}
    accept, job, step = spans["accept"], spans["job"], spans["step one"]
    assert accept.parent is None
    assert job.parent is not None
    assert job.parent.span_id == accept.context.span_id
    assert step.parent is not None
    assert step.parent.span_id == job.context.span_id
    assert FLAG.items() <= attributes_of(accept).items()
    assert FLAG.items() <= attributes_of(job).items()
    assert attributes_of(accept)["gateway.job.id"] == attributes_of(job)["gateway.job.id"] == job_id
    assert attributes_of(job)["gateway.outcome"] == "complete"
    assert attributes_of(step) == {"gateway.step": "one"}


async def test_a_pinned_call_is_no_evaluation_of_a_flag_that_splits(scene: Scene) -> None:
    await scene.post(scene.put_words(), "/process-full-v2")
    told = attributes_of(scene.spans()["accept"])
    assert told["gateway.reason"] == "forced"
    assert told["feature_flag.result.reason"] == "static"
    assert told["feature_flag.result.variant"] == "v2"


async def test_joining_a_job_is_told_in_its_trace(scene: Scene) -> None:
    path = scene.put_words()
    first, second = await scene.post(path), await scene.post(path)
    assert first["job_id"] == second["job_id"]
    one, other = scene.exporter.get_finished_spans()
    assert one.parent is None
    assert other.parent is not None
    assert other.parent.span_id == one.context.span_id
    assert [attributes_of(span)["gateway.joined"] for span in (one, other)] == [False, True]


async def test_the_callers_trace_is_linked(scene: Scene) -> None:
    trace, span = uuid.uuid4().hex, uuid.uuid4().hex[:16]
    await scene.post(scene.put_words(), traceparent=f"00-{trace}-{span}-01")
    (link,) = scene.spans()["accept"].links
    assert (f"{link.context.trace_id:032x}", f"{link.context.span_id:016x}") == (trace, span)


@pytest.mark.parametrize("header", ["", "nonsense", "00-00000000000000000000000000000000-0000000000000000-01"])
async def test_a_broken_traceparent_is_ignored(scene: Scene, header: str) -> None:
    await scene.post(scene.put_words(), traceparent=header)
    assert not scene.spans()["accept"].links


async def test_a_failure_is_told_by_its_name_alone(scene: Scene, script: Script) -> None:
    def fail(_attempt: int) -> None:
        raise PipelineError(f"cannot read {WORDS}")

    script.at["two"] = fail
    await scene.post(scene.put_words())
    await scene.work()
    step, job = scene.spans()["step two"], scene.spans()["job"]
    assert (step.status.status_code, attributes_of(step)["error.type"]) == (StatusCode.ERROR, "PipelineError")
    assert (job.status.status_code, attributes_of(job)["gateway.outcome"]) == (StatusCode.ERROR, "failed")
    assert_says_nothing_of_a_user(scene)


async def test_an_accept_that_fails_is_a_failed_span(scene: Scene) -> None:
    await scene.gateway.services.accepter.__aexit__(None, None, None)  # as when the process stops
    answer = await scene.gateway.post({"user_id": USER, "storage_path": scene.put_words()})
    assert answer.status_code == 503
    accept = scene.spans()["accept"]
    assert (accept.status.status_code, attributes_of(accept)["error.type"]) == (StatusCode.ERROR, "Unavailable")


async def test_requests_to_a_provider_are_spans_of_the_step_that_asks(settings: Settings) -> None:
    with running_provider() as provider:
        told = {"openai_base_url": provider.openai_url, "language_model": "m"}
        async with traced(settings.model_copy(update=told)) as scene:
            await scene.post(scene.put_export(), "/process-full-v2")
            await scene.work()
            calls = [span for span in scene.exporter.get_finished_spans() if span.name == "chat m"]
            steps = {span.context.span_id for span in scene.exporter.get_finished_spans() if "step" in span.name}
            assert len(calls) == len(provider.calls)
            assert {span.parent and span.parent.span_id for span in calls} <= steps
            assert len({span.context.trace_id for span in scene.exporter.get_finished_spans()}) == 1
            assert attributes_of(calls[0]) == {
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": "openai-compatible",
                "gen_ai.request.model": "m",
                "gen_ai.usage.input_tokens": INPUT_TOKENS,
                "gen_ai.usage.output_tokens": OUTPUT_TOKENS,
            }
            assert_says_nothing_of_a_user(scene)


async def test_a_comparison_is_a_span_of_the_jobs_trace(settings: Settings) -> None:
    async with traced(settings.model_copy(update={"shadow_same_percent": 0.0})) as scene:
        await compare_everybody(scene)
        job_id = (await scene.post(scene.put_export()))["job_id"]
        await scene.work()
        shadow = scene.spans()["shadow"]
        assert shadow.context.trace_id == uuid.UUID(job_id).int
        assert attributes_of(shadow)["gateway.pipeline"] == "v2"
        assert attributes_of(shadow)["gateway.outcome"] == "compared"
        assert not [name for name in attributes_of(shadow) if name.startswith("feature_flag")]


async def compare_everybody(scene: Scene) -> None:
    """Turn the shadow flag to 100 %."""
    document = default_document()
    document["features"][1]["strategies"][0]["parameters"]["rollout"] = "100"
    (scene.gateway.services.settings.data_dir / "flags.json").write_text(json.dumps(document))
    await scene.gateway.services.flags.refresh()


def assert_says_nothing_of_a_user(scene: Scene) -> None:
    said = "".join(str(span.to_json()) for span in scene.exporter.get_finished_spans())
    assert "accept" in said
    for private in (USER, WORDS, "Wilhelmina", "user-imports"):
        assert private not in said
