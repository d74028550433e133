"""What no template may hold: the content policy forbids it, so it would silently do nothing in a browser."""

import re
from pathlib import Path

import pytest

from gateway.web.console.rendering import FOLDERS, Templates

FILES = sorted(path for folder in FOLDERS for path in folder.rglob("*.html"))
FORBIDDEN = {
    "a style attribute": r"\sstyle\s*=",
    "a handler": r"\son[a-z]+\s*=",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "a style sheet": r"<style",
    "hx-on": r"hx-on",
    "code in a value": r"\b(js|javascript):",
    "a trigger's filter": r"hx-trigger\s*=\s*\"[^\"]*\[",
    "something from elsewhere": r"(src|href|action)\s*=\s*\"(https?:)?//",
    "what is not escaped": r"\|\s*safe\b|autoescape",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_template_holds_nothing_that_the_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = {what: re.findall(pattern, text, re.IGNORECASE) for what, pattern in FORBIDDEN.items()}
    assert {what: places for what, places in found.items() if places} == {}


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">', "<p onclick='x()'>", "<script>x</script>", '<a href="javascript:x">',
        '<p hx-trigger="click[ctrlKey]">', '<img src="//evil.example/x">',
    ],
)  # fmt: skip
def test_and_it_would_be_found(text: str) -> None:
    assert any(re.search(pattern, text, re.IGNORECASE) for pattern in FORBIDDEN.values())


def test_every_template_can_be_read() -> None:
    templates = Templates(assets=None)
    assert len(templates.names()) == len(FILES)
    for name in templates.names():
        templates.check(name)
