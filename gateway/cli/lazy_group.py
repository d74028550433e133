"""A group of commands that are listed by name and one line, and imported only when one of them is asked for."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True)
class Listed:
    """One command as the list of commands shows it, and where it is: `module:name` of a function or a Typer."""

    name: str
    place: str
    help: str


class LazyGroup(TyperGroup):
    """Subclasses say what is `listed`. `commands` holds names and help; `get_command` gives the command itself."""

    listed: ClassVar[tuple[Listed, ...]] = ()

    def __init__(self, **attributes: Any) -> None:
        attributes["commands"] = self._list()
        super().__init__(**attributes)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the library's signature
        """The command, imported now; None if none is listed by that name."""
        return next((import_command(cmd_name, one.place) for one in self.listed if one.name == cmd_name), None)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands without importing one."""
        TyperGroup(name=self.name, commands=self._list()).format_commands(ctx, formatter)

    def _list(self) -> dict[str, Any]:
        return {one.name: TyperCommand(one.name, help=one.help) for one in self.listed}


def import_command(name: str, place: str) -> Any:
    """The function or Typer at `module:name`, as the command `name`."""
    module, _, attribute = place.partition(":")
    found = getattr(import_module(module), attribute)
    holder = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
    else:
        holder.command(name)(found)
    return typer.main.get_group(holder).commands[name]
