"""The console's session: a signed cookie that says who logged in until when. Whoever's token changes is logged out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from gateway.config.operators import Operator
from gateway.web.heads import CONSOLE_COOKIE

COOKIE: Final = CONSOLE_COOKIE
LASTS: Final = 12 * 3600.0  # seconds after it was used last
AT_MOST: Final = 7 * 86_400.0  # after the log-in, however much it is used
WARNS: Final = 600.0  # before its end
RENEWED_AFTER: Final = 60.0
SALT: Final = "gateway.console.session.1"


@dataclass(frozen=True, slots=True)
class Session:
    """Who is logged in. Times are seconds since 1970."""

    name: str
    begun: float
    used: float

    @property
    def ends(self) -> float:
        """When it is over, if it is not used again."""
        return min(self.used + LASTS, self.begun + AT_MOST)

    def ends_soon(self, now: float) -> bool:
        """Is it time to say so?"""
        return self.ends - now < WARNS

    def renewed(self, now: float) -> "Session":
        """The same, used now."""
        return Session(self.name, self.begun, now)

    def wants_renewal(self, now: float) -> bool:
        """Is its last use long enough ago to be worth a new cookie?"""
        return now - self.used > RENEWED_AFTER


def sign(session: Session, operator: Operator) -> str:
    """The cookie's value."""
    signed = _serializer(operator).dumps([session.name, round(session.begun), round(session.used)])
    return signed if isinstance(signed, str) else signed.decode("ascii")


def read_session(cookie: str | None, operators: Sequence[Operator], now: float) -> tuple[Session, Operator] | None:
    """Who is logged in; None for a cookie that is missing, forged, of a changed token, or over."""
    if not cookie:
        return None
    for operator in operators:
        try:
            name, begun, used = _serializer(operator).loads(cookie)
        except BadData:
            continue
        session = Session(operator.name or str(name), float(begun), float(used))
        return (session, operator) if session.ends > now else None
    return None


def set_cookie(session: Session, operator: Operator, now: float) -> str:
    """The `Set-Cookie` header."""
    seconds = max(int(session.ends - now), 0)
    return f"{COOKIE}={sign(session, operator)}; Max-Age={seconds}; Path=/; HttpOnly; Secure; SameSite=Strict"


def end_cookie() -> str:
    """The `Set-Cookie` header that logs out."""
    return f"{COOKIE}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict"


def _serializer(operator: Operator) -> URLSafeSerializer:
    """Its key is made of the token, so that a changed token ends all its sessions."""
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(operator.token, salt=SALT, signer_kwargs=options)
