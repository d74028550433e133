"""Which requests the console takes, judged by their head."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.web.console.access.gate import Head, refusal
from gateway.web.console.access.ways import OWN, START, own_page, page_of_action

SITE = "https://gateway.example.com"


def head(method: str = "GET", host: str = "127.0.0.1:10000", **headers: str) -> Head:
    said = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Head.of(method, "/console/now", b"", [(name.encode(), value.encode()) for name, value in said.items()])


@pytest.mark.parametrize("host", ["127.0.0.1:10000", "localhost", "[::1]:10000", "console.localhost:1"])
def test_without_an_origin_it_answers_on_this_machine(host: str) -> None:
    assert refusal(head(host=host), None) is None
    assert refusal(head("POST", host=host, origin=f"http://{host}", sec_fetch_site="same-origin"), None) is None


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.4:1", "127.0.0.1, evil.example"])
def test_and_by_no_other_name(host: str) -> None:
    assert "CONSOLE_ORIGIN is not set" in (refusal(head(host=host), None) or "")


def test_with_an_origin_it_has_that_name_alone() -> None:
    for host in ("gateway.example.com", "Gateway.example.com", "gateway.example.com:443"):
        assert refusal(head(host=host), SITE) is None
    for host in ("127.0.0.1:10000", "gateway.example.com:8443", "evil.example", "gateway.example.com.evil.example"):
        assert refusal(head(host=host), SITE) is not None
    assert refusal(Head.of("GET", "/console/now", b"", []), SITE) is not None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null", "sec_fetch_site": "same-origin"},
        {"origin": "https://evil.example"},
        {"origin": SITE, "sec_fetch_site": "same-site"},
        {"origin": SITE, "sec_fetch_site": "cross-site"},
        {"origin": SITE, "sec_fetch_site": "none"},
        {"origin": f"{SITE}, https://evil.example"},
        {"origin": "http://gateway.example.com"},
    ],
)
def test_a_form_of_another_page_is_refused(headers: dict[str, str]) -> None:
    assert refusal(head("POST", host="gateway.example.com", **headers), SITE) is not None


def test_a_browser_that_says_only_its_origin_is_believed() -> None:
    assert refusal(head("POST", host="gateway.example.com", origin=SITE), SITE) is None
    for method in ("PUT", "DELETE", "OPTIONS", "PATCH"):
        assert refusal(head(method, host="gateway.example.com", origin=SITE), SITE) is not None


@given(st.text(max_size=60) | st.sampled_from(["https://evil.example/console/now", "//evil.example", "/console/off"]))
def test_a_log_in_leads_to_a_page_of_ours(address: str) -> None:
    page = own_page(address)
    assert OWN.fullmatch(page.partition("?")[0])
    assert page.isprintable()
    assert own_page(page) == page


def test_what_was_typed_goes_along() -> None:
    assert own_page("/console/who?user=a+b&x=%2F") == "/console/who?user=a+b&x=%2F"
    assert own_page(None) == START
    typed = {"percent": "50", "why": "slow & broken"}
    said = page_of_action("/console/now/dial", "http://127.0.0.1/console/now?a=1", typed)
    assert said == "/console/now?a=1&percent=50&why=slow+%26+broken"
    assert page_of_action("/console/jobs/retry", None, {}) == "/console/jobs"
    assert page_of_action("/console/off", "https://evil.example/x", {}) == START
