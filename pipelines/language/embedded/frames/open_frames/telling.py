"""With which objects a common verb states a fact: "I do karate", "I go to church", "I make candles"."""

import re

from pipelines.language.embedded.grammar.words import alternatives

_DONE_THINGS = alternatives(
    "shift(s) yoga sport(s) weights keto karate therapy paleo drag stand(-)up improv theatre theater nights voluntary "
    "freelance odd_jobs"
)
_GONE_TO = alternatives(
    "gym church mosque synagogue temple therapy physio school university college raves festivals concerts gigs opera "
    "theatre theater games bed meetings aa mass choir sleep"
)
_MADE_THINGS = alternatives(
    "candles jewel(l)ery soap pottery furniture videos music beats wine cheese bread clothes films knives cakes cider "
    "kombucha jam pasta leather"
)
_MEDICINE_ENDINGS = alternatives("ine ol in one am ide ate il an ex x")
_MEDICINE_SUFFIXES = alternatives(
    "line pine lam pram lol tine xine cillin prazole statin pril sartan formin thyroxine mab"
)
_GOT_STATES = alternatives(
    "up_at up_early up_late paid anxious nervous migraines headaches panic motion sea car travel hay around_by "
    "around_in around_on by_on home_at home_late"
)
_KEPT_THINGS = alternatives("diary journal bees chickens hens kosher halal shabbat aquarium garden ducks goats log")
TELLING = {
    verb: re.compile(pattern, re.IGNORECASE)
    for verb, pattern in {
        "do": rf"(?:all |most of )?my \w+ (?:in|with|on)\b|"
        rf"(?!not\b|so\b|the\b|this\b|some\b|what\b)(?:\w+ ){{0,3}}(?:\w+ing\b|{_DONE_THINGS}|work\b|art\b)",
        "go": rf"to (?-i:[A-Z])|through an? |(?:to|by|for) (?:\w+ ){{0,4}}{_GONE_TO}\b",
        "make": rf"(?:about |around |roughly |only |just )?[$£€]?\d[\d,.]*k?\b|(?:my own|our own) |"
        rf"(?:\w+ ){{0,2}}{_MADE_THINGS}\b",
        "take": rf"(?:home (?:about |around )?\W?\d|the (?:bus|train|tram|metro|subway|ferry|tube)|care of|blood|"
        rf"vitamins?|(?:my |a )?(?:\w+ )?(?:supplements?|medication|meds|pills?)|"
        rf"[a-z]+{_MEDICINE_ENDINGS}\b (?:for|every|daily|at|to|since)|[a-z]+{_MEDICINE_SUFFIXES}\b)",
        "get": rf"(?:{_GOT_STATES}|(?:\w+ ){{0,2}}(?:days?|weeks?) (?:off|of))\b",
        "keep": rf"(?:\w+ ){{0,4}}{_KEPT_THINGS}\b",
        "use": r"(?:a|an|my|our|only|mostly|oat|soy|almond|the)\s+(?:[\w-]+ ){0,3}(?:\w+)",
        "read": r"(?:mostly|mainly|a lot of|lots of|about|around|only|tons of|\d+)\b",
        "save": r"(?:up )?(?:for|about|around|[$£€]?\d)",
        "run": r"(?:(?-i:[A-Z])\w+ (?:on|at|with|and|as)\b|on|in|for|with|at|every|about|around|\d)",
        "look": r"after (?:my|our|the \w+ at|two|three|an? )",
        "wait": r"for (?:an?|my) (?:[\w-]+ ){0,2}"
        r"(?:replacement|surgery|operation|transplant|visa|diagnosis|green card|citizenship)\b",
        "set": r"aside \S*\d",
        "need": r"(?:step-free|large (?:print|fonts?|text)|wheelchair|subtitles|captions|(?:reading )?glasses|"
        r"total silence|(?:a lot|lots) of sleep|\w+ hours of sleep)\b",
        "start": r"(?:work|my (?:day|shift)|school|university)\b",
        "finish": r"(?:work|my (?:day|shift)|school)\b",
    }.items()
}
