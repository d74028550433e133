"""What is passed on and what is not, judged by the pure parts."""

from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gateway.config.forwarded_routes import OTHER, PatternError, forwarded_routes
from gateway.config.settings import Settings
from gateway.web.forward.headers import (
    HOP_BY_HOP,
    HeadRules,
    Loop,
    UnclearAnswer,
    UnclearRequest,
    answer_headers,
    request_head,
)

NAMES = st.from_regex(rb"[a-z][a-z0-9-]{0,15}", fullmatch=True)
VALUES = st.from_regex(rb"([!-~\x80-\xff]([\t -~\x80-\xff]{0,20}[!-~\x80-\xff])?)?", fullmatch=True)


def scope(*headers: tuple[bytes, bytes], path: str = "/chat", **changes: Any) -> dict[str, Any]:
    return {
        "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "scheme": "http",
        "client": ("10.0.0.7", 5), "headers": list(headers), **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/chat", "/chat"),
        ("/embedding-status/ana", "/embedding-status/{user_id}"),
        ("/embedding-status/ana/more", OTHER),
        ("/docs", OTHER),
        ("/", OTHER),
        *((path, None) for path in ("/process-full", "/process-full-v2", "/health", "/health-deep", "/ready")),
        *((path, None) for path in ("/metrics", "/jobs/1", "/admin", "/admin/rollout", "/explain/ana")),
    ],
)
def test_without_a_list_all_but_our_own_is_passed_on(path: str, name: str | None) -> None:
    assert forwarded_routes(None).name(path) == name


def test_a_list_is_all_that_is_passed_on() -> None:
    routes = forwarded_routes(" /chat , /files/{name},/api/* ,/process-full")
    passed = ("/chat", "/files/a", "/api/x/y", "/process-full")
    assert [routes.name(path) for path in passed] == ["/chat", "/files/{name}", "/api/*", "/process-full"]
    assert [routes.name(path) for path in ("/chats", "/files/a/b", "/query", "/health", "/process-full-v2")] == [
        None
    ] * 5


