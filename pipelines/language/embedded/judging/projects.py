"""Whether a project is a thing that is made, and says which one."""

from collections.abc import Sequence

from pipelines.language.embedded.grammar.lexicon import LEMMAS
from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.language.embedded.judging.cut_off import lacks_company
from pipelines.language.embedded.judging.shapes import feels, is_gerund, phrase_objection, runs_on
from pipelines.language.embedded.judging.stumps import has_finite_verb, passes, points, words_of
from pipelines.work import late_patterns as re

_NO_PROJECTS = word_set(
    "campus weekends getting being weekdays time mornings myself "
    "health fitness body posture kinds sorts types for with in on"
)
_KINDS_OF_WORK = word_set(
    "project projects thing things brand plan plans work idea ideas business goal goals life future self relationship "
    "skills skill game technique routine routines career job dream dreams website content site app store shop stuff "
    "library paper book novel song songs collection series campaign event"
)
_SAYS_NOT_WHICH = word_set(
    "new big own personal current side fun little small another other few some couple important huge secret special "
    "similar different first next latest recent school work group team various creative the a an my our of"
)
_MAKERS = alternatives(
    "building rebuilding writing rewriting designing redesigning making developing creating translating renovating "
    "restoring recording organising organizing editing launching starting setting_up opening planning migrating porting"
)
_STEPS = alternatives("sprint phase step part chapter unit week day round level lesson")
_UNTOLD = re.compile(
    r"^company: (?:an? )?[\w-]+$|^website: |^(?:new|latest|next|better|specific) version\b|^\w+ to \w+$"
)
_ONE_STEP = re.compile(rf"{_STEPS} (?:\d+|one|two|three)\b|project with\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:tomorrow|tonight|since)\b|\binto \w+ based on\b|^project on \w+ \d")
_FOR_A_CLASS = re.compile(
    r"\b(?:paper|essay|report|project|presentation|lab)\b.*\bfor (?:my|our|a|the|this) .*\b(?:class|course|homework)\b"
)
_BY_ITSELF = re.compile(
    r"\W*working\b.*\b(?:is|are|was|were|can|could|would|makes?|takes?|helps?|sounds?|feels?|gives?)\b", re.IGNORECASE
)  # "Working on cars is fun": the work is what it speaks of
_MAKING = re.compile(rf"{_MAKERS} (?:an?|my|our|the|two|three|\d+)\b")


_LET_US_WORK = re.compile(r"\W*(?:\w+ ){0,3}let'?s work\b", re.IGNORECASE)
_WORKED_ON = re.compile(r"\bwork(?:ing|ed)?(?: \w+){0,2} on\b", re.IGNORECASE)
_WORKS = alternatives(
    "novel(s) book(s) app(s) application website(s) site game(s) course paper thesis dissertation essay(s) article(s) "
    "album(s) song(s) podcast blog channel newsletter startup start-up company business platform tool(s) library "
    "software "
    "program robot drone house renovation kitchen garden shed boat car motorcycle quilt sweater blanket sculpture "
    "painting(s) mural film movie documentary comic(s) memoir screenplay script play opera ep engine database system "
    "service network marketplace plugin extension bot broker api device monitor sensor machine prototype invention "
    "language compiler model project proposal grant research study manuscript anthology exhibition cookbook curriculum "
    "certification degree phd masters master's portfolio collection zine magazine poem(s) poetry musical symphony "
    "series "
    "campaign product brand line catalog guitar table treehouse greenhouse framework pipeline dashboard simulation"
)
_A_WORK = re.compile(rf"\b{_WORKS}\b|(?-i:[A-Z]\w*[A-Z])", re.IGNORECASE)
_PARTS = alternatives(
    "first second third next last previous section summary intro introduction list pro more some area way possible"
)
_NO_WORK = re.compile(
    rf"^(?:{_PARTS}|my (?:resume|cv)|(?:two|three|four|\d+) papers)\b|"
    r"\b(?:for the (?:last|past)|all month|to include)\b|^(?:potty|weight|speed)\b|\bposs?ible\b"
)


_LAST = re.compile(r"(?:last|previous|first|business requirements)\b|.*\b(?:following|above|below)\b")
_GENERIC = word_set(
    "mobile web based application app website site landing page pages course catalog ai ml project arduino group "
    "school "
    "new simple small big python java script online program software tool platform game video research paper an a "
    "the my our"
)


def _is_no_thing(value: str, words: Sequence[str]) -> bool:
    """Any website; the last one; "a paper about techniques to detect", which says not what."""
    endless = words[-2:-1] == ["to"] and LEMMAS.get(words[-1]) == words[-1]
    return (
        endless or words[-1] == "reading" or set(words) <= _GENERIC or _LAST.match(value) is not None or len(value) < 3
    )


def _is_a_work(value: str) -> bool:
    """Whether something is made: "a novel", not "my jump shot"."""
    return _A_WORK.search(value) is not None and _NO_WORK.search(value) is None


def project_objection(value: str, sentence: str) -> str:
    """Why it names no work of the user's: a thing that is made, and which one."""
    words = words_of(value)
    if (
        _LET_US_WORK.match(sentence)
        or (_WORKED_ON.search(sentence) and not _is_a_work(value))
        or points(value)
        or passes(value)
        or words[0] in _NO_PROJECTS
        or _UNTOLD.search(value)
        or _is_no_thing(value, words)
        or feels(value)
        or _WHEN.search(value)
        or runs_on(value)
        or has_finite_verb(value)
        or _BY_ITSELF.match(sentence)
        or _is_told_otherwise(words, sentence)
        or words[-1] in {"everything", "homework", "assignment"}
    ):
        return "stop phrase, or runs on"
    if value.islower() and (len(words) == 1 or (len(words) == 2 and words[0] in _SAYS_NOT_WHICH)):
        return "says not which"
    if words[0].endswith("ing") and is_gerund(words[0]) and not _MAKING.match(value):
        return "an activity"
    if _FOR_A_CLASS.search(value) or _is_a_part(value, words):
        return "homework, or a part of something"
    if set(words) <= _KINDS_OF_WORK | _SAYS_NOT_WHICH or lacks_company(value):
        return "says not which"
    return phrase_objection(value)


_SET = re.compile(
    r"\b(?:have|need|had|got) to (?:\w+ )?(?:work on|do|make|write|create|build|prepare|put together|code)\b",
    re.IGNORECASE,
)
_DONE = re.compile(r"\b(?:have|'ve|ve) (?:\w+ )?(?:worked|built|made|written|developed|led|completed)\b", re.IGNORECASE)
_MANY = word_set("several many multiple various numerous some")


def _is_told_otherwise(words: Sequence[str], sentence: str) -> bool:
    """A task that was set, many that were done, or the title of a description that follows."""
    done = words[0] in _MANY and _DONE.search(sentence)
    return bool(done or _SET.search(sentence)) or sentence.rstrip().endswith(":")


def _is_a_part(value: str, words: Sequence[str]) -> bool:
    """ "Sprint 2", "backwards part": of what, only the chat knows."""
    return _ONE_STEP.match(value) is not None or (len(words) < 4 and words[-1] in {"part", "parts", "stuff", "farm"})
