"""Says where the console is; for a person at a terminal on this machine, also with a token made for this start."""

import secrets
import sys
from dataclasses import dataclass

from pydantic import SecretStr

from gateway.config.hosts import is_loopback
from gateway.config.secrets import is_strong
from gateway.config.settings import Settings


@dataclass(frozen=True, slots=True)
class ConsoleAccess:
    """The settings to start with, and the token that was made for this start alone."""

    settings: Settings
    made: str | None

    def line(self, url: str) -> str:
        """What is printed once the gateway listens. A token that was set is never printed."""
        if self.made is not None:
            return f"console at {url}/console, token for this start: {self.made}"
        if not self.settings.operators:
            return "no console: OPERATOR_TOKEN is not set"
        return f"console at {self.settings.console_origin or url}/console"


def open_console(settings: Settings, *, watched: bool | None = None) -> ConsoleAccess:
    """A token is made where only this machine reaches us, and a person sees what is printed: so it is in no log.

    `watched`: whether standard output is a terminal, if that is known.
    """
    seen = sys.stdout.isatty() if watched is None else watched
    if settings.operators or not seen or not is_loopback(settings.host):
        return ConsoleAccess(settings, None)
    token = make_token()
    return ConsoleAccess(settings.model_copy(update={"operator_token": SecretStr(token)}), token)


def make_token() -> str:
    """One that keeps the rule for tokens."""
    while not is_strong(token := secrets.token_urlsafe(32)):
        pass
    return token
