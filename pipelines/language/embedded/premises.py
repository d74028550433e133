"""Masks what follows a premise: a part to play, a text to work on, a story to write, a riddle.

The "I" after it is somebody else's.
"""

from pipelines.language.embedded.grammar.sentences import MASK
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.others.drafts import drafted_from
from pipelines.work import late_patterns as re

_ROLE_PHRASES = alternatives(
    "act(ing)_as act(ing)_like role(-)play(ing) role_play pretend(ing) your_name_is stay_in_character play_the_role "
    "play_the_part take_(on_)the_role simulate imagine suppose supposing hypothetically assume_(that_)i "
    "assume_(that_)we assume_(that_)you assume_(that_)my picture_this fictional hypothetical imaginary speak_as "
    "respond_as answer_as talk_as the_perspective_of in_the_voice_of "
    "in_the_style_of text_adventure dungeon_master ignore_(all_)previous"
)
_ROLE_STARTS = alternatives("a(n) the my captain dr mr mrs called named playing dan in")
_ROLE_PLAY = re.compile(
    rf"\b(?:"
    rf"{_ROLE_PHRASES}|you are (?:now |going to |to )?{_ROLE_STARTS}\b|you're (?:an?|my|playing|called|named)\b|"
    rf"you will (?:be|play|act)\b|let's (?:play|pretend|imagine|say|suppose|assume)|say (?:i|my|we)\b|"
    rf"for (?:a|my) (?:story|novel|screenplay)\b|in a (?:parallel|fictional|fantasy) |you are \w+ing (?:me|my)\b|"
    rf"i am your\b)",
    re.IGNORECASE,
)
_TRANSFORM_VERBS = (
    "translate proof(-)read paraphrase rewrite re-write rephrase reword summarise summarize correct fix edit improve "
    "shorten polish continue complete classify simplify convert spell(-)check expand condense tag label extract "
    "annotate punctuate transcribe parse finish turn make grade critique respond_to reply_to answer"
)
_ASKING = alternatives(
    "please pls can_you could_you would_you will_you help_me kindly hi hey hello now then and i_want_you_to "
    "i_need_you_to i'd_like_you_to you_should let's just"
)
_TRANSFORM = re.compile(
    rf"^[ \t]*+(?:{_ASKING},?\s++){{0,4}}{alternatives(_TRANSFORM_VERBS)}\b[^\n:.?!]{{0,100}}",
    re.IGNORECASE | re.MULTILINE,
)
_GIVEN_TEXTS = alternatives(
    "this these that following below above text sentence(s) paragraph(s) passage essay e(-)mail letter story poem "
    "abstract grammar spelling punctuation sentiment conversation dialogue message review quote phrase caption "
    "translation"
)
_LANGUAGES = alternatives(
    "german french spanish english italian chinese japanese korean russian portuguese dutch polish turkish arabic "
    "hindi latin"
)
_DEICTIC = re.compile(rf"\b(?:{_GIVEN_TEXTS}|to {_LANGUAGES}|into \w+)\b", re.IGNORECASE)
_MATERIAL_WORDS = alternatives(
    "here's here_is here_are this_is below_is following wrote writes say(s) said got_this received reads replied text "
    "e(-)mail essay article transcript message letter paragraph story poem lyrics abstract quote review example(s) "
    "sample input output prompt passage post tweet statement sentence description dialogue answer question comment "
    "translate translation data log error draft speech script template"
)
_MATERIAL = re.compile(rf"\b{_MATERIAL_WORDS}\b[^.:!?\n]{{0,60}}:", re.IGNORECASE)
_MY_TEXTS = alternatives("essay text email letter story draft article poem answer abstract cv resume speech paragraph")
_ABOUT_ME = re.compile(
    rf"\b(?:(?<!spare )(?<!tell )(?<!give )(?<!help )(?<!show )me|myself|"
    rf"my (?!\w+ (?:wrote|said|says|sent|replied))(?!{_MY_TEXTS})\w+|background|context|we|i)\b",
    re.IGNORECASE,
)
_GENRES = word_set(
    "story stories poem song lyrics rap novel scene dialogue monologue screenplay script haiku limerick fairytale "
    "tale fanfic fanfiction character roleplay sonnet ballad diary skit sketch joke"
)
_FICTION_VERBS = alternatives("write tell create generate compose make give draft continue")
_FICTION = re.compile(rf"\b{_FICTION_VERBS}\b[^.\n:]{{0,60}}\b(?:{'|'.join(sorted(_GENRES))})\b", re.IGNORECASE)
_TRANSFORM_WORDS = word_set(_TRANSFORM_VERBS.replace("(-)", "")) | {"proof", "spell"}
_ROLE_WORDS = word_set(
    "act acting role roleplay roleplaying pretend pretending you're character simulate let's imagine suppose "
    "supposing hypothetically assume say picture fictional story novel screenplay parallel fantasy perspective voice "
    "style dungeon ignore hypothetical imaginary"
)
_YOU_ARE = re.compile(
    r"[Yy]ou (?:are|will)\b|\b(?:[Aa]m|(?:[Rr]espond|[Aa]nswer|[Ss]peak|[Tt]alk) as)\b|[Yy]our name is"
)
_PUZZLE_WORDS = frozenset(["old", "many", "am", "twice", "times", "half"])
_LESSONS = alternatives(
    "lesson exercise unit worksheet quiz verse dialogue reading text passage act scene scenario case "
    "problem question example"
)
_PREMISE = re.compile(
    r"^\s*(?:"
    r"let \w+ be|given that|consider (?:the|a|an)\b|a (?:man|woman|person|patient|farmer|train)\b|premise|riddle|"
    r"puzzle|\d+[.)]\s*[A-Z][^\n]*\?|"
    rf"{_LESSONS} ?(?:\d+|[IVX]+|one|two)\b|(?:can you )?tell (?:me|us) about yourself\b|why should we hire you|"
    r"what (?:is|are) your (?:\w+ )?(?:strengths?|weakness(?:es)?)\b)",
    re.IGNORECASE,
)
_RIDDLE = re.compile(
    r"\b(?:twice|three times|half) as (?:much|many|old)\b|"
    r"\b(?:how old (?:is|am|are|was)|(?:who|what) am i(?= *(?:[?.,\n]|$))|"
    r"how many (?:\w+ ){1,3}(?:do|are|does) (?:i|we|they) (?:have|own|get|see|left))\b|"
    r"\bhow many (?:\w+ ){1,8}?(?:in total|altogether|left|remain|do all)\b",
    re.IGNORECASE,
)


