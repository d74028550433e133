"""Operators' tokens in settings: names, and errors of one line that show no token."""

import pytest
from pydantic import ValidationError

from gateway.cli.settings import describe_settings_error
from gateway.config.operators import Operator, split_operators
from gateway.config.settings import Settings

ONE, TWO = "kX8-operator-Zq4-token-93b", "mT2-second-Wp7-operator-51c"


def test_named_ones_and_the_shared_one_stand_beside_each_other() -> None:
    assert split_operators(None, None) == ()
    assert split_operators(ONE, None) == (Operator(None, ONE),)
    assert split_operators(ONE, f"ann@desk:{TWO},") == (Operator("ann@desk", TWO), Operator(None, ONE))
    assert ONE not in repr(split_operators(ONE, f"ann:{TWO}"))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (TWO, "entry 1 is no name:token"),
        (f"ann smith:{TWO}", "entry 1 is no name:token"),
        (f":{TWO}", "entry 1 is no name:token"),
        ("ann:short", "the token of entry 1 is too weak"),
        (f"ann:{TWO},ann:{TWO}9", "entry 2 has the name of another one"),
        (f"ann:{TWO},bob:{TWO}", "entry 2 has the token of another operator"),
        (f"ann:{TWO},bob:{ONE}", "entry 2 has the token of another operator"),
        (" , ", "names nobody"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_without_the_secret(value: str, said: str) -> None:
    with pytest.raises(ValidationError) as error:
        Settings.model_validate({"operator_token": ONE, "operator_tokens": value})
    line = describe_settings_error(error.value)
    assert "OPERATOR_TOKENS" in line
    assert said in line
    assert "\n" not in line
    assert ONE not in line
    assert TWO not in line


def test_a_callers_key_or_the_webhooks_token_is_no_operators() -> None:
    for name, value in (("gateway_api_keys", f"{ONE}9,{TWO}"), ("unleash_webhook_token", TWO)):
        with pytest.raises(ValidationError, match="OPERATOR_TOKENS"):
            Settings.model_validate({"operator_tokens": f"ann:{TWO}", name: value})


@pytest.mark.parametrize("origin", ["gateway.example.com", "https://Gateway.example.com", "https://a.example/console"])
def test_an_origin_that_no_browser_sends_is_refused(origin: str) -> None:
    with pytest.raises(ValidationError, match="CONSOLE_ORIGIN"):
        Settings(console_origin=origin)
