"""Expected failures of a command: one clear line for a person, one exit code for a script."""

FAILED = 1  # what was asked for did not happen
USAGE = 2  # the command line or a setting is wrong
UNREACHABLE = 3  # the gateway, the database or the flag server does not answer
MISSING = 4  # there is no such job, user or file
START_HERE = "in {}: start `gateway serve` from this folder, or set DATA_DIR"


class CommandError(Exception):
    """Ends the command with `message` on standard error and `code` as the exit status; no traceback."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code