@pytest.mark.parametrize("listed", ["chat", "/chat?x=1", "/a*b", "/health", "/admin/rollout", "/jobs/{id}"])
def test_a_list_that_cannot_be_meant_is_refused(listed: str) -> None:
    with pytest.raises(PatternError, match="FORWARD_ROUTES"):
        forwarded_routes(listed)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"forward_routes": "/chat"}, "LEGACY_UPSTREAM_URL is missing"),
        ({"legacy_upstream_url": "old.example.com"}, "LEGACY_UPSTREAM_URL"),
        ({"legacy_upstream_url": "https://key@old.example.com"}, "LEGACY_UPSTREAM_URL"),
        ({"legacy_upstream_url": "https://old.example.com", "forward_routes": "/ready"}, "FORWARD_ROUTES"),
    ],
)
def test_settings_that_cannot_work_are_named_at_the_start(values: dict[str, str], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        Settings.model_validate(values)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=12))
def test_what_concerns_one_connection_stays_and_all_else_goes_on_in_order(headers: list[tuple[bytes, bytes]]) -> None:
    made = {b"host", b"expect", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"}
    own = {b"content-length", b"transfer-encoding", b"connection", b"date"} | made
    headers = [header for header in headers if header[0] not in own]
    mixed = [(b"connection", b"close, X-Secret"), (b"x-secret", b"1"), *headers, (b"keep-alive", b"timeout=5")]
    ends = [header for header in headers if header[0] not in HOP_BY_HOP | {b"x-secret"}]
    head = request_head(scope(*mixed), b"old.example.com")
    assert [header for header in head.headers if header[0] not in made] == ends
    assert answer_headers(200, mixed) == ends


SAID = [
    (b"x-forwarded-for", b"6.6.6.6, 1.2.3.4"),
    (b"x-forwarded-proto", b"https"),
    (b"x-forwarded-host", b"shown.example.com"),
    (b"x-forwarded-port", b"443"),
    (b"x-real-ip", b"6.6.6.6"),
    (b"forwarded", b"for=6.6.6.6"),
]
SNEAKED = [(b"x_forwarded_for", b"6.6.6.6"), (b"x_real_ip", b"6.6.6.6"), (b"x-original-url", b"/admin")]


@pytest.mark.parametrize(
    ("proxies", "told"),
    [
        (0, {b"x-forwarded-for": b"10.0.0.7", b"x-forwarded-proto": b"http", b"x-forwarded-host": b"api.example.com"}),
        (1, dict(SAID) | {b"x-forwarded-for": b"1.2.3.4, 10.0.0.7"}),
    ],
)
def test_the_old_service_learns_who_asked_and_through_whom_from_us_and_our_proxies(
    proxies: int, told: dict[bytes, bytes]
) -> None:
    asked = scope((b"host", b"api.example.com"), *SAID, *SNEAKED)
    head = request_head(asked, b"old:1", b"/base", HeadRules(proxies=proxies))
    assert head.target == b"/base/chat"
    assert dict(head.headers) == {b"host": b"old:1", **told, b"via": b"1.1 soulprint-gateway"}


SECRET = b"o-7Fq2LmZx9RkTb4WcHs8NvYd3"


@pytest.mark.parametrize(
    "header",
    [
        (b"authorization", b"Bearer " + SECRET),
        (b"authorization", b"bearer\t" + SECRET),
        (b"authorization", b"Basic " + b64encode(b"operator:" + SECRET)),
        (b"x-api-key", SECRET),
        (b"cookie", b"a=1; token=" + SECRET),
        (b"x-other", b"%6f" + SECRET[1:]),
    ],
)
def test_no_secret_of_ours_goes_on_to_the_old_service(header: tuple[bytes, bytes]) -> None:
    kept = [(b"authorization", b"Bearer of-the-old-service"), (b"x-api-key", b"another")]
    head = request_head(scope(*kept, header), b"old", rules=HeadRules((SECRET,)))
    assert [one for one in head.headers if one[0] in (b"authorization", b"x-api-key", b"cookie", b"x-other")] == kept


@pytest.mark.parametrize("query", [b"key=" + SECRET, b"key=%6F" + SECRET[1:]])
def test_an_address_with_a_secret_of_ours_is_refused(query: bytes) -> None:
    with pytest.raises(UnclearRequest, match="stays here"):
        request_head(scope(query_string=query), b"old", rules=HeadRules((SECRET,)))


def test_a_preflight_brings_no_more_than_its_question() -> None:
    asks = [(b"origin", b"https://a.example"), (b"access-control-request-method", b"POST"), (b"accept", b"*/*")]
    more = [(b"content-length", b"9"), (b"x-http-method-override", b"POST"), (b"cookie", b"a=1"), (b"x-a", b"1")]
    head = request_head(scope(*asks, *more, method="OPTIONS"), b"old")
    assert [one for one in head.headers if not one[0].startswith((b"x-forwarded-", b"via", b"host"))] == asks
    assert [name for name, _ in head.headers if name in dict(more)] == []


def test_blanks_around_values_are_trimmed() -> None:
    head = request_head(scope((b"x-a", b" \t1 2\t ")), b"old")
    assert (b"x-a", b"1 2") in head.headers
    assert answer_headers(200, [(b"x-a", b" 1\t")]) == [(b"x-a", b"1")]


@pytest.mark.parametrize("path", ["//admin/rollout", "/ADMIN", "/Admin/x", "///jobs/1", "/\\admin", "/METRICS/"])
def test_what_another_server_might_take_for_ours_stays(path: str) -> None:
    assert forwarded_routes(None).name(path) is None
    assert forwarded_routes("/*").name(path) is None


@pytest.mark.parametrize(
    "headers",
    [
        [(b"content-length", b"4"), (b"transfer-encoding", b"chunked")],
        [(b"content-length", b"4"), (b"content-length", b"5")],
        [(b"content-length", b"+4")],
        [(b"transfer-encoding", b"chunked, identity")],
        [(b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"chunked")],
        [(b"transfer-encoding", b"xchunked")],
    ],
)
def test_two_lengths_are_no_length(headers: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(UnclearRequest):
        request_head(scope(*headers), b"old")


def test_connection_cannot_take_the_length_away() -> None:
    head = request_head(scope((b"connection", b"content-length"), (b"content-length", b"4")), b"old")
    assert (b"content-length", b"4") in head.headers


@pytest.mark.parametrize("path", ["/chat/../process-full", "/./chat", "/a/..", "/a\\..\\process-full"])
def test_a_path_that_another_server_would_resolve_is_refused(path: str) -> None:
    with pytest.raises(UnclearRequest, match="dots"):
        request_head(scope(path=path), b"old")


def test_a_request_that_was_here_before_is_a_loop() -> None:
    with pytest.raises(Loop):
        request_head(scope((b"via", b"1.1 soulprint-gateway, 1.1 other")), b"old")


def test_an_answer_with_control_characters_is_not_passed_on() -> None:
    with pytest.raises(UnclearAnswer):
        answer_headers(200, [(b"x-a", b"1\x012")])


@pytest.mark.parametrize(("status", "kept"), [(200, True), (204, False), (304, False)])
def test_the_length_goes_where_there_is_no_body(status: int, kept: bool) -> None:
    assert bool(answer_headers(status, [(b"Content-Length", b"5")])) is kept


def test_the_consoles_session_does_not_go_on() -> None:
    """Browsers send it with every request to this origin."""
    session = b"__Host-gateway-console=signed"
    for sent, kept in ((session, []), (b"a=1; " + session + b"; b=2", [b"a=1; b=2"]), (b"a=1", [b"a=1"])):
        head = request_head(scope((b"cookie", sent)), b"old.example")
        assert [value for name, value in head.headers if name == b"cookie"] == kept
