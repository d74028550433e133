"""The `Language` protocol as the embedded engine serves it."""

import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract import NOT_ENOUGH, SECTION_FIELDS, Fact, Language, Message, Passage
from pipelines.language.embedded import EmbeddedLanguage
from pipelines.language.embedded.facts import tokens_of
from tests.pipelines.language.embedded.reading import compute_here, read, said, values

TALK = (
    "Hi, I'm Marta and I live in Ghent. I work as a midwife.",
    "My son Theo is 9. I'm allergic to shellfish.",
    "I love bouldering and baking. Please keep your answers short.",
    "I'm building a recipe app for people with kidney disease.",
    "We decided to go with Postgres because the team knows it.",
    "My driving test is on 14 February.",
    "I believe that cities should belong to pedestrians.",
    "I'll send the slides to Ada by Wednesday.",
)


@pytest.fixture
def language() -> EmbeddedLanguage:
    return EmbeddedLanguage(compute_here)


def test_it_is_a_language(language: EmbeddedLanguage) -> None:
    served: Language = language
    assert served.name == "embedded"
    assert served.window_tokens > 0


async def test_extracting_in_batches_is_the_same_as_in_one(language: EmbeddedLanguage) -> None:
    passages = [said(text, start=index * 1000.0) for index, text in enumerate(TALK)]
    passages = [
        msgspec.structs.replace(
            passage, messages=tuple(msgspec.structs.replace(m, id=f"{index}") for m in passage.messages)
        )
        for index, passage in enumerate(passages)
    ]
    whole = await language.extract(passages)
    padding = Passage("p", "", None, (Message("big", "assistant", "x" * 4_000_001),))
    parted = await language.extract([*passages[:4], padding, *passages[4:]])
    assert parted == whole
    assert len(whole.facts) >= 10


class Marked(str):
    """A text whose end can be watched."""

    __slots__ = ("__weakref__",)


async def test_what_it_wrote_from_goes_with_it() -> None:
    language = EmbeddedLanguage(compute_here)
    value = Marked("bouldering")
    kept = weakref.ref(value)
    facts = [Fact("interest", value, "I love bouldering.", "c", "m")]
    del value
    for section in SECTION_FIELDS:
        await language.section(section, facts, {}, [])
    text, _ = await language.memory(facts)
    assert "bouldering" in text.lower()
    del facts, language
    gc.collect()
    assert kept() is None


async def test_nothing_in_nothing_out(language: EmbeddedLanguage) -> None:
    extraction = await language.extract([])
    assert (extraction.facts, extraction.style, extraction.read_chars) == ((), {}, 0)


async def test_notes_come_first_and_are_kept_whole(language: EmbeddedLanguage) -> None:
    notes = (
        Message("n1", "system", "I'm a violinist in Vienna. I have perfect pitch, oddly enough.", 1.0, "user_profile"),
        Message("n2", "tool", "User's daughter is called Ida. Prefers metric units. User lives in Graz.", 2.0, "bio"),
    )
    passage = Passage("c", "", 0.0, (Message("m", "user", "I enjoy rowing."),), notes)
    facts = (await language.extract([passage])).facts
    assert facts[0].message_id == "n1"
    assert facts[-1].value == "rowing"
    found = " | ".join(fact.value for fact in facts)
    for expected in ("violinist", "perfect pitch", "Ida", "metric units", "Graz"):
        assert expected in found
    for fact in facts[:-1]:
        assert any(fact.sentence in note.text for note in notes)


async def test_it_says_how_much_it_could_not_read(language: EmbeddedLanguage) -> None:
    english = "I live in Ghent and I work as a nurse."
    others = (
        "Ich wohne in Berlin und arbeite als Lehrer, und ich mag Musik.",
        "Vivo en Madrid con mi familia y trabajo en una escuela.",
        "私は東京に住んでいます。犬が好きです。",
        "Я живу в Москве и работаю врачом.",
    )
    extraction = await language.extract([said(english, *others)])
    assert extraction.read_chars == len(english)
    assert extraction.unread_chars == sum(map(len, others))
    assert values(extraction.facts, "location") == ["Ghent"]


@settings(max_examples=50, deadline=None)
@given(st.integers(-5, 4000), st.integers(0, 40))
async def test_reducing_fits_and_ends(keep: int, many: int) -> None:
    facts = [
        Fact("interest", f"thing {index} " + "x" * index, "s" * index, "c", f"m{index}", float(index))
        for index in range(many)
    ]
    kept, usage = await EmbeddedLanguage(compute_here).reduce(facts, keep)
    assert sum(map(tokens_of, kept)) <= max(0, keep)
    assert set(kept) <= set(facts)
    assert usage.calls == 0


async def test_every_section_has_its_fields_from_evidence(language: EmbeddedLanguage) -> None:
    extraction = read(*TALK)
    for section, fields in SECTION_FIELDS.items():
        written, _ = await language.section(section, extraction.facts, extraction.style, [])
        assert tuple(written) == fields
    user, _ = await language.section("user", extraction.facts, extraction.style, [])
    assert (user["name"], user["location"], user["occupation"]) == ("Marta", "Ghent", "midwife")
    assert "bouldering" in user["interests"]
    agents, _ = await language.section("agents", extraction.facts, extraction.style, [])
    assert "short" in agents["response_style"].lower()


async def test_without_evidence_nothing_is_made_up(language: EmbeddedLanguage) -> None:
    for section in SECTION_FIELDS:
        written, _ = await language.section(section, [], {}, [])
        assert all(value in (NOT_ENOUGH, []) for value in written.values()), written


async def test_memory_folds_the_headings_without_a_fact_into_one_line(language: EmbeddedLanguage) -> None:
    headings = ["Preferences", "Projects", "Important Dates", "Beliefs & Values", "Decisions & Context"]
    empty, _ = await language.memory([])
    full, _ = await language.memory(read(*TALK).facts)
    assert empty.splitlines()[2:] == [f"_Not enough data yet for: {', '.join(headings)}._"]
    assert [line[3:] for line in full.splitlines() if line.startswith("## ") and line != "## About"] == headings
    assert NOT_ENOUGH not in full.lower()
    for expected in (
        "Marta",
        "Recipe app",
        "14 February",
        "pedestrians",
        "Postgres",
        "the team knows it",
        "by 14 January 1970",
    ):
        assert expected in full


async def test_an_answer_quotes_and_says_so(language: EmbeddedLanguage) -> None:
    answer, _ = await language.answer("Where do I live?", "Marta lives in Ghent.\nShe bakes.", ["The weather is fine."])
    assert answer.startswith("Quoting")
    assert "> Marta lives in Ghent." in answer
    nothing, _ = await language.answer("What about quantum chromodynamics?", "Marta lives in Ghent.", [])
    assert ">" not in nothing


def test_two_runs_give_identical_bytes() -> None:
    script = (
        "import sys; import msgspec\n"
        "from tests.pipelines.language.embedded.reading import read\n"
        "from tests.pipelines.language.embedded.test_engine import TALK\n"
        "sys.stdout.buffer.write(msgspec.json.encode(read(*TALK)))"
    )
    root = Path(__file__).parents[4]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "4242")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 500
