"""Elements of a drawing, with everything escaped; a chart in its wide and its narrow form, and as a table."""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Svg:
    """Markup that stands in a page as it is: templates know `__html__` and escape it no further."""

    text: str

    def __html__(self) -> str:
        return self.text

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart, in words. The first column of a row names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: a drawing for wide screens, one for narrow ones, and the same numbers for whoever sees neither."""

    name: str  # unique in a page
    title: str
    wide: Svg
    narrow: Svg
    table: Table


@dataclass(frozen=True, slots=True)
class Canvas:
    """How large a drawing is, in its own units; it is scaled to the width that the page has."""

    name: str  # unique in a page: what names the drawing is found by it
    width: float
    height: float
    narrow: bool = False


def element(tag: str, *children: Svg, **attributes: str | float | None) -> Svg:
    """One element. `class_` is `class`, `text_anchor` is `text-anchor`; None leaves an attribute out."""
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(in_short(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inner = "".join(child.text for child in children)
    return Svg(f"<{tag}{named}>{inner}</{tag}>" if inner else f"<{tag}{named}/>")


def words(text: str) -> Svg:
    """Text as text, whatever is in it."""
    return Svg(escape(text))


def label(text: str, x: float, y: float, class_: str, anchor: str | None = None) -> Svg:
    """A line of text at a place; `anchor`: where of the text that is, its start if nothing is said."""
    return element("text", words(text), class_=class_, x=x, y=y, text_anchor=anchor)


def drawing(canvas: Canvas, class_: str, title: str, description: str, *parts: Svg) -> Svg:
    """The whole drawing, with its name and what it shows in words."""
    size = "narrow" if canvas.narrow else "wide"
    title_id, description_id = f"{canvas.name}-{size}-title", f"{canvas.name}-{size}-text"
    return element(
        "svg",
        element("title", words(title), id=title_id),
        element("desc", words(description), id=description_id),
        *parts,
        class_=f"draw {class_} {size}",
        viewBox=f"0 0 {in_short(canvas.width)} {in_short(canvas.height)}",
        role="img",
        focusable="false",
        aria_labelledby=f"{title_id} {description_id}",
    )


def in_short(value: str | float) -> str:
    """Numbers with one decimal, which is less than a pixel."""
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0").replace("-0", "0", value == 0)
