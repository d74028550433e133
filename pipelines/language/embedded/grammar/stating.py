"""Tells what is stated from what is asked, supposed, reported, or asked to be written."""

from pipelines.language.embedded.grammar.sentences import Sentence
from pipelines.language.embedded.grammar.words import alternatives, first_word, first_words, word_set
from pipelines.work import late_patterns as re

_INVERTED = word_set(
    "do does did should can could would will am are have has may might must shall was were what how which who whom "
    "why where when before until till whether than whatever whenever wherever if unless don't didn't can't couldn't "
    "shouldn't"
)
_SUPPOSING = alternatives(
    "if unless whether as_though supposing suppose imagine imagining wish pretend in_case what_about how_about "
    "even_if as_if let's_say provided lest assuming"
)
_HYPOTHETICAL = re.compile(
    rf"\b(?:{_SUPPOSING}|in (?:this|the|my|our) (?:story|scenario|game|example|scene|dream|book|novel))\b[^.;\x01]*$|"
    r"^\W*for (?:example|instance)\b"
)
_HYPOTHETICAL_WORDS = word_set(
    "story scenario game example scene dream book novel if unless whether though supposing suppose imagine imagining "
    "wish pretend case what how let's provided lest assuming instance"
)
_REPORT_WORDS = word_set(
    "say says said saying tell tells told telling ask asks asked claim claims claimed think thinks thought thinking "
    "believes believing replied replies wrote writes goes stating state states insists insisted assumes assume joked "
    "shouted like said:"
)
_HARMLESS_IF = re.compile(
    r"\bif (?:it|that|this|you|anyone|possible|relevant|needed|so|not|there|someone|anything)\b[^,]*,[^,]*$"
)
_REPORTING = (
    "say(s) said saying tell(s) told telling ask(s) asked claim(s) claimed think(s) thought thinking believe(s) "
    "believing replied replies wrote writes goes stating state(s) insist(s) insisted assume(s) joked shouted like"
)
_TOLD = "me us him her them you that to"
_TOLD_OF_ONESELF = alternatives(
    "doctor gp dentist nurse pharmacist physio surgeon hospital waiter chef restaurant hotel host airline landlord "
    "landlady boss manager employer hr teacher school university neighbours neighbors family parents mum mom dad"
)
_SELF_TOLD = re.compile(  # "I need to tell the doctor in Denia that I'm coeliac" says so of the user
    rf"\bi (?:need|have|want|should|must|ought)(?: to)? tell (?:my|the|our) {_TOLD_OF_ONESELF}\b[^.;:]{{0,30}}$",
    re.IGNORECASE,
)
_REPORTED = re.compile(rf"\b{alternatives(_REPORTING)}\b(?:\s+{alternatives(_TOLD)})*[\s,:]*$")
_DENIED_ENDS = ("that", "like", "say", "said", "think", "claim", "mean", "sure", "true", "ed")
# How the last word of what _REPORTED finds may end: nothing is left of it where a colon stands alone.
_REPORT_ENDS = ("s", *(word.replace("(s)", "") for word in f"{_REPORTING} {_TOLD}".split()))
_DENIED = re.compile(
    r"\bnot (?:that|like)\s*$|"
    r"\b(?:never|not|n't|doubt)\s+(?:say|said|think|claim|mean|sure|true)(?:ed)?\s+(?:that\s+)?$"
)
_SELF_REPORT = re.compile(r"\b(?:i|i've|i'd|we)\s+(?:\w+\s+)?(?:say|said|think|thought|believe|told|tell|should say)\b")
_POLITE_OPENINGS = alternatives(
    "please pls can could would will you kindly help me us hi hey hello now i_want i_need i_would i_wanna want need to "
    "like i'd and then just let's so ok okay"
)
_TASK_OPENINGS = alternatives(
    "write generate create compose draft produce give tell make suggest list design build come_up provide show "
    "explain describe prepare find recommend outline brainstorm tweet post reply respond answer invent craft "
    "formulate include mention add work insert weave incorporate emphasize emphasise"
)
_TASK_OBJECTS = alternatives("me us a an the some my our in this that up about how why what two three five ten")
_TASK = re.compile(
    rf"^(?:[\W_]*+{_POLITE_OPENINGS},?\s++){{0,8}}{_TASK_OPENINGS}\b"
    rf"(?=\s+(?:{_TASK_OBJECTS}|\d+|\w+ (?:about|for|that|on))\b|\s*:)",
    re.IGNORECASE,
)
_TASK_VERBS = word_set(
    "write generate create compose draft produce give tell make suggest list design build come provide show explain "
    "describe prepare find recommend outline brainstorm tweet post reply respond answer invent craft formulate include "
    "mention add work insert weave incorporate emphasize emphasise"
)
_CONTENT_WORDS = alternatives(
    "saying say(s) that_i that_my that_we fact_that in_which where about_how as_if as_though telling stating claiming "
    "explaining pretending which"
)
_TASK_WORDS = re.compile(rf"\b{_CONTENT_WORDS}\b|:", re.IGNORECASE)
_QUESTION_WORDS = alternatives(
    "what what's whats how how's which who when where why whose should do does did don't can could would will is are "
    "am was were isn't aren't have has may any shall got is_it right correct or_not ok okay thoughts ideas "
    "recommendation(s) suggestion(s) tips advice good best you yes no possible the_best must might anything anyone eh "
    "huh please so"
)
_QUESTION_START = re.compile(
    rf"(?:^|[,;:\x01]\s*|\s[-\u2013\u2014]+\s*|\b(?:and|but|so|then)\s+){_QUESTION_WORDS}\b",
    re.IGNORECASE,
)
_QUESTION_OPENINGS = "and but so also hey hi hello ok okay then now well or please"
_QUESTION_VERBS = "do does did should can could would will is are am was were have has may shall must"
_QUESTION_SUBJECTS = alternatives("i you we my our it this that the there he she they a an")
_OPEN_QUESTION = re.compile(
    rf"^(?:\W*+{alternatives(_QUESTION_OPENINGS)}\W++){{0,2}}(?:"
    rf"{alternatives(_QUESTION_VERBS)}\s+{_QUESTION_SUBJECTS}\b|"
    rf"(?:what|how|which|who|where|why|whose)\b(?!\s+i\s+(?:like|love|want|prefer|decided|chose)))",
    re.IGNORECASE,
)


