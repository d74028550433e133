"""Requests made from our OpenAPI document, right and wrong ones: never a 500, never a status that is not documented."""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.amount import WHOLE
from tests.live_gateway import LiveGateway
from tests.security.conftest import OPERATOR

# `make fuzz` also goes through the edges of every field, which takes a minute or two.
EXAMPLES, PHASES, SECONDS = (40, "examples,coverage,fuzzing", 900) if WHOLE else (3, "fuzzing", 300)
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.mark.timeout(SECONDS + 20)
async def test_every_documented_operation_answers_as_documented(guarded: LiveGateway, tmp_path: Path) -> None:
    await guarded.rows(  # so that /health-deep finds nothing to answer 503 for
        "insert into gateway.workers (name, seen_at) values ('w', now() + interval '1 hour') returning 1"
    )
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")), "run", f"http://127.0.0.1:{guarded.port}/openapi.json",
        "--checks", CHECKS, "--max-examples", str(EXAMPLES), "--phases", PHASES,
        "--generation-database", "none", "--seed", "7", "--header", f"Authorization: Bearer {OPERATOR}", "--no-color",
        cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        out, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, out.decode()
    assert guarded.counted("gateway_unexpected_errors_total", place="http") == 0
