"""The reader leans on the wording of msgspec's errors: this is where a new wording shows, and what happens then."""

import json
from pathlib import Path

import msgspec
import pytest

from pipelines.export import Limits
from pipelines.export.json_text import locate
from pipelines.export.json_text.cursor import Cursor
from pipelines.export.json_text.locate import Miss, speaks, value_end
from pipelines.export.json_text.window import Window
from tests.pipelines.export.shapes import chain, message

VALUE = '{"a": [1, -2.5e3, "x\\u00e9\\ud83d\\ude00\u00e9\U0001f600", true, false, null, {}], "b": {"c": ""}}'.encode()
DECODER = msgspec.json.Decoder(msgspec.Raw)


def test_this_msgspec_words_its_errors_as_expected() -> None:
    assert speaks(), "the reader works without, but a third as fast: see pipelines/export/json_text/locate.py"


@pytest.mark.parametrize("after", [b"", b" ", b",", b" ,", b"]", b"\n  }", b'"', b"{", b"[1"])
def test_the_end_is_behind_the_value_and_its_white_space(after: bytes) -> None:
    blank = len(after) - len(after.lstrip())
    assert value_end(DECODER, memoryview(VALUE + after)) == len(VALUE) + blank


def test_a_view_that_ends_anywhere_inside_is_cut() -> None:
    for length in range(len(VALUE)):
        assert value_end(DECODER, memoryview(VALUE[:length])) is Miss.CUT


def test_a_refusal_far_from_the_end_is_no_cut() -> None:
    assert value_end(DECODER, memoryview(b'{"a": NaN}' + b" " * 100)) is Miss.REFUSED
    assert value_end(DECODER, memoryview(b"[" * 100_000)) is Miss.DEEP


class WithoutMsgspec(Cursor):
    """As with a msgspec that words its errors differently."""

    def __init__(self, window: Window, limits: Limits) -> None:
        super().__init__(window, limits)
        self._fast = False


def test_without_the_wording_the_same_values_are_found(tmp_path: Path) -> None:
    path = tmp_path / "export"
    elements = [chain(message(text="x" * n), id=str(n)) for n in range(60)]
    path.write_text(json.dumps([*elements, 1, "a]", None, [1]]))

    def walk(kind: type[Cursor]) -> list[bytes]:
        with path.open("rb") as file:
            cursor = kind(Window(file, 4096), Limits())
            cursor.peek()
            found = []
            for _ in cursor.items():
                span = cursor.value(1 << 20)
                assert span is not None
                found.append(bytes(span.view))
            return found

    assert walk(WithoutMsgspec) == walk(Cursor)
    assert locate.speaks()
