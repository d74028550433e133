"""Who may call: operators show a token, callers a key when keys are set. Compared in constant time, never logged."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Any, Self

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from gateway.config.secrets import split_keys
from gateway.config.settings import Settings
from gateway.errors import Forbidden, Unauthorized

MOST_SHOWN = 8  # each costs a digest, and a head holds thousands
Headers = Iterable[tuple[bytes, bytes]]
OPERATOR_SCHEME = HTTPBearer(auto_error=False, scheme_name="operator", description="An operator's token.")


class Denied(BaseModel):
    """The body of 401 and 403."""

    detail: str


DENIED: dict[int | str, dict[str, Any]] = {
    401: {"model": Denied, "description": "No token or key was shown, or an unknown one"},
    403: {"model": Denied, "description": "What was shown does not allow this"},
}
"""For the `responses` of every route behind `operator`."""


@dataclass(frozen=True, slots=True)
class Access:
    """The known secrets, kept as digests: all of one length, and of no use to a reader of memory or logs."""

    operators: tuple[tuple[bytes, str | None], ...] = field(repr=False)  # each with its name, if it has one
    callers: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """What the settings name."""
        keys = settings.gateway_api_keys
        return cls(
            operators=tuple((digest(one.token.encode()), one.name) for one in settings.operators),
            callers=tuple(digest(key.encode()) for key in split_keys("" if keys is None else keys.get_secret_value())),
        )

    def is_operator(self, shown: Sequence[bytes]) -> bool:
        """Is an operator's token among what was shown?"""
        return find_digest(shown, self._tokens) is not None

    def operator_name(self, shown: Sequence[bytes]) -> str | None:
        """The name of the operator whose token was shown; None for the shared one, or if none was."""
        return dict(self.operators).get(find_digest(shown, self._tokens) or b"")

    def caller(self, shown: Sequence[bytes]) -> str | None:
        """A short name for the caller's key, None when no known one was shown. An operator may call, too."""
        found = find_digest(shown, (*self.callers, *self._tokens))
        return None if found is None else found.hex()[:12]

    @property
    def _tokens(self) -> tuple[bytes, ...]:
        return tuple(token for token, _ in self.operators)


def actor_of(request: Request, claimed: str) -> str:
    """Who does it: the operator whose own token was shown, else who the request says it is."""
    access = Access.of(request.state.services.settings)
    return access.operator_name(shown_secrets(request.scope["headers"])) or claimed


async def operator(
    request: Request, _scheme: Annotated[HTTPAuthorizationCredentials | None, Security(OPERATOR_SCHEME)] = None
) -> None:
    """Dependency of every operator's route. Raises Unauthorized, or Forbidden to a caller who is no operator."""
    access = Access.of(request.state.services.settings)
    shown = shown_secrets(request.scope["headers"])
    if access.is_operator(shown):
        return
    if access.caller(shown) is not None:
        raise Forbidden("this is for operators: show the operator token")
    raise Unauthorized("operator token required: Authorization: Bearer <token>")


def shown_secrets(headers: Headers) -> list[bytes]:
    """What a request shows: `Authorization: Bearer <secret>`, `X-API-Key: <secret>`, or both. Of thousands, a few."""
    shown: list[bytes] = []
    for name, value in headers:
        if len(shown) == MOST_SHOWN:
            break
        if name == b"authorization":
            scheme, _, secret = value.partition(b" ")
            if scheme.lower() == b"bearer" and secret.strip():
                shown.append(secret.strip())
        elif name == b"x-api-key" and value:
            shown.append(value)
    return shown


def find_digest(shown: Sequence[bytes], known: Sequence[bytes]) -> bytes | None:
    """The known digest that something shown has. Takes as long whether or not, and wherever, one is found."""
    found = None
    for secret in shown:
        own = digest(secret)
        for other in known:
            if hmac.compare_digest(own, other):
                found = other
    return found


def digest(secret: bytes) -> bytes:
    """32 bytes that tell nothing of the secret."""
    return sha256(secret).digest()
