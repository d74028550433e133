"""Health, diet and what the user avoids."""

from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import items, noun_phrase
from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_CONDITIONS = alternatives(
    "asthma adhd add asd asperger(s) migraine(s) insomnia anxiety depression ptsd ocd bipolar coliac coeliac ibs "
    "crohn(')s colitis endometriosis pcos psoriasis eczema tinnitus sciatica scoliosis hypertension "
    "high_blood_pressure high_cholesterol hashimoto(')s lupus fibromyalgia multiple_sclerosis parkinson(')s cancer "
    "a(n)emia dyscalculia reflux gerd gout glaucoma vertigo sleep_apn(o)ea knee slipped_disc disc heart_condition "
    "heart_disease heart_murmur carpal_tunnel rsi phobia hearing_loss wheelchair pacemaker nut_allergy disorder "
    "macular_degeneration stammer osteoporosis atrial_fibrillation angina copd emphysema diverticulitis narcolepsy "
    "cerebral_palsy cystic_fibrosis fibroids cataract(s) "
    "syndrome disease disability condition long_covid type_1 type_2 type_one type_two cochlear_implant hearing_aid(s)"
)
_BODY_PARTS = alternatives("knee(s) back shoulder(s) hip(s) ankle(s) wrist(s) acl leg arm meniscus neck")
CONDITION = re.compile(
    rf"\b(?:"
    rf"{_CONDITIONS}|diabet\w+|autis\w+|epilep\w+|(?:osteo)?arthrit\w+|thyroid\w*|ms\b|allerg\w+|intoleran\w+|lactose\w*|"
    rf"dyslex\w+|colou?r[- ]?blind\w*|chronic \w+|(?:bad|injured|sore|torn|broken|weak|busted) {_BODY_PARTS}|"
    rf"hernia\w*|tendon\w*|deaf\w*|blind\w*|prosthe\w+)\b",
    re.IGNORECASE,
)
_FOODS = alternatives(
    "meat pork beef fish seafood shellfish dairy milk lactose egg(s) gluten wheat sugar carbs nuts peanuts soy "
    "alcohol coffee caffeine tea chicken spicy onion(s) garlic mushroom(s) animal red_meat bread cheese fried "
    "processed lamb breakfast banana(s) kiwi salt halal kosher organic vegan vegetarian plant-based raw rice pasta "
    "potatoes ketchup cilantro oats sweets chocolate beer wine soda honey legumes beans"
)
_FOOD = re.compile(
    rf"^(?:any |much |too much |a lot of |red |eat(?:ing)? |have |handle |tolerate |do )*"
    rf"(?:{_FOODS}|tomato\w*|mayo\w*|strawberr\w+)\b",
    re.IGNORECASE,
)


def diet(clause: Clause) -> Iterator[Candidate]:
    """I don't eat pork; I can't have gluten; I avoid sugar; I only eat fish."""
    rest = clause.rest.strip()
    if clause.unreal or clause.past or clause.used_to:
        return
    food = _FOOD.match(rest)
    if not food:
        return
    what = noun_phrase(re.sub(r"^(?:eat|eating|handle|tolerate|have)\s+", "", rest), 7)
    what = re.sub(r"^any\s+", "", what)
    if clause.lemma == "avoid" and not clause.negated:
        yield Candidate("preference", f"avoids {what}")
    elif clause.negated and clause.lemma in {"eat", "drink", "have", "tolerate", "do", "like", "take"}:
        if clause.lemma == "have" and clause.modal not in {"can", "must"}:
            return
        yield Candidate("preference", f"no {what}")
    elif (
        clause.lemma in {"eat", "drink"}
        and not clause.negated
        and not clause.modal
        and ("only" in clause.adverbs or "usually" in clause.adverbs or re.search(r"every|daily|a lot", rest))
    ):
        yield Candidate("preference", f"{clause.lemma}s {what}")


