"""One suite over every language engine: the embedded rules, and a model provider over real HTTP in each dialect."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from pipelines.contract import NOT_ENOUGH, SECTION_FIELDS, Language, Message, Passage, SectionName
from pipelines.language.embedded import EmbeddedLanguage
from pipelines.stages.ledger import consolidate, total_tokens
from tests.fakes.provider import running_provider
from tests.pipelines.language.provider.conftest import VENDORS, open_rig

HEADINGS = ("Preferences", "Projects", "Important Dates", "Beliefs & Values", "Decisions & Context")
TALK = Passage(
    "c1",
    "Getting to know me",
    1_700_000_000.0,
    (
        Message("m1", "user", "Hi! My name is Ana. I live in Lisbon.", 1_700_000_000.0),
        Message("m2", "assistant", "Nice to meet you! My name is Mallory and I live in Paris.", 1_700_000_001.0),
        Message("m3", "user", "I love painting. I prefer short answers.", 1_700_000_002.0),
    ),
)
OTHERS_ONLY = Passage("c2", "t", None, (Message("m4", "assistant", "My name is Mallory. I love chess."),))


async def compute_here(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


@pytest.fixture(params=["embedded", *VENDORS])
async def language(request: pytest.FixtureRequest) -> AsyncIterator[Language]:
    if request.param == "embedded":
        yield EmbeddedLanguage(compute_here)
        return
    with running_provider() as provider:
        async with open_rig(provider, request.param) as rig:
            yield rig.language


def test_it_says_what_it_is_and_how_much_fits(language: Language) -> None:
    assert language.name
    assert language.window_tokens > 0
    assert language.extract_characters > 0


async def test_what_the_user_says_is_found_with_its_evidence(language: Language) -> None:
    extraction = await language.extract([TALK])
    found = {fact.value.casefold(): fact for fact in extraction.facts}
    assert {"ana", "lisbon", "painting"} <= set(found)
    assert (found["ana"].category, found["ana"].message_id) == ("name", "m1")
    assert (found["lisbon"].category, found["painting"].message_id) == ("location", "m3")
    texts = {message.id: message.text for message in TALK.messages}
    for fact in extraction.facts:
        assert fact.conversation_id == "c1"
        assert fact.sentence.rstrip(".! ") in texts[fact.message_id]


async def test_what_others_say_is_not_about_the_user(language: Language) -> None:
    values = {fact.value for fact in (await language.extract([TALK, OTHERS_ONLY])).facts}
    assert not values & {"Mallory", "Paris", "chess"}


async def test_nothing_to_read_is_no_fact(language: Language) -> None:
    assert (await language.extract([])).facts == ()
    assert (await language.extract([OTHERS_ONLY])).facts == ()


async def test_the_users_own_text_is_accounted_for(language: Language) -> None:
    extraction = await language.extract([TALK])
    own = sum(len(message.text) for message in TALK.messages if message.role == "user")
    assert extraction.read_chars + extraction.unread_chars == pytest.approx(own, rel=0.1)


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
async def test_reducing_fits_and_adds_nothing(language: Language, share: float) -> None:
    facts = (await language.extract([TALK])).facts
    keep = int(total_tokens(consolidate(facts)) * share)
    left, _ = await language.reduce(facts, keep)
    assert total_tokens(left) <= keep
    assert {fact.value for fact in left} <= {fact.value for fact in facts}


@pytest.mark.parametrize("section", SECTION_FIELDS)
async def test_a_section_has_its_fields_and_no_others(language: Language, section: SectionName) -> None:
    extraction = await language.extract([TALK])
    fields, _ = await language.section(section, extraction.facts, extraction.style, [TALK])
    assert set(fields) == set(SECTION_FIELDS[section])
    assert all(isinstance(value, str | list) for value in fields.values())


@pytest.mark.parametrize("section", SECTION_FIELDS)
async def test_a_section_about_nothing_says_so(language: Language, section: SectionName) -> None:
    fields, usage = await language.section(section, (), {}, [])
    assert all(value in (NOT_ENOUGH, []) for value in fields.values())
    assert usage.calls == 0


async def test_the_user_section_holds_what_was_found(language: Language) -> None:
    extraction = await language.extract([TALK])
    fields, _ = await language.section("user", extraction.facts, extraction.style, [TALK])
    assert fields["name"] == "Ana"
    assert "Lisbon" in fields["location"]
    assert "painting" in fields["interests"]


async def test_memory_has_its_five_headings_and_what_was_found(language: Language) -> None:
    text, _ = await language.memory((await language.extract([TALK])).facts)
    assert [heading for heading in HEADINGS if heading in text] == list(HEADINGS)
    assert "short answers" in text.casefold()


async def test_memory_of_nothing_says_so(language: Language) -> None:
    text, usage = await language.memory(())
    assert NOT_ENOUGH in text.casefold()
    assert usage.calls == 0


async def test_a_question_is_answered_in_words(language: Language) -> None:
    answer, _ = await language.answer("Where do I live?", "Lives in Lisbon.", ["I live in Lisbon."])
    assert answer.strip()
