"""The settings as a command reads them: a wrong one ends it with one line."""

from typing import TYPE_CHECKING

from gateway.cli.errors import USAGE, CommandError

if TYPE_CHECKING:
    from pydantic import ValidationError

    from gateway.config.settings import Settings


def read_settings() -> "Settings":
    """The settings of this environment. Raises CommandError that names what is wrong."""
    from pydantic import ValidationError

    from gateway.config.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        raise CommandError(describe_settings_error(error), USAGE) from None


def read_start_settings() -> "Settings":
    """The settings of a process that is to start: also its folder can be used. Raises CommandError."""
    from gateway.config.folders import folder_problem

    settings = read_settings()
    if problem := folder_problem("DATA_DIR", settings.data_dir):
        raise CommandError(problem, USAGE)
    return settings


def describe_settings_error(error: "ValidationError") -> str:
    """One line that names each wrong setting by its environment variable."""
    lines = []
    for item in error.errors(include_url=False):
        name = ".".join(str(part) for part in item["loc"]).upper()
        message = item["msg"].removeprefix("Value error, ")
        lines.append(f"{name}: {message}" if name else message)
    return "; ".join(lines)
