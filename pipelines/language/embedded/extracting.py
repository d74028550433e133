"""What texts say: facts, style counts, and how much of them was read. The rules that this loads take half a second."""

from collections.abc import Sequence
from functools import lru_cache, partial

from pipelines.contract import Extraction, Fact, Message, Passage
from pipelines.language.embedded.english import is_readable
from pipelines.language.embedded.facts import merge_facts
from pipelines.language.embedded.grammar.words import plain, vocabulary
from pipelines.language.embedded.judging.meant import LONGEST_TAKING_BACK, takes_back
from pipelines.language.embedded.notes import note_facts
from pipelines.language.embedded.others.scenes import NOTHING, Setting
from pipelines.language.embedded.reader import Reads, candidates_of, facts_of, may_state
from pipelines.language.embedded.spoken import is_read
from pipelines.language.embedded.style import add_counts, count_style
from pipelines.work.time_limit import OverTime, Unlimited

READ_SECONDS = 3.0  # of processor time for one text
SAID_AGAIN = 1_000  # sentences that are remembered: people begin, thank and ask in the same words again and again
READ_CHARACTERS_A_SECOND = 20_000  # of a long one; it takes about a millionth of a second each


def extract_passages(passages: Sequence[Passage], limit: Unlimited | None = None) -> Extraction:
    """Facts from notes first, then from the user's own messages. The same messages give the same facts.

    A text that takes longer than `limit` grants it costs itself: it counts as unread.
    """
    limit = limit or Unlimited()
    ready: list[Fact] = []
    found: list[Fact] = []
    style: dict[str, float] = {}
    read = unread = given_up = 0
    notes_seen: set[str] = set()
    said = lru_cache(maxsize=SAID_AGAIN)(candidates_of)
    settings: dict[str, Setting] = {}  # by conversation: a long one is given as several passages
    for passage in passages:
        setting = settings.setdefault(passage.conversation_id, Setting())
        for note in passage.notes:
            if note.text not in notes_seen:
                notes_seen.add(note.text)
                try:
                    ready += limit.run(partial(_note, note, passage.conversation_id), _seconds(note.text))
                except OverTime:
                    unread, given_up = unread + len(note.text), given_up + 1
        last = 0  # how many facts the message before gave, if the user said it
        for message in passage.messages:
            if not is_read(message):
                last = 0
                continue
            del found[len(found) - _taken_back(message.text, last) :]
            try:
                work = partial(_message, message, passage.conversation_id, setting, said)
                facts, counts = limit.run(work, _seconds(message.text))
            except OverTime:
                unread, given_up, last = unread + len(message.text), given_up + 1, 0
                continue
            read, unread = (read + len(message.text), unread) if counts else (read, unread + len(message.text))
            add_counts(style, counts)
            found += facts
            last = len(facts)
    facts_ = merge_facts([*ready, *found])
    return Extraction(facts_, dict(sorted(style.items())), read, unread, given_up=given_up)


def _taken_back(text: str, last: int) -> int:
    """How many of the `last` facts, those of the user's message before, are taken back: "I like dolphins", "jk"."""
    return last if len(text) <= LONGEST_TAKING_BACK and takes_back(text) else 0


def _note(note: Message, conversation_id: str) -> list[Fact]:
    return [*note_facts(note, conversation_id)]


def _message(
    message: Message, conversation_id: str, setting: Setting, said: Reads
) -> tuple[list[Fact], dict[str, float]]:
    """The facts and style counts of one message; no counts where it cannot be read."""
    text = plain(message.text)
    words = vocabulary(text)
    if not is_readable(text, words):
        return [], {}
    counts = count_style(text, words)
    facts = [*facts_of(message, conversation_id, text, words, said)] if may_state(text, words) else []
    untold = setting.left_out(text, words) if facts else NOTHING
    setting.hear(text, words)
    return [fact for fact in facts if fact.category not in untold], counts


def _seconds(text: str) -> float:
    """How long it may take to read: hundreds of times what it takes, so that machines do not differ."""
    return READ_SECONDS + len(text) / READ_CHARACTERS_A_SECOND
