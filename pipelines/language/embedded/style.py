"""Counts how the user writes; every count adds up over messages."""

from collections.abc import Iterator, Mapping

from pipelines.work import late_patterns as re

_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2764]")
_EMOTICON = re.compile(r"(?<!\w)[:;]-?[)DPp(]|<3")
_SAMPLE = 4000  # characters of one message that are counted

_MARKS = {
    "polite": "please thanks thank appreciate kindly sorry grateful",
    "humour": "lol lmao rofl haha hahaha hehe jk lolol",
    "slang": "gonna wanna gotta kinda ya u ur thx pls plz omg btw idk tbh yeah nah dude bro yep nope",
    "code": "def import function console traceback regex api python javascript typescript sql html "
    "css docker git json bash "
    "npm pip kubernetes exception stacktrace compile compiler runtime",
    "contractions": "i'm i've i'll i'd don't can't won't it's that's isn't didn't doesn't you're "
    "we're they're what's let's couldn't "
    "wouldn't shouldn't haven't hasn't aren't wasn't he's she's there's we've you've dont cant im ive wont",
    "topic_writing": "essay email letter write rewrite draft blog story poem proofread article caption paragraph edit",
    "topic_learning": "explain difference learn understand teach meaning definition concept theory why",
    "topic_advice": "should advice recommend recommendation recommendations suggest suggestion suggestions ideas tips",
    "topic_planning": "plan plans schedule itinerary budget organize organise checklist agenda timeline",
    "feeling_worry": "worried anxious nervous stressed scared afraid overwhelmed",
    "feeling_joy": "happy excited glad thrilled grateful proud delighted",
    "feeling_anger": "angry annoyed frustrated frustrating furious",
    "feeling_sad": "sad lonely depressed upset heartbroken grieving",
}
_OPENINGS = ("hi", "hello", "hey", "good morning", "good evening", "good afternoon", "greetings", "yo", "howdy", "hiya")


def _marked() -> Iterator[tuple[str, str]]:
    for mark, words in _MARKS.items():
        for word in words.split():
            yield word, mark


_MARK_OF = dict(_marked())
_MARK_WORDS = frozenset(_MARK_OF)


def count_style(text: str, words: frozenset[str]) -> dict[str, float]:
    """Counts over one message of the user: sums, and for each mark 1 when the message shows it."""
    sample = text if len(text) <= _SAMPLE else text[:_SAMPLE]
    counts: dict[str, float] = {"messages": 1, "chars": len(text), "words": sample.count(" ") + 1}
    counts["sentences"] = sample.count(". ") + 1
    for word in words & _MARK_WORDS:
        counts[_MARK_OF[word]] = 1
    if "?" in sample:
        counts["questions"] = 1
        counts["sentences"] += sample.count("? ")
    if "!" in sample:
        counts["exclamations"] = 1
        counts["sentences"] += sample.count("! ")
    if len(sample) < 60:
        counts["short_messages"] = 1
    elif len(text) > 600:
        counts["long_messages"] = 1
    _count_shape(sample, counts)
    return counts


def _count_shape(sample: str, counts: dict[str, float]) -> None:
    start = sample[:24].lstrip()
    if start[:1].islower():
        counts["lower_starts"] = 1
    if "```" in sample:
        counts["code"] = 1
    if not sample.isascii() and (emojis := len(_EMOJI.findall(sample))):
        counts["emojis"] = emojis
    if (":" in sample or ";" in sample or "<3" in sample) and _EMOTICON.search(sample):
        counts["emoticons"] = 1
    opening = start.lower()
    if opening.startswith(_OPENINGS):
        greeting = next(word for word in _OPENINGS if opening.startswith(word))
        if not opening[len(greeting) : len(greeting) + 1].isalnum():
            counts["greetings"] = 1
            counts[f"greeting_{greeting.replace(' ', '_')}"] = 1


def add_counts(total: dict[str, float], counts: Mapping[str, float]) -> None:
    """Add `counts` to `total` in place."""
    for name, count in counts.items():
        total[name] = total.get(name, 0) + count


def share(style: Mapping[str, float], name: str) -> float:
    """How many of the user's messages show `name`, 0 to 1."""
    return min(1.0, style.get(name, 0.0) / style["messages"]) if style.get("messages") else 0.0
