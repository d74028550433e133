"""The command's entry: lists the sub-commands, imports the one that is asked for, and turns expected failures into one
line and an exit code."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from gateway.cli.errors import USAGE, CommandError
from gateway.cli.lazy_group import LazyGroup, Listed
from gateway.cli.text.wrong_values import problem_of

HERE = "gateway.cli.commands"


class Commands(LazyGroup):
    """The commands, in the order of the help; each line is the beginning of what the command says of itself."""

    listed = (
        Listed("serve", f"{HERE}.processes:serve", "Answer HTTP, and run jobs beside it unless --no-worker is given."),
        Listed("worker", f"{HERE}.processes:worker", "Run jobs only."),
        Listed("migrate", f"{HERE}.processes:migrate", "Bring the database to this version's schema."),
        Listed(
            "check",
            f"{HERE}.check:check",
            "Check the settings, and import all pipelines and all parts of the gateway; nothing is opened or made.",
        ),
        Listed(
            "submit",
            f"{HERE}.submit:submit",
            "Send an export through the running gateway and print what came out.",
        ),
        Listed("result", f"{HERE}.results:result", "Print a user's live soulprint and MEMORY."),
        Listed(
            "explain",
            f"{HERE}.results:explain",
            "Say which pipeline serves a user now, and why; and what the last job, or the one named, was given.",
        ),
        Listed(
            "rollback",
            f"{HERE}.rollback:rollback",
            "Put the last result of the base back for every user whose live result another pipeline made.",
        ),
        Listed(
            "demo",
            f"{HERE}.demo:demo",
            "Play a rollout in a fresh folder: ramp the newest version, compare it, break it, and see it rolled back.",
        ),
        Listed("jobs", f"{HERE}.jobs:commands", "Look at jobs, cancel them, run them again."),
        Listed("rollout", f"{HERE}.rollout:commands", "Read and move the share of users that the candidate serves."),
        Listed("ramp", f"{HERE}.ramp:commands", "Raise the dial step by step, while all is well."),
        Listed("flags", f"{HERE}.flags:commands", "Create the flags that decide."),
        Listed(
            "shadow",
            f"{HERE}.shadow:commands",
            "Compare the pipelines: rates beside their noise, pairs side by side.",
        ),
        Listed("users", f"{HERE}.users:commands", "Look at who had which version; remove a user's data."),
        Listed("drill", f"{HERE}.drill:commands", "Rehearse what has to work when it is needed."),
    )

    def invoke(self, ctx: Any) -> Any:
        """Run the command that is asked for. A value that cannot be read raises CommandError."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as wrong:
            read = getattr(wrong.__cause__, "errors", None)
            if read is None or wrong.param is None:
                raise
            raise CommandError(f"{wrong.param.opts[0]} {problem_of(read()[0])}", USAGE) from None


app = typer.Typer(
    name="gateway",
    cls=Commands,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"gateway {version('soulprint-gateway')}")
        raise typer.Exit


@app.callback()
def gateway(
    _version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """One route, two pipelines, picked per user by a flag. Settings come from the environment."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line (by default the process's); expected failures print one line to standard error."""
    try:
        app(args=arguments)
    except CommandError as failure:
        sys.stderr.write(f"gateway: {failure}\n")
        raise SystemExit(failure.code) from None
