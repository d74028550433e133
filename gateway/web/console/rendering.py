"""Templates as HTML: everything in them is escaped, and what is missing is an error instead of an empty place."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gateway.web.console import wording

HERE: Final = Path(__file__).parent
FOLDERS: Final = (HERE / "templates", HERE / "pages")  # `frame.html`, `parts/number.html`; `now/now.html`


class Templates:
    """Compiled once, printed often. Values come from typed view models; no template asks for anything."""

    def __init__(self, **known: Any) -> None:
        """`known`: what every template may name."""
        self._environment = Environment(
            loader=FileSystemLoader(FOLDERS),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(
            percent=wording.percent_text,
            count=wording.count_text,
            clock=wording.clock_text,
            minute=wording.minute_text,
            day=wording.day_text,
            span=wording.span_text,
            iso=lambda at: at.isoformat(timespec="seconds"),
        )
        self._environment.globals.update(known)

    def print(self, name: str, **values: Any) -> str:
        """One template with its values."""
        return self._environment.get_template(name).render(values)

    def check(self, name: str) -> None:
        """Raises TemplateSyntaxError."""
        self._environment.get_template(name)

    def names(self) -> list[str]:
        """All templates there are."""
        return self._environment.list_templates(extensions=["html"])


def already_html(text: str) -> Markup:
    """Text that is HTML or SVG made by our own code of escaped parts."""
    return Markup(text)  # noqa: S704 - for what our own drawing made
