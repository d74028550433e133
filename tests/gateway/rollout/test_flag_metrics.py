"""The flags' state as Prometheus sees it."""

from pathlib import Path

from prometheus_client import CollectorRegistry

from flags.control import open_control
from flags.source import open_source
from gateway.rollout.metrics import FlagCollector


async def test_the_state_of_the_flags_is_scraped(tmp_path: Path) -> None:
    source = open_source(data_dir=tmp_path)
    registry = CollectorRegistry()
    registry.register(FlagCollector(source))
    assert registry.get_sample_value("gateway_flags_known") == 0
    await source.start()
    await open_control(data_dir=tmp_path).set_percent(12.5)
    revision = (await source.refresh()).revision
    assert registry.get_sample_value("gateway_flags_dial_percent") == 12.5
    assert registry.get_sample_value("gateway_flags_healthy") == 1
    assert registry.get_sample_value("gateway_flags_info", {"source": "file", "revision": revision}) == 1
    (tmp_path / "flags.json").write_text("{")
    await source.refresh()
    assert registry.get_sample_value("gateway_flags_healthy") == 0
    assert registry.get_sample_value("gateway_flags_known") == 1
    assert registry.get_sample_value("gateway_flags_refresh_failures_total") == 1
    age = registry.get_sample_value("gateway_flags_age_seconds")
    assert age is not None
    assert age >= 0
    await source.stop()
