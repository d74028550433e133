"""What the user says to be: "I am ..." in its many forms."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.attitudes.keen import keen
from pipelines.language.embedded.frames.attitudes.tastes import EMPTY
from pipelines.language.embedded.frames.candidate import Candidate, read_by
from pipelines.language.embedded.frames.identity.person import is_national, person
from pipelines.language.embedded.frames.life.health import CONDITION, allergy
from pipelines.language.embedded.frames.life.home import born, place, settled
from pipelines.language.embedded.frames.life.people import marry
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import noun_phrase, statement
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_DEGREES = alternatives(
    "a an pretty so quite very really super kind_of sort_of also more big huge massive avid keen proud bit little "
    "total real severely deathly badly slightly mildly the not_only all both fully totally strictly full-time "
    "full_time part-time part_time permanent"
)
_DEGREE = re.compile(rf"^\s*(?:{_DEGREES}\s+)*", re.IGNORECASE)
_TRAITS = alternatives(
    "vegan vegetarian pescatarian flexitarian pregnant divorced widowed single engaged bilingual trilingual left- "
    "handed right-handed retired unemployed self-employed jewish lutheran anglican methodist presbyterian baptist "
    "pentecostal episcopalian muslim christian catholic protestant orthodox seventh-day_adventist "
    "seventh_day_adventist adventist pentecostal presbyterian mennonite jehovah's_witness buddhist hindu sikh "
    "atheist agnostic quaker mormon religious gay lesbian bisexual queer non(-)binary morning_person night_owl "
    "early_bird perfectionist minimalist feminist socialist libertarian conservative liberal sober dyslexic "
    "autistic diabetic epileptic deaf blind asthmatic celiac coeliac lactose_intolerant gluten-free gluten_free "
    "keto halal kosher widow widower orphan twin only_child mother mum mom father dad grandmother grandfather "
    "parent immigrant expat refugee citizen homeowner left_handed colo(u)r-blind colo(u)r_blind colo(u)rblind "
    "veggie pure_veg pure_vegetarian wheelchair_user in_a_wheelchair in_recovery in_remission hard_of_hearing "
    "short(-)sighted visually_impaired"
)
_ON = alternatives(
    "parental_leave maternity_leave paternity_leave sabbatical keto the_autism_spectrum night_shift(s) medication "
    "insulin"
)
_TRAIT = re.compile(
    rf"^(?:{_TRAITS}|(?:red|blue)[- ](?:green|yellow) colou?r[- ]?blind|"
    r"stay[- ]at[- ]home \w+|trans(?:gender)?|introvert\w*|extrovert\w*|teetotal\w*|homeschool\w*|"
    rf"single (?:mum|mom|mother|dad|father|parent)|foster \w+|new (?:mum|mom|dad|father|mother|parent)|"
    rf"native (?:\w+ )?speaker|on (?:{_ON}|a (?:low|keto|gluten|vegan|diet|strict|plant)\S*)|"
    rf"recovering (?:from )?\w+)\b",
    re.IGNORECASE,
)


def be(clause: Clause) -> Iterator[Candidate]:
    """The frames of "I am ...", "I'm ...", "I was ...", "I have been ...", in their order."""
    if clause.unreal or clause.used_to or (clause.modal and clause.modal != "will"):
        return
    if clause.negated:
        yield from _denied(clause)
        return
    if clause.form in {"was", "were"}:
        yield from _was(clause.rest)
        return
    if not clause.modal:
        yield from _is(clause)


def _is(clause: Clause) -> Iterator[Candidate]:
    for frame in (_setup, _placed, _allergic, keen, _states):
        found = read_by(frame, clause)
        if found:
            yield from found
            return
    if clause.who == "i":
        yield from read_by(person, clause.rest)


_NOT_KEEN = re.compile(
    r"\s*(?:a |really |too |very |that |much of ){0,4}(?:a |big |huge ){0,3}"
    r"(?:fan of|into|keen on|fond of|interested in|comfortable with)\s+(.+)",
    re.IGNORECASE,
)


def _denied(clause: Clause) -> Iterator[Candidate]:
    """I'm not a fan of crowds; I'm not into sports."""
    found = _NOT_KEEN.match(clause.rest)
    if found and not clause.past:
        what = noun_phrase(found.group(1), 8)
        if what and not EMPTY.match(what):
            yield Candidate("preference", f"dislikes {what}")


def _was(rest: str) -> Iterator[Candidate]:
    found = re.match(
        r"\s*(?:\w+ly |just |first |once ){0,6}(born|raised|diagnosed with|brought up)\s+(.+)",
        rest,
        re.IGNORECASE,
    )
    if not found:
        return
    verb = found.group(1).lower()
    if verb == "born":
        yield from born(found.group(2))
    elif verb == "diagnosed with" and (what := noun_phrase(found.group(2), 8)):
        yield Candidate("life_context", f"diagnosed with {what}")
    elif (where := noun_phrase(found.group(2), 7)).startswith(("in", "on", "by", "near", "as")):
        yield Candidate("life_context", f"{verb} {where}")


def _placed(clause: Clause) -> Iterator[Candidate]:
    """I'm based in Nairobi; I'm from Slovenia. "I'm in Miami" may be said on a journey."""
    based = re.match(r"\s*(?:\w+ly )?(?:based|located|living|settled|stationed)\b(.*)", clause.rest, re.IGNORECASE)
    where = place(based.group(1)) if based else settled(clause.rest)
    if where:
        yield Candidate("location", where)
        return
    origin = re.match(r"\s*(?:(?:originally|actually) )?from\s+(?:a |the )?(.+)", clause.rest, re.IGNORECASE)
    if origin:
        name = noun_phrase(origin.group(1), 6)
        if name and not name.lower().startswith(("it", "this", "that", "same", "different")):
            yield Candidate("life_context", f"from {name}")


_DIAGNOSED = re.compile(
    r"\s*(?:\w+ly |just ){0,6}(?:diagnosed with|recovering from|suffering from|living with|being treated for)\s+(.+)",
    re.IGNORECASE,
)


def _allergic(clause: Clause) -> Iterator[Candidate]:
    found = re.match(
        r"\s*(?:\w+ly |also |very |quite ){0,6}(?:allergic|intolerant) to\s+(.+)", clause.rest, re.IGNORECASE
    )
    if found:
        yield from allergy(found.group(1))
        return
    diagnosed = _DIAGNOSED.match(clause.rest)
    if (
        diagnosed
        and (what := noun_phrase(diagnosed.group(1), 7))
        and (CONDITION.search(what) or not re.match(r"(?:my|our|a |two|three)", what))
    ):
        yield Candidate("life_context", what)
    elif diagnosed and "living with" in diagnosed.group().lower():
        yield Candidate("life_context", f"lives with {noun_phrase(diagnosed.group(1), 7)}")


def myself(clause: Clause) -> Iterator[Candidate]:
    """I consider myself a minimalist."""
    if clause.rest.strip().lower().startswith("myself ") and not clause.negated and not clause.unreal:
        yield from _is(clause._replace(lemma="be", form="am", rest=clause.rest.strip()[6:]))


_SYSTEMS = alternatives(
    "windows os_x linux ubuntu debian fedora nixos ios android iphone ipad chromebook chrome(_)os wsl"
)
_SYSTEM = re.compile(rf"\s*(?:\w+ )?on ((?:an? |the )?(?:{_SYSTEMS}|mac\w*|arch\b|m[1-4]\b).*)", re.IGNORECASE)
_GROUPS = alternatives("team couple family startup band nonprofit non-profit charity agency household co(-)op")
_GROUP = re.compile(rf"\s*an? ((?:[\w-]+ )?{_GROUPS}\b.*)")


_BIG = alternatives("huge big real absolute the total massive this that double")
_MAJOR = re.compile(
    rf"\s*an? ((?:(?!{_BIG}\b)[a-z]+ ){{1,3}})major\b(?=$|[,.;!]| (?:at|in|and|so|but|who|with|from)\b)( at [^,.;!]+)?",
    re.IGNORECASE,
)


def _setup(clause: Clause) -> Iterator[Candidate]:
    """I'm on Windows 11; I'm a firm believer in public libraries."""
    system = _SYSTEM.match(clause.rest)
    if system:
        yield Candidate("preference", f"uses {noun_phrase(system.group(1), 6)}")
    stage = re.match(
        r"\s*in (?:my|the) ((?:first|second|third|fourth|fifth|final|last|senior|junior|sophomore|freshman) year\b.*)",
        clause.rest,
    )
    if stage:
        yield Candidate("occupation", noun_phrase(stage.group(1), 8))
    major = _MAJOR.match(clause.rest)
    if major and clause.who == "i":
        yield Candidate("occupation", f"studies {major.group(1)}{noun_phrase(major.group(2) or '', 8)}".strip())
    group = _GROUP.match(clause.rest)
    if group and clause.who == "we":
        yield Candidate("life_context", statement(group.group(1), 12))
    creed = re.match(r"\s*(?:an? )?(?:\w+ )?believer in\s+(.+)", clause.rest, re.IGNORECASE)
    if creed:
        yield Candidate("belief", f"believes in {statement(creed.group(1), 12)}")


def _states(clause: Clause) -> Iterator[Candidate]:
    text = clause.rest
    degree = _DEGREE.match(text)
    core = text[degree.end() :] if degree else text.lstrip()
    wed = re.match(r"(?:happily |newly |recently )?(?:married|engaged)\b(.*)", core, re.IGNORECASE)
    if wed:
        if wed.group(1).strip().lower().startswith(("to", "with")):
            yield from marry(wed.group(1))
        else:
            yield Candidate("life_context", core.split()[0].lower().strip(",."))
        return
    trait = _TRAIT.match(core)
    if trait:
        told = re.split(r"\s(?:and|by|so|but)\s", noun_phrase(core, 6))[0]
        yield Candidate("life_context", told if len(told) >= len(trait.group()) else trait.group())
        return
    national = noun_phrase(core, 2)
    if is_national(national):
        yield Candidate("life_context", national)
        return
    done = re.match(
        r"(retired|self-employed|unemployed|between jobs|out of work|on leave|moving house)\b", core, re.IGNORECASE
    )
    if done:
        yield Candidate("life_context", done.group(1).lower())


def goes_by(clause: Clause) -> Iterator[Candidate]:
    """I go by they/them."""
    found = re.match(r"\s*by ((?:they|she|he|xe|ze|any)(?:/\w+)+)", clause.rest, re.IGNORECASE)
    if found and not clause.negated and not clause.unreal:
        yield Candidate("life_context", f"pronouns: {found.group(1)}")
