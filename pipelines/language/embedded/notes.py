"""Reads ready-made statements about the user: custom instructions, the assistant's saved memory, editable contexts."""

from collections.abc import Iterator

from pipelines.contract import Fact, Message
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.phrases import statement
from pipelines.language.embedded.grammar.sentences import Sentence, split_sentences
from pipelines.language.embedded.grammar.words import alternatives, vocabulary
from pipelines.language.embedded.reader import LONGEST_EVIDENCE, read_sentence
from pipelines.work import late_patterns as re

_THIRD = re.compile(
    r"\b(?:the )?user(?P<own>'s)?\b(?:\s+(?P<verb>is|has|was|does(?:n't)?|doesn't|isn't)\b)?", re.IGNORECASE
)
_FIRST = {"is": "I am", "has": "I have", "was": "I was", "doesn't": "I don't", "does": "I do", "isn't": "I am not"}
_HEADING = re.compile(
    r"^(?:"
    r"#+ .*|.*:|\d{4}-\d\d-\d\d\.?|\[\d{4}-\d\d-\d\d\]\.?|the user provided .*|the user editable context.*|"
    r"user profile.*|```.*|user's instructions.*|model set context.*|this profile is shown .*|the following .*)$",
    re.IGNORECASE,
)
_PROMPT = re.compile(r"\[\d{4}-\d\d-\d\d\]\.?|(?m:^\d+\.\s)")
_WISH = re.compile(
    r"\b(?:answers?|respon[ds]\w*|reply|replies|tone|be |use |keep |avoid|never|always|don't|format|explain|prefer)",
    re.IGNORECASE,
)
_LABELS = alternatives(
    "preferred_name name nickname role occupation job other_information about_me about_user location"
)
_GREETED = re.compile(rf"^\s*{_LABELS}\s*:\s*(.+)$", re.IGNORECASE)


def note_facts(note: Message, conversation_id: str) -> Iterator[Fact]:
    """Every statement of a note is a fact: by a frame when one reads it, else kept as it stands."""
    text = _PROMPT.sub(lambda found: " " * len(found.group()), note.text.replace("\u2019", "'"))
    for sentence in split_sentences(text):
        if _HEADING.match(sentence.text):
            continue
        evidence = note.text[sentence.start : sentence.end][:LONGEST_EVIDENCE]
        for candidate in _candidates(sentence, wish=note.kind == "user_instructions"):
            yield Fact(
                candidate.category,
                candidate.value[:140],
                evidence,
                conversation_id,
                note.id,
                note.time,
                1,
                candidate.detail[:140],
            )


def _candidates(sentence: Sentence, *, wish: bool) -> Iterator[Candidate]:
    labelled = _GREETED.match(sentence.text)
    if labelled:
        yield from _labelled(sentence.text, labelled.group(1))
        return
    personal = _as_first_person(sentence.text)
    found = [
        candidate
        for candidate in read_sentence(
            Sentence(personal, 0, len(personal)), vocabulary(personal), alone=True, anchored=True
        )
        if candidate.value.strip()
    ]
    if found:
        yield from found
    elif len(sentence.text.split()) > 2:
        value = statement(re.sub(r"^(?:(?:the )?user|please)\s+", "", sentence.text, flags=re.IGNORECASE), 22)
        if value:
            yield Candidate("preference" if wish or _WISH.search(sentence.text) else "life_context", value)


def _labelled(text: str, value: str) -> Iterator[Candidate]:
    label = text.split(":", 1)[0].lower()
    if "name" in label:
        yield Candidate("name", statement(value, 4))
    elif label.strip() in {"role", "occupation", "job"}:
        yield Candidate("occupation", statement(value, 10))
    elif "location" in label:
        yield Candidate("location", statement(value, 8))
    else:
        for sentence in split_sentences(value):
            yield from _candidates(sentence, wish=False)


_USER_VERBS = alternatives(
    "is has was live(s) work(s) prefer(s) like(s) love(s) enjoy(s) want(s) use(s) own(s) play(s) hate(s) run(s) "
    "plan(s) speak(s) studies teaches believe(s)"
)
_SAID_OF_USER = re.compile(rf"\s*{_USER_VERBS}\s", re.IGNORECASE)


def _as_first_person(text: str) -> str:
    """ "The user lives in Leeds" as "I lives in Leeds"; "Prefers short answers" as "I Prefers short answers"."""
    if _SAID_OF_USER.match(text):
        text = "User " + text[:1].lower() + text[1:]
    return _THIRD.sub(_replace, text)


def _replace(found: "re.Match[str]") -> str:
    if found["own"]:
        return "my"
    verb = (found["verb"] or "").lower()
    return _FIRST.get(verb, "I") if verb else "I"
