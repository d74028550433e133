"""Whoever starts a gateway that lets in everybody who reaches its port is told so."""

import pytest
from structlog.testing import capture_logs

from gateway.config.settings import Settings
from gateway.server.process import warn_if_open
from tests.security.conftest import KEYS


@pytest.mark.parametrize(
    ("values", "is_told"),
    [
        ({}, False),
        ({"host": "::1"}, False),
        ({"host": "0.0.0.0"}, True),
        ({"host": "10.0.0.5"}, True),
        ({"host": "0.0.0.0", "gateway_api_keys": KEYS[0]}, False),
    ],
)
def test_a_port_that_everybody_reaches_is_told(values: dict[str, str], is_told: bool) -> None:
    with capture_logs() as logged:
        warn_if_open(Settings.model_validate(values))
    assert [(one["event"], one["log_level"]) for one in logged] == [("open_to_the_network", "warning")] * is_told
