"""Text that would be SQL, a log line or a header somewhere else stays text."""

import io
import json
from typing import cast
from urllib.parse import quote

import orjson
import pytest
import structlog
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gateway.telemetry.log import render_json
from tests.live_gateway import LiveGateway
from tests.security.conftest import OPERATOR, bearer

HOSTILE = (
    "'; drop table processing_jobs; --",
    "' or '1'='1",
    "$$; select pg_sleep(10); $$",
    "%(id)s {0} {user} %s",
    'x", "level": "critical", "event": "all is lost',
    "line\r\nX-Injected: yes\r\n\r\n{}",
    '\x1b[31mred\x1b[0m\n{"event": "forged"}',
    "<script>alert(1)</script>",
    "\u2028\u202eevil",
)


async def test_hostile_text_is_stored_and_answered_as_it_is(guarded: LiveGateway) -> None:
    for text in HOSTILE:
        answer = await guarded.post({"user_id": text})
        assert (answer.status_code, answer.json()["user_id"]) == (200, text)
        assert "x-injected" not in answer.headers, text
        job = await guarded.client.get(f"/jobs/{answer.json()['job_id']}")
        assert job.status_code == 200, text
    assert [job["user_id"] for job in await guarded.jobs()] == [*HOSTILE]


async def test_hostile_text_in_a_path_or_a_query_is_data(guarded: LiveGateway) -> None:
    await guarded.post({"user_id": "ann"})
    for text in HOSTILE:
        quoted = quote(text, safe="")
        for path in (f"/jobs/{quoted}", f"/embedding-status/{quoted}", f"/generate-soulprint/{quoted}"):
            answer = await guarded.client.get(path)
            assert answer.status_code < 500, path
        explained = await guarded.client.get(f"/explain/{quoted}", headers=bearer(OPERATOR))
        assert explained.status_code < 500, text
        history = await guarded.client.get("/admin/rollout/history", params={"limit": text}, headers=bearer(OPERATOR))
        assert history.status_code == 422, text
        assert len(await guarded.jobs()) == 1, text


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.text(alphabet="'\";\\\r\n\0%${}")),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=12,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("user_id", "storage_path", "conversation_count", "message_count", "conversations"), JSON),
)


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.one_of(FIELDS, JSON), path=st.sampled_from(["/process-full", "/process-full-v2"]))
async def test_no_json_makes_an_error_of_ours(guarded: LiveGateway, body: object, path: str) -> None:
    answer = await guarded.post(json.dumps(body).encode(), path)
    assert answer.status_code in {200, 400, 403, 422}
    assert "detail" in answer.json() or answer.json()["status"] == "processing"


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
async def test_no_bytes_make_an_error_of_ours(guarded: LiveGateway, data: bytes) -> None:
    assert (await guarded.post(data)).status_code in {200, 400, 422}


# -- log lines

ANYTHING = st.one_of(st.text(), st.text(alphabet=st.characters(min_codepoint=0, max_codepoint=0xDFFF)), st.binary())


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), ANYTHING, max_size=4), ANYTHING)
def test_a_json_log_line_is_one_line_whatever_is_logged(fields: dict[str, object], event: object) -> None:
    line = render_json(None, "info", {**fields, "event": event})
    assert b"\n" not in line
    assert b"\r" not in line
    assert set(orjson.loads(line)) >= {"event", "level", "time"}


@pytest.fixture
def text_log() -> tuple[structlog.typing.FilteringBoundLogger, io.StringIO]:
    """A logger as LOG_FORMAT=text has it."""
    stream = io.StringIO()
    logger = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[structlog.processors.format_exc_info, structlog.dev.ConsoleRenderer(colors=False)],
    )
    return cast("structlog.typing.FilteringBoundLogger", logger), stream


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_log_line_is_one_line(
    text_log: tuple[structlog.typing.FilteringBoundLogger, io.StringIO], text: str
) -> None:
    logger, stream = text_log
    logger.info("job_accepted", value=text)
    assert len(stream.getvalue().strip("\n").split("\n")) == 1
    assert "\x1b" not in stream.getvalue()
