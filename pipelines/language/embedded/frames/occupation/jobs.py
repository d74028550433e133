"""Job titles: "a product designer at Spotify", "a retired bus driver"."""

import re
from collections.abc import Iterator

from pipelines.language.embedded.frames.candidate import Candidate
from pipelines.language.embedded.grammar.lexicon import FAMILY
from pipelines.language.embedded.grammar.phrases import noun_phrase

_JOB = re.compile(
    r"\b(?:\w{3,}(?:ologist|ographer|graphist|ician|eer|ist|rrister|smith|wright|monger|keeper|maker|"
    r"fighter|worker|driver|writer|grower|hand)|"
    r"(?:post|fire|police|sales|crafts|chair|trades|business|fisher|milk|camera|stunt|repair|delivery)\s?(?:man|"
    r"woman|person|men)|"
    r"dev|stagehand|babysitter|bouncer|dealer|lifeguard|model|comedian|magician|queen|bookkeeper|cabbie|crew|staff|"
    r"nurse|doctor|teacher|engineer|developer|programmer|designer|manager|lawyer|solicitor|accountant|"
    r"analyst|scientist|researcher|consultant|"
    r"chef|cook|baker|barista|waiter|waitress|bartender|carpenter|plumber|electrician|welder|mechanic|"
    r"builder|roofer|mason|painter|architect|"
    r"farmer|gardener|pilot|sailor|soldier|veteran|officer|guard|paramedic|midwife|surgeon|dentist|vet|"
    r"pharmacist|therapist|carer|caregiver|nanny|"
    r"student|undergrad(?:uate)?|graduate|postdoc|phd|professor|lecturer|tutor|librarian|translator|"
    r"interpreter|editor|author|poet|photographer|"
    r"filmmaker|director|producer|actor|actress|musician|singer|dancer|dj|illustrator|animator|"
    r"freelancer|entrepreneur|founder|co-?founder|ceo|cto|cfo|"
    r"owner|landlord|realtor|broker|trader|banker|agent|clerk|cashier|secretary|receptionist|assistant|"
    r"coordinator|administrator|supervisor|"
    r"foreman|technician|tester|sysadmin|devops|dba|intern|apprentice|trainee|trainer|coach|referee|"
    r"athlete|priest|pastor|monk|nun|imam|rabbi|"
    r"hairdresser|barber|stylist|tailor|seamstress|butcher|fishmonger|florist|jeweller|courier|trucker|"
    r"conductor|dispatcher|operator|"
    r"policeman|policewoman|detective|judge|clerk|civil servant|diplomat|politician|housewife|"
    r"homemaker|stay-at-home \w+|retiree|pensioner|"
    r"streamer|youtuber|blogger|journalist|reporter|copywriter|marketer|recruiter|salesperson|"
    r"sales(?:man|woman| rep)|rep|lead|head of|"
    r"captain|biologist|nutritionist|psychologist|counsel(?:l)?or|social worker|cleaner|janitor|"
    r"caretaker|warehouse \w+|ranger|curator|"
    r"archaeologist|geologist|zookeeper|beekeeper|brewer|distiller|miner|logger|surveyor|planner|"
    r"controller|auditor|actuary|underwriter|"
    r"adviser|advisor|executive|attorney|paralegal|inspector|contractor|handyman|rider|radiographer|"
    r"optician|paediatrician|pediatrician|"
    r"specialist|instructor|principal|headteacher|maker|artist|composer|weaver|potter|ceramicist|"
    r"sculptor|novelist|screenwriter|linguist)s?\b",
    re.IGNORECASE,
)


def job(text: str) -> Iterator[Candidate]:
    """A job title with its place: "a product designer at Spotify"."""
    aged = re.match(r"^\s*(?:an?\s+)?(\d{1,2})[- ]year[- ]old\s+", text, re.IGNORECASE)
    if aged:
        yield Candidate("life_context", f"{aged.group(1)} years old")
        text = text[aged.end() :]
        origin = re.match(r"(?:[a-z]+ )?from ([A-Z].*)", text)
        if origin:
            yield Candidate("life_context", f"from {noun_phrase(origin.group(1), 5)}")
    opening = re.match(r"\s*(?:(?:an?|the|your|currently|now|also|retired|both)\s+)+", text, re.IGNORECASE)
    short_title = re.match(
        r"\s*(?:(?:first|second|third|fourth|final)[- ]year|doing (?:a|my)|studying|freelance|head of|"
        r"senior|junior|chief|lead|studying|training|unemployed)\b",
        text,
        re.IGNORECASE,
    )
    if not opening and not short_title:
        return
    doing = re.match(
        r"\s*doing (?:a|an|my) ((?:phd|master|msc|ma|mba|bachelor|degree|doctorate|apprenticeship|"
        r"internship|postdoc|residency|a-levels|gcse)\S*.*)",
        text,
        re.IGNORECASE,
    )
    if doing:
        yield Candidate("occupation", noun_phrase(doing.group(1), 8))
        return
    phrase = noun_phrase(text[opening.end() :] if opening else text, 10)
    head = re.split(r"\s(?:at|for|in|with|from|on|of|by|who|to|working|based|living)\s", phrase, maxsplit=1)[0]
    if _JOB.search(head) and len(head.split()) <= 6:
        retired = (
            "retired "
            if re.search(r"\bretired\b", text[:20], re.IGNORECASE) and not phrase.startswith("retired")
            else ""
        )
        yield Candidate("occupation", f"{retired}{phrase}")
    elif (
        kin := re.match(
            r"(?:\w+ )?(?:mother|mum|mom|father|dad|parent|grandmother|grandfather|grandparent)\b",
            phrase,
            re.IGNORECASE,
        )
    ) and kin.group().split()[-1].lower() not in FAMILY:
        yield Candidate("life_context", phrase)
