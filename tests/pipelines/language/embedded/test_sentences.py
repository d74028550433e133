"""Where a message is cut into sentences."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.language.embedded.grammar import sentences

PLAINLY = re.compile(r"(?<![.!?])[.!?]+[\"')\]*_]*(?=\s|$)|[\n\r]+|…")


@settings(max_examples=2_000, deadline=None)
@given(st.text(alphabet=".!?\n\r…\"')]*_ ab\u2028", max_size=16))
def test_the_fast_pattern_breaks_where_the_plain_one_does(text: str) -> None:
    found = [match.span() for match in sentences._BREAK.finditer(text)]
    assert found == [match.span() for match in PLAINLY.finditer(text)]