_QUESTIONS_BEGIN = first_words(f"{_QUESTION_OPENINGS} {_QUESTION_VERBS} what how which who where why whose")


def statement_end(sentence: Sentence) -> int:
    """How far the sentence states something: up to its question, 0 when it only asks."""
    text = sentence.text
    if first_word(text) in _QUESTIONS_BEGIN and _OPEN_QUESTION.match(text):
        return 0
    if not sentence.asks:
        return len(text)
    found = _QUESTION_START.search(text)
    return found.start() if found else 0


_OF_US = alternatives("i i'm im i've ive we we're we've my our")
_ASKS_ON = alternatives("should can could do would shall may might")
_BACKGROUND = re.compile(
    rf"(?:,|;|\s[-\u2013\u2014]+|\b(?:because|cos|cuz|coz))\s+(?:but |and )?(?={_OF_US}\s)(?!(?:i|we) {_ASKS_ON}\b)",
    re.IGNORECASE,
)


_TEXT_WORDS = alternatives(
    "text sentence(s) paragraph phrase(s) word(s) email e-mail letter essay lyric(s) line quote poem story translate "
    "translation translated improve rewrite reword rephrase correct proofread grammar say says mean means called write "
    "told ask(s) answer what_if who_is who_am imagine suppose pretend"
)
_OF_TEXTS = re.compile(rf"\b{_TEXT_WORDS}\b", re.IGNORECASE)  # what follows "can you improve this text;" is the text


def stated(sentence: Sentence) -> str:
    """What a sentence states: its beginning, up to its question; of an open one without a mark, the background that
    follows it: "what r some easy breakfasts, im allergic to peanuts"."""
    end = statement_end(sentence)
    if end or sentence.asks:
        return sentence.text[:end]
    found = _BACKGROUND.search(sentence.text)
    return sentence.text[found.end() :] if found and not _OF_TEXTS.search(sentence.text, 0, found.start()) else ""


def task_of(text: str, words: frozenset[str]) -> "re.Match[str] | None":
    """The task that a sentence opens with ("Write me a plan ..."), if any."""
    return None if words.isdisjoint(_TASK_VERBS) else _TASK.match(text)


def is_stated(text: str, start: int, task: "re.Match[str] | None") -> bool:
    """Whether what starts at `start` is said as true: not asked, supposed, reported, or asked to be written."""
    before = text[:start]
    if not before.strip():
        return True
    previous = before.rsplit(None, 1)[-1].lower().strip("\"'(*")
    if previous in _INVERTED:
        return False
    own = task and task.group().lower().endswith("tell") and _SELF_TOLD.search(before)
    if task and not own and start > task.start() + 1 and (_TASK_WORDS.search(before) or not _opens_clause(before)):
        return False
    low = before.lower()  # `re` finds among many words several times as fast where it need not fold their case
    words = low.replace(",", " ").split()
    if not _HYPOTHETICAL_WORDS.isdisjoint(words) and _HYPOTHETICAL.search(low) and not _HARMLESS_IF.search(low):
        return False
    denied = low.rstrip().endswith(_DENIED_ENDS) and _DENIED.search(low) is not None
    if denied or "according to" in low:
        return False
    return not (
        not _REPORT_WORDS.isdisjoint(words)
        and _may_end_a_report(words[-1])  # a word looked at, before a search from every word of a sentence on
        and _REPORTED.search(low)
        and not _SELF_REPORT.search(low)
    )


def _may_end_a_report(last: str) -> bool:
    said = last.rstrip(":")
    return not said or said.endswith(_REPORT_ENDS)


_TIMES = alternatives(
    "day(s) morning(s) afternoon(s) evening(s) night(s) week(s) weekend(s) month(s) year(s) time(s) summer winter "
    "spring autumn fall moment minute while end beginning start whole way least last first same side hand thing "
    "kid child fact truth point problem issue bit lot break holidays semester term"
)
_LINKS = alternatives("and but or so because since that when while as if then though although a lot too also reasons")
_BEFORE_A_THING = alternatives("is are was be of about see like love try read watch cook with some")
_OF_A_THING = re.compile(
    rf"\b{_BEFORE_A_THING}\s+"
    rf"(?:the|a|an|some|these|those)\s(?:(?!{_LINKS}\b)[\w'-]+\s){{0,3}}?(?!(?:{_TIMES}|{_LINKS})\s*$)[a-z]{{3,}}\s*$"
)


def is_relative(before: str) -> bool:
    """Whether what follows only says which thing is meant: "these are the rolls" + "we sell at the bakery"."""
    return before.endswith(" ") and _OF_A_THING.search(before[-80:].lower()) is not None


def _opens_clause(before: str) -> bool:
    """After a task, a statement needs its own clause: "a plan, I'm 34", "a gift because I ..."."""
    return bool(re.search(r"(?:[,;.:)\u2013\u2014-]|\b(?:because|since|as|so|and|but))\s*$", before))
