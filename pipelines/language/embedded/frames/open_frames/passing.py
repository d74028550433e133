"""Tells what is said in passing ("I need this in Python") from what is said of oneself ("I need step-free access")."""

from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import statement
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_VAGUE_WORDS = alternatives(
    "it this that these those them him her you your yours how what why whether if one_of such each myself like_this "
    "like_that like_you like_a some_of some_kind some_sort there here lol haha up_with through_this through_the "
    "about_it about_this about_that"
)
_VAGUE_NOUNS = alternatives(
    "same first second third last one other next following above below previous original former latter way code rest "
    "right wrong best most"
)
_VAGUE_VERBS = alternatives("know see ask understand be do get use make add create write say find")
_VAGUE = re.compile(
    rf"(?:{_VAGUE_WORDS}|the {_VAGUE_NOUNS}|(?:anything|something|nothing|everything)(?! (?:on|with|in|from|by)\b)|"
    rf"to {_VAGUE_VERBS}|an? (?:few|bit|couple|way|lot|different|specific|certain)|into (?:this|an?|the))\b",
    re.IGNORECASE,
)
_CHAT = re.compile(
    r"\b(?:you|your|yours|chatgpt|gpt|above|below|following|"
    r"this (?:one|chat|conversation|answer|code|text|question|part))\b",
    re.IGNORECASE,
)
_CHAT_WORDS = word_set("you your yours chatgpt gpt above below following this")
_TASK_WORDS = word_set(
    "code codes script scripts function functions method methods error errors bug bugs exception exceptions file "
    "files folder folders directory directories table tables column columns row rows list lists string strings array "
    "arrays loop loops regex query queries variable variables output outputs input inputs button buttons image images "
    "link links url urls page pages document documents docs paragraph paragraphs text texts essay essays letter "
    "letters version versions option options suggestion suggestions answer answers question questions prompt prompts "
    "response responses example examples step steps line lines formula formulas equation equations value values "
    "number numbers graph graphs dataset datasets command commands endpoint endpoints model models result results "
    "problem problems issue issues doubt doubts idea ideas thing things stuff point points parts word words term "
    "terms difference differences meaning meanings task tasks assignment assignments homework spreadsheet "
    "spreadsheets cell cells json csv pdf pdfs xml html css object objects component components package packages "
    "module modules request requests token tokens key keys repo repos branches branch template templates test tests "
    "layer layers node nodes instance instances vector vectors integer integers sequence sequences message messages "
    "sentence sentences title titles topic topics translation translations summary summaries explanation explanations "
    "information info details clue feeling look reason choice access following trouble sense article paper report "
    "presentation stories story poem character scenario situation case plan approach solution sum x y n plugin "
    "extension login password account server app site website form field user users customer customers project "
    "dataframe dataframes email emails"
)
_TASK_PHRASE = re.compile(
    r"\b(?:class(?:es)? (?:that|which|named|called|in)|data frames?|e-mails?|hard time|ways? (?:to|of)|"
    r"(?:dependenc|difficult|matri)\w+)\b"
)
_MUCH = re.compile(r"^(?:a lot|lots|loads|plenty|tons) of\s")
_WORD = re.compile(r"\w+")
_HABIT_TIMES = alternatives(
    "every most each these_days mostly mainly at_weekend(s) at_the_weekend(s) in_my_spare(_)time in_my_free(_)time "
    "in_my_down(_)time daily weekly regularly for_a_living for_fun full(-)time part(-)time after_work before_work "
    "to_work"
)
_SINCE_TIMES = alternatives(
    "i_was last childhood january february march april may june july august september october november december"
)
_HABIT = re.compile(
    rf"\b(?:{_HABIT_TIMES}|on (?:weekends?|weekdays?)|(?:in the|at) (?:evenings?|mornings?|nights?)|"
    rf"since (?:\w+ )?(?:\d{{4}}|{_SINCE_TIMES})|(?:once|twice|thrice|\w+ times) (?:a|per) (?:day|week|month|year)|"
    rf"a (?:week|day|month|year)$|for (?:\w+ ){{1,3}}(?:years|decades)|"
    rf"on (?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    re.IGNORECASE,
)
_OFTEN = frozenset(
    ["usually", "often", "regularly", "always", "sometimes", "mostly", "mainly", "generally", "normally"]
)


def told(rest: str) -> str:
    """The words after a verb, with their "after midnight" and "before work"."""
    return statement(_WHEN.sub("\\1\x02\\2", rest), 12).replace("\x02", "")


_WHEN = re.compile(r"(\s)((?:after|before)\s(?!(?:i|we|you|that|this)\b))", re.IGNORECASE)


def vague(object_: str) -> bool:
    """Whether it only points at something: "it", "this one", "how to ..."."""
    return _VAGUE.match(_MUCH.sub("", object_)) is not None


def about_the_task(object_: str) -> bool:
    """Whether it speaks of the chat, or of the pieces that tasks are made of."""
    start = " ".join(object_.split()[:6]).lower()
    words = _WORD.findall(start)
    if not _TASK_WORDS.isdisjoint(words) or (not _CHAT_WORDS.isdisjoint(words) and _CHAT.search(start)):
        return True
    return _TASK_PHRASE.search(start) is not None


def is_habit(clause: Clause) -> bool:
    """Whether adverbs or a stretch of time make the clause a habit."""
    return not _OFTEN.isdisjoint(clause.adverbs) or _HABIT.search(clause.sentence) is not None
