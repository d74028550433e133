"""Which words of a job do not say what the user does: times, tools, a firm, an application, a thing."""

from pipelines.language.embedded.grammar.words import alternatives, word_set
from pipelines.work import late_patterns as re

_NO_PLACES_OF_WORK = alternatives(
    "at_night at_home at_our at_my at_the for_a_couple for_the_last for_a_few for_someone for_near for_over "
    "for_myself for_us "
    "in_teams in_frontline in_the_school in_the_company in_the_field in_the_office in_the_morning in_the_back "
    "at_there in_there"
)
_ANY_COMPANY = r"(?:for|in|at) (?:an?|the) (?:\w+ ){0,2}(?:company|school|office|corporate)$"
_CONVICTIONS = alternatives(
    "calvinist baptist methodist feminist optimist pessimist realist narcissist racist sexist socialist capitalist "
    "perfectionist minimalist in_the_past imperialist communist marxist fascist nationalist royalist pacifist "
    "anarchist "
    "purist loyalist idealist humanist futurist relativist opportunist"
)
_NO_FIRMS = alternatives(
    "campaign(s) audit(s) ad(s) race marathon photoshoot fever risk errand(s) simulation model blog_post clinic"
)
_FOR_HOW_LONG = r"(?:\w+ )?for (?:about |almost |over |like )?(?:an?|\d+|\w+) (?:hour|day|week|month|year)s?$"
_SHORT_OF_A_JOB = re.compile(
    rf"works? (?:{_NO_PLACES_OF_WORK}\b|{_ANY_COMPANY}|(?:full|part)-?time(?: jobs?)?$|remotely$|for a big \w+ just\b|"
    rf"with (?:people|kids)$|shifts$|{_FOR_HOW_LONG})|.*\b{_CONVICTIONS}$|(?:runs|manages|owns) (?:an?|the|my|some|"
    rf"\d) (?:[\w-]+ ){{0,3}}?{_NO_FIRMS}\b|"
    r"sells? (?:to|in|for)\b|sells (?:\w+ )?for \d|\d+ |teaches by\b|.* for (?-i:(?:[A-Z]\.?){1,3})$|"
    r"works for an? university$|(?:the |an? )?(?:(?:dog|cat|pet|home|house|car) )?(?:owner|volunteer)$|"
    r"(?:front|back)-?end$",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\bbefore (?:i )?(?:retir|quit|was (?:fired|laid))", re.IGNORECASE)
_OF_THE_FIRM = re.compile(r"\bwe\b|\bour\b", re.IGNORECASE)
_OF_THE_FIRM_ONLY = ("specialises", "runs", "teaches")
_APPLYING = alternatives(
    "would want need can could should help possess wholeheartedly understand have_extensive have_a_proven "
    "have_experience "
    "am_excited am_committed am_passionate am_confident am_responsible bring offer believe will may might must "
    "strive aim"
)
_COPY = re.compile(  # of a role that a text is written for: "As a manager, I need ..."
    rf"^\W*as the\b|^\W*as an? [^,.;]{{3,70}}?,? i(?:'d|'ll)? {_APPLYING}\b",
    re.IGNORECASE,
)
_TASKS = alternatives(
    "please write design create apply explain make build generate compare list give show tell define discuss "
    "describe all "
    "every best top develop implement use using find analyse analyze provide act convert translate how what why add "
    "change "
    "remove fix different type(s)"
)
_AT_WORK = alternatives("as at for in on with from night(s) part full remotely")
_NO_INTRODUCTION = re.compile(rf"\W*(?:{_TASKS}|working (?!{_AT_WORK}\b))\b", re.IGNORECASE)
_TITLES_OF_THINGS = alternatives(
    "model(s) operator(s) lead(s) rep(s) agent(s) driver(s) controller(s) maker(s) keeper(s) planner(s)"
)
_TITLE_OF_A_THING = re.compile(rf"(?:[\w-]+ ){{0,4}}{_TITLES_OF_THINGS} (?:in|for|of|with|to|from)\b", re.IGNORECASE)
_OF_OTHERS = re.compile(r"\b(?:his|her|my|their|its|your)\b", re.IGNORECASE)
_TOOLS_WORDS = alternatives(
    "project backend frontend code circuit app api script java python typescript javascript react android studio "
    "database "
    "server unity unreal excel repo"
)
_OF_A_TOOL = re.compile(rf"\b{_TOOLS_WORDS}\b", re.IGNORECASE)
_IN_A_TOOL = re.compile(r"works (?:in|with|on) (?:[a-z]+ )?[\w.+#-]+(?: [A-Z]\w+)?(?:$| for the\b)")
_FIELDS_IN_CAPITALS = alternatives("HR IT PR QA R&D AI TV HVAC")
_IN_CAPITALS = re.compile(rf"works (?:in|with) (?!{_FIELDS_IN_CAPITALS}\b)[A-Z][\w.+#-]*$")
_HAS_RUN = re.compile(r"\b(?:i've|i have|we've|we have) (?:run|managed|owned)\b", re.IGNORECASE)


def is_of_a_thing(job: str, sentence: str, rule: str) -> bool:
    """ "Assignment operators in C", "works in TypeScript", "I've run a company": no work of today."""
    if rule.startswith("introductions") and (_TITLE_OF_A_THING.match(job) or _OF_OTHERS.search(job)):
        return True
    tool = _IN_CAPITALS.match(job) or (_IN_A_TOOL.match(job) and _OF_A_TOOL.search(sentence))
    return tool is not None or _HAS_RUN.search(sentence) is not None


_ONE_OF_THEM = word_set("author owner founder cameraman developer manager seller buyer client speaker writer editor")


def is_short_of_a_job(job: str, sentence: str) -> bool:
    """A time or place of work without the work; what a firm's page, a letter or a task says."""
    if _SHORT_OF_A_JOB.match(job) or _COPY.match(sentence) or _BEFORE.search(sentence):
        return True
    if job.startswith(_OF_THE_FIRM_ONLY) and _OF_THE_FIRM.search(sentence) and not _ALONE.search(sentence):
        return True
    if _NO_INTRODUCTION.match(sentence) and not _SUBJECT.search(sentence):
        return True
    return job in _ONE_OF_THEM and f"the {job}" in sentence.lower()


_SUBJECT = re.compile(r"\b(?:i|i'\w+|im|ive|my|we|our)\b", re.IGNORECASE)
_ALONE = re.compile(r"\bi\b|\bi'm\b", re.IGNORECASE)