def smoke(clause: Clause) -> Iterator[Candidate]:
    """I don't smoke."""
    if not clause.unreal and not clause.past and not clause.modal and len(clause.rest.split()) <= 3:
        yield Candidate("life_context", "does not smoke" if clause.negated else "smokes")


def suffer(clause: Clause) -> Iterator[Candidate]:
    """I suffer from migraines; I struggle with insomnia."""
    found = re.match(r"\s*(?:\w+ ){0,2}?(?:from|with)\s+(.+)", clause.rest, re.IGNORECASE)
    if clause.negated or clause.unreal or clause.past or not found:
        return
    what = noun_phrase(found.group(1), 6)
    if clause.lemma == "suffer" or CONDITION.search(what):
        yield Candidate("life_context", what)


_OF_BOTH = re.compile(r" in (?:both|all) .*$")


def condition(rest: str) -> Iterator[Candidate]:
    """I have asthma; I have a bad knee."""
    what = noun_phrase(rest, 7)
    first, _, more = what.partition(" and ")
    what = first if CONDITION.search(first) and not CONDITION.search(more) else what
    what = _OF_BOTH.sub("", what)
    if CONDITION.search(what) and not re.search(
        r"\b(?:question|test|essay|paper|code|project|patients?|report)\b", what, re.IGNORECASE
    ):
        yield Candidate("life_context", re.sub(r"^(?:a|an)\s+", "", what))


_MEDICINE = re.compile(
    r"\b(?:medication|\d+ ?mg|pills?|insulin|metformin|statins?|antidepressants|"
    r"\w+(?:formin|statin|pril|olol|oxetine|azepam|prazole))\b",
    re.IGNORECASE,
)


def take(clause: Clause) -> Iterator[Candidate]:
    """I take metformin every morning; I take ballet classes."""
    if clause.negated or clause.unreal or clause.modal or clause.past:
        return
    what = noun_phrase(clause.rest, 7)
    lessons = re.match(r"(.+?) (?:classes|lessons|courses?|class|course)\b", what)
    if lessons and len(lessons.group(1).split()) <= 5 and not clause.perfect and not _A_CLASS.match(what):
        yield Candidate("interest", what)
    elif _MEDICINE.search(what):
        yield Candidate("life_context", f"takes {what}")
    elif re.match(r"(?:photos?|pictures)\b", what):
        yield Candidate("interest", f"taking {what}")


def allergy(rest: str) -> Iterator[Candidate]:
    """Allergic to shellfish and penicillin."""
    for what in items(rest):
        yield Candidate("life_context", f"allergic to {what}")


_A_CLASS = re.compile(r"(?:an?|some|two|three|the|my|this|that|classes|lessons)\b")
_INJURED_PARTS = alternatives(
    "wrist arm leg ankle foot knee hip shoulder back rib ribs finger toe collarbone nose hand neck acl meniscus "
    "hamstring achilles elbow"
)
_INJURED = re.compile(rf"\s*(?:my|an?)\s+((?:left |right |\w+ )?{_INJURED_PARTS})\b", re.IGNORECASE)


def injure(clause: Clause) -> Iterator[Candidate]:
    """I broke my wrist last month."""
    what = _INJURED.match(clause.rest)
    if what and not clause.negated and not clause.unreal and (clause.past or clause.perfect):
        yield Candidate("life_context", f"{clause.form} {what.group(1)}")


_AIDS = alternatives(
    "hearing_aid(s) glasses contact_lenses contacts insulin_pump pacemaker braces wheelchair cane walker crutches "
    "hijab turban kippah"
)
_WORN = re.compile(
    rf"\s*((?:a |an )?(?:two )?(?:{_AIDS}|prosthe\w+|cpap\w*)\b(?: (?:full|part)[- ]time\b)?)", re.IGNORECASE
)


def wear(clause: Clause) -> Iterator[Candidate]:
    """I wear hearing aids; I use a wheelchair."""
    what = _WORN.match(clause.rest)
    if what and not (clause.negated or clause.unreal or clause.past or clause.modal):
        yield Candidate("life_context", f"{clause.lemma}s {what.group(1)}")
