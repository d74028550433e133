"""Where in a message a draft begins that speaks for another: "Write a bio for my boss", "Caption: I love the sea"."""

from pipelines.language.embedded.grammar.words import alternatives, first_words, word_set
from pipelines.work import late_patterns as re

_SOMEBODY = "boss manager client friend colleague coworker student employee intern teammate customer ceo"
_SOMEBODYS = word_set(_SOMEBODY)
_DRAFTING = alternatives("write draft create compose make prepare generate")
_DRAFTS = alternatives(
    "bio biography speech letter e(-)mail text_message message statement post essay review profile recommendation "
    "reference cv resume cover_letter toast vow(s) application eulogy poem"
)
_FOR_SOMEBODY = re.compile(
    rf"\b{_DRAFTING}\b (?:me )?(?:an?|the|some) (?:[\w-]+ ){{0,3}}?{_DRAFTS} for "
    rf"(?:my|our|an?|the) (?:[\w-]+ ){{0,2}}?{alternatives(_SOMEBODY)}\b",
    re.IGNORECASE,
)
_LINE = (
    "caption headline tagline slogan testimonial tweet toast quote persona character feedback case_study "
    "repeat_after_me"
)
_LINES = first_words(_LINE)
_HEADED = re.compile(rf"\b{alternatives(_LINE)}\b[^.:!?\n]{{0,40}}?(?::| [-\u2013\u2014])\s", re.IGNORECASE)
_WORKS = alternatives(
    "grammar_check spell_check check_grammar shorter longer simpler more_formal more_casual less_formal formal "
    "rephrase paraphrase proofread reply reply_to_this respond respond_to_this translate translation summary summarize "
    "summarise fix fix_this improve improve_this edit rewrite reword polish correct correct_this correction"
)
_ASKS_ABOUT = alternatives("mean means meant reply respond answer say_back write_back this_ok this_good this_correct")
_LANGUAGE = (
    "german french spanish english italian chinese japanese korean russian portuguese dutch polish turkish arabic "
    "hindi latin"
)
_LANGUAGES, _LANGUAGE_WORDS = alternatives(_LANGUAGE), word_set(_LANGUAGE)
_LONGEST_HEAD = 90  # characters of a line that stands above a text
_ABOVE_IT = (
    re.compile(  # the line over a text: "grammar check", "How should I reply?"; "in Spanish: I have two sisters"
        rf"\s*(?:(?:please |now |make it |a bit |even )*{_WORKS}(?: please| it| this)?[ .:!]*\n|"
        rf"[^\n.!]{{0,60}}\b{_ASKS_ABOUT}\s?\?[ \t]*\n|"
        rf"(?:(?:in|into|to) {_LANGUAGES}\s?[,:]|{_LANGUAGES} for\b))\s*",
        re.IGNORECASE,
    )
)
_OF_WORDS = "difference"
_BETWEEN_WORDS = re.compile(r"\bdifference between\b", re.IGNORECASE)
_PARTICIPANTS = re.compile(r"\bP1\b(?=.*\bP2\b)", re.DOTALL)
_MACHINE = re.compile(
    r"\b(?:as|i am|i'm) (?:just )?an? (?:ai\b|artificial intelligence\b|(?:large )?language model\b|chatbot\b)",
    re.IGNORECASE,
)
_MACHINES = word_set("ai artificial language chatbot")


def drafted_from(text: str, words: frozenset[str]) -> int:
    """Where the draft begins; the text's length where there is none."""
    may_head = "\n" in text[:_LONGEST_HEAD] or not words.isdisjoint(_LANGUAGE_WORDS)
    if may_head and (above := _ABOVE_IT.match(text)):
        return above.end()
    if not words.isdisjoint(_MACHINES) and _MACHINE.search(text):  # an assistant's text
        return 0
    found = _FOR_SOMEBODY.search(text) if not words.isdisjoint(_SOMEBODYS) else None
    found = found or (_HEADED.search(text) if not words.isdisjoint(_LINES) else None)
    found = found or (_BETWEEN_WORDS.search(text) if _OF_WORDS in words else None)
    found = found or (_PARTICIPANTS.search(text) if "p2" in words else None)
    return found.end() if found else len(text)
