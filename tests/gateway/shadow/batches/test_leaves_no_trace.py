"""What users can see stays the same to the byte while a comparison is aside, and after it."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.provider import FakeProvider
from tests.gateway.shadow.sandbox.test_no_trace import snapshot

pytestmark = pytest.mark.scene


async def test_a_comparison_in_batches_leaves_no_trace(batched: Any, provider: FakeProvider) -> None:
    async with batched(shadow_concurrency=0) as rig:
        bench = rig.bench
        worker = bench.start()
        job = await rig.accept()
        await bench.ended(job)
        await bench.stop_worker(worker)
        before = await snapshot(bench)
        assert before["user_profiles"]
        settings = bench.services.settings.model_copy(update={"shadow_concurrency": 1})
        bench.services = replace(bench.services, settings=settings)
        bench.start()
        await rig.aside(job)
        assert await snapshot(bench) == before
        assert (await rig.to_the_end(job))["outcome"] == "compared"
        assert await snapshot(bench) == before
        assert await bench.rows("select 1 from gateway.readings") == []
        assert await bench.rows("select 1 from gateway.language_jobs") == []
