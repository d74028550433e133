"""With which objects a common verb states a fact: "I go to church", "I keep bees", "I take statins"."""

from pipelines.language.embedded.grammar.words import alternatives
from pipelines.work import late_patterns as re

_GONE_TO = alternatives("gym church mosque synagogue temple therapy physio school university college aa mass choir")
_MEDICINE_SUFFIXES = alternatives(
    "line pine lam pram lol tine xine cillin prazole statin pril sartan formin thyroxine mab"
)
_GOT_STATES = alternatives("migraines panic_attacks motion_sick motion_sickness sea_sick seasick car_sick hay_fever")
_KEPT_THINGS = alternatives("diary journal sabbath bees chickens hens kosher halal shabbat aquarium ducks goats")
TELLING = {
    verb: re.compile(pattern, re.IGNORECASE)
    for verb, pattern in {
        "do": r"(?:(?:night|day|early|late|12-hour) shifts|weights|keto|drag|stand-?up|improv|voluntary work)\b",
        "go": rf"(?:to|by) (?:an? |the )?(?:\w+ )?{_GONE_TO}\b(?! (?:this|today|tonight|tomorrow|now|later))",
        "make": r"(?:about |around |roughly )?[$£€]\d[\d,.]*k?\b (?:a|per)\b",
        "take": rf"(?:home (?:about |around )?\W?\d|care of my|(?:my |a )?(?:\w+ )?(?:supplements?|medication|meds)|"
        rf"[a-z]+{_MEDICINE_SUFFIXES}\b)",
        "get": rf"(?:\w+ )?{_GOT_STATES}\b",
        "keep": rf"(?:an? )?(?:\w+ )?{_KEPT_THINGS}\b",
        "save": r"(?:up )?(?:for|about|around|[$£€]?\d)",
        "look": r"after (?:my|our|two|three) ",
        "wait": r"for (?:an?|my) (?:[\w-]+ ){0,2}"
        r"(?:replacement|surgery|operation|transplant|visa|diagnosis|green card|citizenship)\b",
        "need": r"(?:step-free|large (?:print|fonts?|text)|wheelchair|subtitles|captions|(?:reading )?glasses)\b",
    }.items()
}
