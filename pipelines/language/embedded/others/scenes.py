"""What a conversation has been set up as: after "Let's roleplay", whoever says "I" in it is somebody else."""

from enum import IntEnum
from typing import get_args

from pipelines.contract import Category
from pipelines.language.embedded.grammar.words import alternatives, first_word, vocabulary, word_set
from pipelines.work import late_patterns as re


class Scene(IntEnum):
    """What the user's messages of a conversation are from one of them on; what stands lower stays where it was set."""

    TALK = 0
    DESK = 1  # a text is worked on: what asks nothing is that text
    STORY = 2  # a story is written: what is liked or decided is of that story
    TEXTS = 3  # texts follow, one a message
    PLAY = 4  # a part is played


_PLAY_WORDS = word_set(
    "roleplay roleplaying role pretend pretending play playing simulate simulation dungeon adventure fictional mock "
    "character candidate"
)
_STORY_WORDS = word_set(
    "story stories fairytale tale novel novella screenplay fanfic fanfiction fiction monologue script"
)
_DESK_WORDS = word_set(
    "rewrite rephrase paraphrase proofread proofreading edit editing editor translate translating translator correct "
    "improve revise polish summarize summarise grammar spelling letter statement essay speech classify label "
    "text paragraph draft email homework answer answers"
)
_HANDING_OVER = (
    "give send paste provide write share post input type feed show supply present giving sending pasting providing "
    "writing sharing posting inputting typing showing"
)
_TEXTS_WORDS = word_set(_HANDING_OVER)
_PLAYER = "candidate interviewee patient customer client player guest hero protagonist victim"
_PART_WORDS = word_set(f"{_PLAYER} be you're are")
_SETTING_WORDS = _PLAY_WORDS | _PART_WORDS | _STORY_WORDS | _DESK_WORDS | _TEXTS_WORDS
_ASKED = (
    r"(?:^|[.!?:,;\n]\s{0,3}+|\b(?:please|you (?:to|will|should|must)|(?:can|could|would|will) (?:you|we)|let'?s|"
    r"let us|we (?:can|could|will)|(?:want|like) to|now)\s+)"
)
_PARTS = alternatives("game role part character scene scenario campaign dnd d&d dungeons_and_dragons rpg")
_TALKS = alternatives("conversation interview dialogue patient customer date debate meeting chat call")
_PLAYING = re.compile(
    rf"{_ASKED}(?:do |start |begin |engage in |have )?(?:a |an |some )?(?:"
    rf"role[- ]?play(?:ing)?\b(?! games?\b)|pretend(?:ing)? (?:that |to be |like |as )?(?:you|i|i'm|we|to|a|an|the)\b"
    rf"(?!(?:'re| are)? (?:able|can|could|have|know)\b)|"
    rf"play (?:\w+ ){{0,4}}?{_PARTS}\b|simulate (?:a|an|the|being) (?:[\w-]+ ){{0,4}}?{_TALKS}\b|mock interview\b)|"
    r"\b(?:dungeon master|text[- ](?:based )?adventure|choose your own adventure|role[- ]?play(?:ing)? "
    r"(?:session|game|scenario)|(?:completely|purely|entirely) fictional|stay in character|"
    r"you (?:are|will be) (?:a |an |the )?(?:\w+ ){0,3}?character (?:in|from|of|named|called))\b",
    re.IGNORECASE,
)
_PLAYERS = alternatives(_PLAYER)
_MY_PART = re.compile(
    rf"\bi(?:'ll| will| shall|'m going to| am going to|'m| am) (?:be |play |act as |take )?(?:the |your )"
    rf"(?:role of (?:the |a |an )?)?{_PLAYERS}\b(?! of\b| for\b| at\b)|"
    r"\bi(?:'ll| will) be (?:the|your|an?) [a-z]+,? (?:and |while )?you\b|(?:^|[.,!?\n]\s?)you be (?:the|my|an?)\b|"
    r"\byou(?:'re| are) (?-i:[A-Z][a-z]+)[.,;]? (?:and )?i(?:'m| am) (?-i:[A-Z][a-z]+)\b",
    re.IGNORECASE,
)
_TEXT_KINDS = alternatives(
    "text(s) sentence(s) paragraph(s) passage(s) essay(s) article(s) content section(s) story stories chapter(s) "
    "excerpt(s) e(-)mail(s) letter(s) review(s) transcript(s) draft(s) poem(s) lyrics post(s) message(s) tweet(s) "
    "conversation(s) dialogue(s) notes prompts"
)
_HANDS_OVER = alternatives(_HANDING_OVER)
_TEXTS_FOLLOW = re.compile(
    rf"\b(?:i(?:'ll| will| shall| am going to|'m going to| am about to|'m about to)) (?:now |then |next |be )?"
    rf"{_HANDS_OVER}\b (?:you )?(?:(?!about\b|with\b|in\b|how\b)[\w'-]+ ){{0,4}}?{_TEXT_KINDS}\b|"
    rf"\b{_TEXT_KINDS} (?:that |which )?i(?:'ll| will| am|'m) (?:going to |about to |now )?{_HANDS_OVER}\b",
    re.IGNORECASE,
)
_WORKS_ON = alternatives(
    "rewrite re-write rephrase paraphrase proofread proof-read edit translate correct improve revise polish summarize "
    "summarise shorten classify label"
)
_WRITES = alternatives("write create generate continue draft compose develop")
_DRAFTS = alternatives("statement_of_purpose personal_statement essay cover_letter speech")
_STORIES = alternatives(
    "story stories fairy(-)tale tale novel novella screenplay fanfic fanfiction fan_fiction monologue"
)
_FILMS = alternatives("film movie series show play episode sketch scene video game podcast")
_TELLING = re.compile(
    rf"{_ASKED}(?:help (?:me )?(?:to |with )?|also |just |start |to )?(?:{_WRITES}|come up with|make)(?:ing)? "
    rf"(?:me |us )?(?:(?!about\b|user\b|that\b)[\w'-]+ ){{0,6}}?"
    rf"(?:{_STORIES}|script for (?:an? |the |my )(?:[\w-]+ ){{0,3}}?{_FILMS})\b",
    re.IGNORECASE,
)
_HANDED_IN = alternatives("essay text letter story paragraph statement draft email homework answer(s)")
_WORKING = re.compile(
    rf"{_ASKED}(?:help (?:me )?(?:to |with )?|also |just |start |to )?(?:"
    rf"{_WORKS_ON}\b|{_WRITES} (?:me )?(?:[\w'-]+ ){{0,5}}?{_DRAFTS}\b|"
    r"(?:check|fix) (?:my |the |this |its |for )*(?:grammar|spelling|english|mistakes|errors)|"
    rf"(?:check|review|mark|grade|rate|look (?:at|over)) (?:my|the|this) (?:\w+ )?{_HANDED_IN}\b)|"
    r"\b(?:act as|you are) (?:an? |my |the )?(?:[\w-]+ ){0,3}?(?:editor|translator|proofreader|improver)\b",
    re.IGNORECASE,
)


