"""Health, diet and what the user avoids."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.clause import Clause
from pipelines.language.embedded.grammar.phrases import items, noun_phrase

CONDITION = re.compile(
    r"\b(?:diabet\w+|asthma|adhd|add|autis\w+|asd|aspergers?|epilep\w+|arthrit\w+|migraines?|insomnia|"
    r"anxiety|depression|ptsd|ocd|bipolar|"
    r"c(?:o|oe)liac|ibs|crohn'?s|colitis|endometriosis|pcos|psoriasis|eczema|tinnitus|sciatica|"
    r"scoliosis|hypertension|high blood pressure|"
    r"high cholesterol|thyroid\w*|hashimoto'?s|lupus|fibromyalgia|ms\b|multiple sclerosis|parkinson'?s|"
    r"cancer|an?emia|allerg\w+|intoleran\w+|"
    r"lactose\w*|dyslex\w+|dyscalculia|colou?r[- ]?blind\w*|reflux|gerd|gout|glaucoma|vertigo|sleep "
    r"apn(?:o)?ea|chronic \w+|"
    r"(?:bad|injured|sore|torn|broken|weak|busted) (?:knees?|back|shoulders?|hips?|ankles?|wrists?|acl|"
    r"leg|arm|meniscus|neck)|knee|slipped disc|disc|hernia\w*|"
    r"heart (?:condition|disease|murmur)|carpal tunnel|rsi|tendon\w*|phobia|deaf\w*|hearing loss|"
    r"blind\w*|wheelchair|pacemaker|"
    r"nut allergy|disorder|syndrome|disease|disability|prosthe\w+|condition)\b",
    re.IGNORECASE,
)
_FOOD = re.compile(
    r"^(?:any |much |too much |a lot of |red |eat(?:ing)? |have |handle |tolerate |do )*(?:meat|pork|beef|fish|seafood|"
    r"shellfish|dairy|milk|lactose|eggs?|gluten|wheat|sugar|carbs|nuts|peanuts|soy|alcohol|"
    r"coffee|caffeine|tea|chicken|spicy|onions?|garlic|mushrooms?|animal|red meat|bread|cheese|"
    r"tomato\w*|fried|processed|lamb|breakfast|bananas?|"
    r"kiwi|salt|halal|kosher|organic|vegan|vegetarian|plant-based|raw|rice|pasta|potatoes|ketchup|"
    r"mayo\w*|cilantro|oats|strawberr\w+|sweets|chocolate|beer|wine|soda|honey|legumes|beans)\b",
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


def condition(rest: str) -> Iterator[Candidate]:
    """I have asthma; I have a bad knee."""
    what = noun_phrase(rest, 7)
    if CONDITION.search(what) and not re.search(
        r"\b(?:question|test|essay|paper|code|project|patients?|report)\b", what, re.IGNORECASE
    ):
        yield Candidate("life_context", re.sub(r"^(?:a|an)\s+", "", what))


def take(clause: Clause) -> Iterator[Candidate]:
    """I take metformin every morning; I take ballet classes."""
    if clause.negated or clause.unreal or clause.modal or clause.past:
        return
    what = noun_phrase(clause.rest, 7)
    lessons = re.match(r"(.+?) (?:classes|lessons|courses?|class|course)\b", what)
    if lessons and len(lessons.group(1).split()) <= 5:
        yield Candidate("interest", what)
    elif re.search(
        r"\b(?:medication|\d+ ?mg|pills?|insulin|metformin|statins?|antidepressants|\w+(?:formin|"
        r"statin|pril|olol|oxetine|azepam|prazole))\b",
        what,
        re.IGNORECASE,
    ):
        yield Candidate("life_context", f"takes {what}")
    elif re.match(r"(?:photos?|pictures)\b", what):
        yield Candidate("interest", f"taking {what}")


def allergy(rest: str) -> Iterator[Candidate]:
    """Allergic to shellfish and penicillin."""
    for what in items(rest):
        yield Candidate("life_context", f"allergic to {what}")


def injure(clause: Clause) -> Iterator[Candidate]:
    """I broke my wrist last month."""
    what = re.match(
        r"\s*(?:my|an?)\s+((?:left |right |\w+ )?(?:wrist|arm|leg|ankle|foot|knee|hip|shoulder|back|"
        r"rib|ribs|finger|toe|collarbone|nose|hand|neck|acl|meniscus|hamstring|achilles|elbow))\b",
        clause.rest,
        re.IGNORECASE,
    )
    if what and not clause.negated and not clause.unreal and (clause.past or clause.perfect):
        yield Candidate("life_context", f"{clause.form} {what.group(1)}")


def wear(clause: Clause) -> Iterator[Candidate]:
    """I wear hearing aids; I use a wheelchair."""
    what = re.match(
        r"\s*((?:a |an )?(?:hearing aids?|glasses|contact lenses|contacts|insulin pump|pacemaker|"
        r"prosthe\w+|braces|wheelchair|cane|walker|"
        r"crutches|cpap\w*|hijab|turban|kippah)\b)",
        clause.rest,
        re.IGNORECASE,
    )
    if what and not (clause.negated or clause.unreal or clause.past or clause.modal):
        yield Candidate("life_context", f"{clause.lemma}s {what.group(1)}")