def mask_premises(text: str, words: frozenset[str]) -> str:
    """Mask the rest of a message after a role, a scene or a task sets up somebody else's words."""
    if not words.isdisjoint(_TRANSFORM_WORDS):
        transform = _TRANSFORM.search(text)
        if transform and _DEICTIC.search(transform.group()):
            return MASK * len(text)
        if transform and text[transform.end() : transform.end() + 1] in {":", "\n"}:
            text = mask_from(text, transform.end())
    if _may_set_a_role(text, words) and (found := _ROLE_PLAY.search(text)):
        text = mask_from(text, found.start())
    if not words.isdisjoint(_GENRES) and (asked := _fiction_asked_for(text)) >= 0:
        text = mask_from(text, text.rfind("\n", 0, asked) + 1)
    if _PREMISE.match(text) or (not words.isdisjoint(_PUZZLE_WORDS) and _RIDDLE.search(text)):
        return MASK * len(text)
    text = mask_from(text, drafted_from(text, words))
    if "e.g." in text and (example := _EXAMPLE.search(text)):
        text = mask_from(text, example.end())
    return _mask_dictated(_mask_material(text)) if ":" in text else text


_OWN_AIMS = alternatives("goal dream aim ambition resolution plan plans planning hope hoping decided love loves")
_OWN_AIM = re.compile(rf"\b{_OWN_AIMS}\b[^.!?\n]{{0,24}}\bto $", re.IGNORECASE)
_LONGEST_AIM = 40  # characters


def _fiction_asked_for(text: str) -> int:
    """Where a story is asked for, or -1: "my goal is to write a novel" asks for none."""
    for found in _FICTION.finditer(text):
        if not _OWN_AIM.search(text[max(0, found.start() - _LONGEST_AIM) : found.start()]):
            return found.start()
    return -1


def _may_set_a_role(text: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(_ROLE_WORDS) or ("you" in words and _YOU_ARE.search(text) is not None)


def _mask_material(text: str) -> str:
    for found in _MATERIAL.finditer(text):
        if not _ABOUT_ME.search(found.group()):
            return mask_from(text, found.end())
    return text


_DICTATING_VERBS = alternatives(
    "write say put describe check explain repeat complete continue finish comment_on analyse analyze review read use "
    "express format capitalise capitalize spell guess identify find discuss interpret respond"
)
_DICTATED = re.compile(
    rf"^[ \t]*+(?:please |pls |now |then |can you |could you )?{_DICTATING_VERBS}\b[^.:!?\n]{{0,60}}:\s",
    re.IGNORECASE | re.MULTILINE,
)


_SHALL_BEGIN = re.compile(
    r"\b(?:should|must|has to|needs to|to) (?:start|begin|open|read|say|go|sound)\b[^.:!?\n]{0,30}:\s", re.IGNORECASE
)
_EXAMPLE = re.compile(r"\be\.g\.,? (?=I\b|My\b)")  # "personas, e.g. I am Joan, 67"


def _mask_dictated(text: str) -> str:
    """Mask what a task hands over after its colon: "Write it in the first person: I am ..."."""
    found = _DICTATED.search(text)
    text = mask_from(text, found.end()) if found and not _ABOUT_ME.search(found.group()) else text
    begins = _SHALL_BEGIN.search(text)
    return mask_from(text, begins.end()) if begins else text


def mask_span(text: str, start: int, end: int) -> str:
    """`text` with what stands between masked."""
    return text[:start] + MASK * (end - start) + text[end:]


def mask_from(text: str, start: int) -> str:
    """`text` with all from `start` on masked."""
    return mask_span(text, start, len(text))
