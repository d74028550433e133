"""Whether a wish is about answers for good: "Never use emojis", not "Explain recursion with examples"."""

from pipelines.language.embedded.frames.answering.lasting import ALONE, KEPT
from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_OF_WISHES = ("manners", "naming", "requests", "goals.want")
_FOR_GOOD_WORDS = alternatives(
    "always never ever from_now_on in_(the_)future going_forward by_default each_time all_the_time "
    "at_all_times in_every when_i_ask when_you_calculate constantly so_much so_many"
)
_FOR_GOOD = re.compile(
    rf"\b(?:{_FOR_GOOD_WORDS}|in general(?=\W*$|,)|when(?:ever)? you|every time(?! there)|whenever(?! \w+(?:\W|$)))\b",
    re.IGNORECASE,
)
_OF_ANSWERS_WORDS = alternatives("your_answers your_replies your_responses with_me for_me to_me me_as")
_OF_ANSWERS = re.compile(rf"\b{_OF_ANSWERS_WORDS}\b", re.IGNORECASE)
_REASON = re.compile(
    r"[,;] (?:as |since |because )?i [a-z]+\b|\b(?:i'm|i am|i've|i have|my)\b|\bnot a native\b", re.IGNORECASE
)
_TASKS = alternatives(
    "give gives show shows include add more cite tell put start end format_in format_the make quote ask refer less "
    "summarize summarise translate convert describe discuss lead suggest "
    "get remember only generate list change rewrite repeat"
)
_LASTING_USES = alternatives(
    "metric imperial si uk us british american short simple easy plain celsius type first they she"
)
_ACTS_OF_A_TASK = alternatives("include create write output offer show list add put give change explain mention repeat")
_OF_A_TASK = re.compile(
    rf"(?:please )?{_TASKS}\b|use (?!{_LASTING_USES}\b|24|he/|(?-i:[A-Z][a-z]))|(?:never|do not|"
    rf"don't) {_ACTS_OF_A_TASK}\b|"
    r"write (?!to me\b|for me\b|in (?-i:[A-Z])|in (?:full|whole|complete|short|simple|plain|clear)\b)|"
    r"(?:no|avoid) (?:the|sources|examples)\b|keep the\b|"
    r"(?:answer|reply|respond|write) (?:it|this|that|them|the|as|to the|with (?:the|examples?|more|dale))\b|the \w+",
    re.IGNORECASE,
)
_EXPLAINS_ONE = re.compile(
    r"(?:please )?explain (?!things|everything|stuff|concepts|all\b|why|your)|(?:tell|give) me \d", re.IGNORECASE
)
_THEN_SHOWN = re.compile(r"\b(?:with|as|like|this|following)\s?:|:\W*$", re.IGNORECASE)
_PIECES = alternatives(
    "description(s) story stories article(s) blog title(s) outline heading(s) headings code script plan product "
    "proposal essay(s) letter email section(s) chapter(s) paragraph response table flashcards quiz above below "
    "mentioned previous plugin page website schema report(s) video prompt(s) dialog summary data query file "
    "files tests function solution list name"
)
_OF_A_PIECE = re.compile(rf"\b(?:the|this|each|these|update|any|in|of) (?:\w+ ){{0,2}}?{_PIECES}\b|\babove\b|: ")
_ANSWERING = alternatives(
    "answer(s) answering reply replies respond response(s) responding explain explaining explanation(s) call calling "
    "address speak talk write writing give show use using cite apologise apologize apologising apologizing "
    "apologies summarise summarize emoji(s) bullet(s) bullet_points list(s) table(s) heading(s) jargon disclaimer(s) "
    "caveat(s) fluff filler flattery pleasantries tone units metric imperial celsius dates english spelling concise "
    "brief short direct blunt formal informal casual polite friendly simple plain technical honest sugarcoat treat "
    "assume translate convert source(s) reference(s) citation(s) example(s) sentences paragraphs words comments type "
    "lecture hedge small_talk follow-up question(s) code maths math basics word delve dashes markdown"
)
_ABOUT_ANSWERS = re.compile(rf"\b{_ANSWERING}\b", re.IGNORECASE)
_NO_WISH = re.compile(
    r"^never (?:i|no|we|you|go|words?|apologies|answer$)\b|^only (?:in|two|three|\d|a|one|the)\b|"
    r"\b(?:they|he|she|it|you)'?(?:d|ll| would| will| were| are)\b|^no (?:warning|answers? from)\b|^remember$|"
    r"^(?:talk|reply) to me$|\beach$|\b(?:the|these|those) words\b|\ba quiz\b|"
    r"\blike (?:your|you're|you are) an?\b|^examples$|"
    r"[^\x00-\u024f\u2010-\u2027]|^answer as my\b|^write in \w+ language\b|"
    r"^(?:no need|you don't (?:need|have)) to (?!explain\b(?! (?:it|this|that|yourself)))",
    re.IGNORECASE,
)


_ONE_WORD_FOR_GOOD = re.compile(r"\b(?:always|never|ever)\b", re.IGNORECASE)


def _is_for_good(value: str, sentence: str) -> bool:
    """Whether a word for all time belongs to the wish: not "add that users should always check"."""
    found = _FOR_GOOD.search(sentence)
    if found is None or not _ONE_WORD_FOR_GOOD.fullmatch(found.group()):
        return found is not None
    begins = sentence.lower().find(value.lower().removeprefix("never ")[:8])
    return found.start() <= begins + 2 or len(sentence) - found.end() < LONGEST_END


LONGEST_END = 12  # characters after "ever": "no bullet points please, ever"


def stands(candidate: Candidate, sentence: str, *, alone: bool, short: bool) -> bool:
    """Whether a wish holds for later answers. `alone`: whether the message says nothing else, so that no task is in it;
    `short`: whether it is short. What is no wish about answers is not judged here."""
    value = candidate.value
    if candidate.rule in (KEPT, ALONE):
        return not _OF_A_PIECE.search(value) and (alone or candidate.rule == KEPT)
    if (candidate.rule and not candidate.rule.startswith(_OF_WISHES)) or value.startswith("calls the assistant"):
        return True
    if _NO_WISH.search(value) or _OF_A_PIECE.search(value) or not _ABOUT_ANSWERS.search(value):
        return False
    if _EXPLAINS_ONE.match(value) or _THEN_SHOWN.search(sentence):
        return False
    if _is_for_good(value, sentence):
        return True
    said_of_all = alone or (short and _OF_ANSWERS.search(sentence)) or _REASON.search(sentence)
    return bool(said_of_all) and not _OF_A_TASK.match(value)
