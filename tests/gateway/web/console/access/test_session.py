"""The console's session: who it is of, until when, and what ends it."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.config.operators import Operator
from gateway.web.console.access.session import (
    AT_MOST,
    COOKIE,
    LASTS,
    WARNS,
    Session,
    end_cookie,
    read_session,
    set_cookie,
    sign,
)

SHARED = Operator(None, "kX8-operator-Zq4-token-93b")
NAMED = Operator("op-7", "mT2-second-Wp7-operator-51c")
BOTH = (NAMED, SHARED)
NOW = 1_800_000_000.0


def test_it_says_who_logged_in_and_a_named_token_says_it_itself() -> None:
    session = Session("op-1", NOW, NOW)
    assert read_session(sign(session, SHARED), BOTH, NOW) == (session, SHARED)
    found = read_session(sign(session, NAMED), BOTH, NOW)
    assert found is not None
    assert (found[0].name, found[1]) == ("op-7", NAMED)


@given(st.text(max_size=80))
def test_nothing_that_was_not_signed_is_a_session(cookie: str) -> None:
    assert read_session(cookie, BOTH, NOW) is None


@given(st.integers(0, 60), st.characters(min_codepoint=33, max_codepoint=126))
def test_a_changed_letter_ends_it(place: int, letter: str) -> None:
    signed = sign(Session("op-1", NOW, NOW), SHARED)
    changed = signed[:place] + letter + signed[place + 1 :]
    assert (read_session(changed, BOTH, NOW) is not None) == (changed == signed)


def test_a_changed_token_ends_all_sessions_of_it() -> None:
    signed = sign(Session("op-1", NOW, NOW), SHARED)
    assert read_session(signed, (NAMED, Operator(None, SHARED.token + "2")), NOW) is None
    assert read_session(signed, (), NOW) is None


def test_it_lasts_while_it_is_used_and_not_for_ever() -> None:
    session = Session("op-1", NOW, NOW)
    signed = sign(session, SHARED)
    assert read_session(signed, BOTH, NOW + LASTS - 1) is not None
    assert read_session(signed, BOTH, NOW + LASTS) is None
    used = session.renewed(NOW + LASTS - 10)
    assert read_session(sign(used, SHARED), BOTH, NOW + LASTS + 10) is not None
    assert used.renewed(NOW + AT_MOST - 1).ends == NOW + AT_MOST
    assert not session.ends_soon(NOW + LASTS - WARNS - 1)
    assert session.ends_soon(NOW + LASTS - WARNS + 1)


def test_the_cookie_is_for_this_origin_and_no_script() -> None:
    said = set_cookie(Session("op-1", NOW, NOW), SHARED, NOW)
    assert said.startswith(f"{COOKIE}=")
    assert said.endswith(f"; Max-Age={LASTS:.0f}; Path=/; HttpOnly; Secure; SameSite=Strict")
    assert COOKIE.startswith("__Host-")
    assert "Max-Age=0" in end_cookie()