_SELF_WORDS = word_set("i'm i'll i im you")


def scene_after(text: str, words: frozenset[str], before: Scene) -> Scene:
    """What a conversation is after a plain `text` of the user's, which has these words."""
    if before is Scene.PLAY:
        return before
    if _plays(text, words):
        return Scene.PLAY
    if before < Scene.TEXTS and not words.isdisjoint(_TEXTS_WORDS) and _TEXTS_FOLLOW.search(text):
        return Scene.TEXTS
    if before < Scene.STORY and not words.isdisjoint(_STORY_WORDS) and _TELLING.search(text):
        return Scene.STORY
    if before < Scene.DESK and not words.isdisjoint(_DESK_WORDS) and _WORKING.search(text):
        return Scene.DESK
    return before


def _plays(text: str, words: frozenset[str]) -> bool:
    if not words.isdisjoint(_PLAY_WORDS) and _PLAYING.search(text):
        return True
    may_part = not (words.isdisjoint(_PART_WORDS) or words.isdisjoint(_SELF_WORDS))
    return may_part and _MY_PART.search(text) is not None


LONGEST_REMARK = 120  # characters; where a text is worked on, what is longer and asks nothing is that text
LONGEST_ASIDE = 200  # where texts were announced
LONGEST_TALK = 350  # anywhere
_ALL: frozenset[Category] = frozenset(get_args(Category))
NOTHING: frozenset[Category] = frozenset()
_IN_PROSE: frozenset[Category] = frozenset(["interest", "preference", "belief"])
_OF_A_STORY: frozenset[Category] = _IN_PROSE | frozenset[Category](
    ["decision", "commitment"]
)  # "I like Rigs", "I decided that she leaves"
_ADDRESSED = word_set("you your you're yours please pls thanks thank")
_ORDERS = word_set(
    "give make write rewrite create change add remove include explain tell show provide suggest continue use do "
    "now again ok okay let lets revise rephrase edit keep mention highlight shorten expand reduce combine put fix "
    "improve"
)


def left_out(text: str, words: frozenset[str], before: Scene, after: Scene) -> frozenset[Category]:
    """What is not told of a message that has changed `before` to `after`: it may belong to what is played or written.

    A long message that asks nothing is mostly a letter of application, an answer in an interview, a page of a firm: who
    somebody is may stand in it, what somebody likes is said for its readers.
    """
    if after is Scene.PLAY:
        return _ALL
    asks = len(text) <= LONGEST_REMARK or addresses(text, words)
    if before is Scene.TEXTS and (len(text) > LONGEST_ASIDE or not addresses(text, words)):
        return _ALL
    if not asks and before is not Scene.TALK:
        return _ALL
    if before is Scene.STORY:
        return _OF_A_STORY
    return NOTHING if asks or len(text) < LONGEST_TALK else _IN_PROSE


def addresses(text: str, words: frozenset[str]) -> bool:
    """Whether a message asks anything of whoever reads it."""
    return "?" in text or not words.isdisjoint(_ADDRESSED) or first_word(text) in _ORDERS


class Setting:
    """What one conversation has been set up as. It is worked out where a fact was found: most messages give none."""

    def __init__(self) -> None:
        self._heard: list[str] = []
        self._scene = Scene.TALK

    def hear(self, text: str, words: frozenset[str]) -> None:
        """Remember a plain text of the user's, for those that follow, where it may set up anything."""
        if not words.isdisjoint(_SETTING_WORDS):
            self._heard.append(_ordering(text))

    def left_out(self, text: str, words: frozenset[str]) -> frozenset[Category]:
        """What is not told of the next text."""
        for heard in self._heard:
            self._scene = scene_after(heard, vocabulary(heard), self._scene)
        self._heard.clear()
        return left_out(text, words, self._scene, scene_after(_ordering(text), words, self._scene))


_ORDER_FIRST, _ORDER_LAST = 800, 400  # characters: an order stands before the text that it is about, or behind it


def _ordering(text: str) -> str:
    """What of a text may hold an order: of a long one, its beginning and its end."""
    if len(text) <= _ORDER_FIRST + _ORDER_LAST:
        return text
    return f"{text[:_ORDER_FIRST]}\n{text[-_ORDER_LAST:]}"
