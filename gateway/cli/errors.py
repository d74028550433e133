"""Expected failures of a command: one clear line for a person, one exit code for a script."""

from pydantic import ValidationError

FAILED = 1  # what was asked for did not happen
USAGE = 2  # the command line or a setting is wrong
UNREACHABLE = 3  # the gateway, the database or the flag server does not answer
MISSING = 4  # there is no such job, user or file


class CommandError(Exception):
    """Ends the command with `message` on standard error and `code` as the exit status; no traceback."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


def describe_settings_error(error: ValidationError) -> str:
    """One line that names each wrong setting by its environment variable."""
    lines = []
    for item in error.errors(include_url=False):
        name = ".".join(str(part) for part in item["loc"]).upper()
        message = item["msg"].removeprefix("Value error, ")
        lines.append(f"{name}: {message}" if name else message)
    return "; ".join(lines)
