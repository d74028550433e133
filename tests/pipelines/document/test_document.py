"""The documents: readable Markdown that says what was found, and honestly what was not."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract import NOT_ENOUGH, SECTION_FIELDS, SectionName
from pipelines.document.section import render_section
from pipelines.document.soulprint import render_soulprint
from pipelines.history.census import Census

values = st.one_of(
    st.text(max_size=30), st.just(NOT_ENOUGH), st.lists(st.text(max_size=20), max_size=3), st.none(), st.integers(),
    st.lists(st.dictionaries(st.sampled_from(["name", "relation"]), st.text(max_size=9)), max_size=2),
)  # fmt: skip


def test_a_section_reads_well() -> None:
    fields = {
        "name": "Emily",
        "location": "not enough data",
        "interests": ["painting", "the piano"],
        "relationships": [{"name": "Tom", "relation": "brother"}],
        "life_context": [],
    }
    assert render_section("user", fields) == (
        "# User: the person\n\n"
        "**Name**: Emily\n\n"
        "**Interests**:\n\n- painting\n- the piano\n\n"
        "**Relationships**: Tom (brother)\n\n"
        "_Not enough data yet for: location, occupation, life context, preferred address._\n"
    )


@given(st.fixed_dictionaries(dict.fromkeys(SECTION_FIELDS["soul"], values)))
def test_any_fields_render_and_only_the_closing_line_speaks_of_missing_data(fields: dict[str, object]) -> None:
    text = render_section("soul", fields)
    assert text.startswith("# Soul")
    assert all(NOT_ENOUGH not in line.casefold() for line in text.splitlines() if not line.startswith("_Not enough"))


def test_the_soulprint_has_its_sections_in_order_and_memory_a_level_down() -> None:
    sections: dict[SectionName, dict[str, str]] = {"soul": {"humor_style": "dry"}, "user": {"name": "Emily"}}
    memory = "# Memory\n\n## Preferences\n\n- tea\n"
    text = render_soulprint(sections, Census(1, 1_234, 600, 1.6e9, 1.7e9), memory, ["40% unread."])
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Soulprint", "## User: the person", "## Soul: voice and temperament", "## Memory", "### Preferences",
    ]  # fmt: skip
    assert "_40% unread._" in text
    assert "_From 1 conversation and 1,234 messages, September 2020 to November 2023._" in text


def test_the_soulprint_says_once_what_there_is_not_enough_data_for() -> None:
    sections: dict[SectionName, dict[str, str]] = {"tools": {}, "user": {"name": "Emily"}}
    memory = "# Memory\n\n## Preferences\n\n- tea\n\n_Not enough data yet for: Projects._\n"
    text = render_soulprint(sections, Census(1, 2, 3, 1.6e9, 1.7e9), memory)
    closing = [line for line in text.splitlines() if NOT_ENOUGH in line.casefold()]
    assert closing == [text.splitlines()[-1]]
    assert "location" in closing[0]
    assert "likely usage" in closing[0]
    assert "## Tools" not in text
