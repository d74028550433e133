"""The closed word classes of English that the rules stand on: verbs, auxiliaries, adverbs, relations, pets."""

from collections.abc import Iterator

from pipelines.language.embedded.grammar.verbs import more_lemmas
from pipelines.language.embedded.grammar.words import word_set

_VERBS = """
live lives lived living|reside resides resided residing|move moves moved moving|relocate relocated relocating
settle settled settling|stay stays stayed staying|work works worked working|teach teaches taught teaching
study studies studied studying|run runs ran running|own owns owned owning|manage manages managed managing
lead leads led leading|freelance freelances freelanced freelancing|practice practices practiced practicing
practise practises practised practising|volunteer volunteers volunteered volunteering
coach coaches coached coaching|retire retired retiring|graduate graduated graduating|major majored majoring
found founded founding|serve served serving|train trains trained training|intern interned interning
skate skates skated skating|snowboard snowboards snowboarded snowboarding|kayak kayaks kayaked kayaking
juggle juggles juggled juggling|whittle whittles whittled whittling|forage forages foraged foraging
retrain retrains retrained retraining
specialize specializes specialized specializing|specialise specialises specialised specialising
sell sells sold selling|drive drives drove driving driven|like likes liked liking|love loves loved loving
enjoy enjoys enjoyed enjoying|adore adores adored adoring|hate hates hated hating
dislike dislikes disliked disliking|prefer prefers preferred preferring|stand stands stood
detest detests detested|loathe loathes loathed|favor favors favored favoring|favour favours favoured favouring
play plays played playing|collect collects collected collecting|paint paints painted painting
draw draws drew drawing drawn|knit knits knitted knitting|bake bakes baked baking|cook cooks cooked cooking
garden gardens gardened gardening|sing sings sang singing sung|dance dances danced dancing
swim swims swam swimming swum|hike hikes hiked hiking|climb climbs climbed climbing|surf surfs surfed surfing
ski skis skied skiing|cycle cycles cycled cycling|jog jogs jogged jogging|fish fishes fished fishing
hunt hunts hunted hunting|brew brews brewed brewing|sew sews sewed sewing sewn
crochet crochets crocheted crocheting|photograph photographed photographing|watch watches watched watching
read reads reading|listen listens listened listening|follow follows followed following
restore restores restored restoring|spend spends spent spending|go goes went going gone|do does did doing done
use uses used using|deploy deploys deployed deploying|host hosts hosted hosting
write writes wrote writing written|build builds built building|develop develops developed developing
design designs designed designing|create creates created creating|launch launches launched launching
ship ships shipped shipping|make makes made making|compose composes composed composing
plan plans planned planning|organize organizes organized organizing|organise organises organised organising
prepare prepares prepared preparing|renovate renovates renovated renovating|start starts started starting
begin begins began beginning begun|finish finishes finished finishing|record records recorded recording
research researches researched researching|maintain maintains maintained maintaining
prototype prototypes prototyped prototyping|code codes coded coding|program programs programmed programming
decide decides decided deciding|choose chooses chose choosing chosen|pick picks picked picking
opt opts opted opting|switch switches switched switching|migrate migrates migrated migrating
replace replaces replaced replacing|drop drops dropped dropping|ditch ditches ditched ditching
adopt adopts adopted adopting|agree agrees agreed agreeing|select selects selected selecting
commit commits committed committing|abandon abandons abandoned abandoning|quit quits quitting
stop stops stopped stopping|cancel cancels cancelled canceled cancelling|accept accepts accepted accepting
reject rejects rejected rejecting|turn turns turned turning|resolve resolves resolved resolving
promise promises promised promising|pledge pledges pledged pledging|vow vows vowed|swear swears swore sworn
intend intends intended intending|aim aims aimed aiming|hope hopes hoped hoping|send sends sent sending
submit submits submitted submitting|sign signs signed signing|book books booked booking
register registers registered registering|enroll enrolls enrolled enrolling|enrol enrols enrolled enrolling
schedule schedules scheduled scheduling|arrange arranges arranged arranging|believe believes believed believing
think thinks thought thinking|feel feels felt feeling|consider considers considered considering
value values valued valuing|care cares cared caring|support supports supported supporting
oppose opposes opposed opposing|trust trusts trusted trusting|reckon reckons|doubt doubts doubted doubting
agree agrees agreed|need needs needed needing|want wants wanted wanting|have has had having
get gets got getting gotten|be is am are was were been being|eat eats ate eating eaten
drink drinks drank drinking drunk|avoid avoids avoided avoiding|suffer suffers suffered suffering
take takes took taking taken|struggle struggles struggled struggling|smoke smokes smoked smoking
tolerate tolerates tolerated|speak speaks spoke speaking spoken|learn learns learned learning learnt
grow grows grew growing grown|come comes came coming|born|raise raises raised raising|keep keeps kept keeping
adopt adopted|marry married marrying|expect expects expected expecting|diagnose diagnosed
commute commutes commuted commuting|travel travels traveled travelled traveling travelling
visit visits visited visiting|fly flies flew flying flown|leave leaves left leaving|buy buys bought buying
join joins joined joining|turn turns turned|share shares shared sharing|name named|call called
bike bikes biked biking|sail sails sailed sailing|meditate meditates meditated meditating|row rows rowed rowing
box boxes boxed boxing|ride rides rode riding ridden|pursue pursues pursued pursuing
complete completes completed completing|break breaks broke breaking broken|injure injures injured
sprain sprained|fracture fractured|tear tore torn|put puts putting|end ends ended ending|fancy
lose loses lost losing|beat|deal deals dealing|recover recovers recovered recovering
try tries tried trying|wear wears wore wearing|give gives gave giving given
become becomes became becoming|convert converts converted converting
attend attends attended attending|help helps helped helping|teach teaches taught teaching
learn learns learned learning learnt|deliver delivers delivered delivering|commit commits committed committing
appreciate appreciates appreciated appreciating|find finds found finding|rely relies relied relying|base based
"""

AUXILIARIES = word_set(
    "am are is was were be been being have has had do does did will would could can should might may must shall wanna "
    "gotta ll"
)
NEGATIVES = word_set(
    "not never don't doesn't didn't can't cannot won't wouldn't isn't aren't ain't haven't hasn't hadn't wasn't "
    "weren't shouldn't couldn't dont doesnt didnt cant wont isnt arent havent hardly rarely"
)
ADVERBS = word_set(
    "also really currently still just always usually often sometimes actually now definitely absolutely finally "
    "recently generally mostly mainly typically normally probably honestly personally strongly truly firmly very much "
    "so totally completely quite simply both all already eventually basically kinda secretly literally only ever even "
    "then today tonight deeply quickly regularly occasionally frequently long genuinely ultimately officially "
    "certainly obviously clearly primarily initially originally once especially particularly lately somehow slowly "
    "privately mostly greatly thoroughly genuinely fully too seriously naturally sincerely surely constantly daily "
    "weekly together myself ourselves since formally jointly"
)
CONTRACTED = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would", "s": "is"}

FAMILY = word_set(
    "youngest eldest oldest wife husband hubby spouse partner boyfriend girlfriend fiance fiancee fiancé fiancée "
    "son sons "
    "daughter daughters kid kids child children baby toddler twins twin sister sisters brother brothers stepson "
    "stepdaughter stepmother stepfather stepdad stepmom grandson granddaughter grandchildren grandkids nephew niece "
    "nephews nieces ex-wife ex-husband roommate flatmate housemate roommates flatmates teenager sibling siblings"
)
ELDERS = word_set(
    "mother father mom mum dad mam mama papa parents grandmother grandfather grandma grandpa granny nan grandad "
    "granddad "
    "gran nana grandparents stepmum stepbrother stepsister uncle aunt "
    "auntie cousin cousins mother-in-law father-in-law sister-in-law brother-in-law in-laws godson goddaughter "
    "godmother"
)
ACQUAINTANCES = word_set(
    "friend boss colleague coworker co-worker manager neighbour neighbor teacher tutor mentor landlord therapist "
    "doctor business-partner cofounder co-founder teammate coach bandmate supervisor advisor adviser assistant"
)
PETS = word_set(
    "dog dogs cat cats puppy puppies kitten kittens rabbit rabbits parrot parrots hamster hamsters horse horses pony "
    "ponies tortoise tortoises turtle goldfish budgie budgies canary ferret ferrets gecko geckos snake snakes alpacas "
    "sheep ducks donkey donkeys chickens hens goat goats guinea-pig pet pets labrador poodle terrier corgi beagle "
    "dachshund greyhound retriever husky collie spaniel bulldog pug pup pups whippet lurcher kelpie staffie "
    "labradoodle "
    "cockapoo cavapoo goldendoodle chihuahua rottweiler bunny bunnies chinchilla gerbil gerbils cockatiel parakeet"
)
RELATIONS = FAMILY | ELDERS | ACQUAINTANCES | PETS

MONTHS = (
    r"(?:"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAYS = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?"
)
SEASONS = r"(?:spring|summer|autumn|fall|winter|christmas|easter|new year(?:'s)?(?: eve| day)?|ramadan|thanksgiving)"


def _forms() -> Iterator[tuple[str, str]]:
    for entry in _VERBS.replace("\n", "|").split("|"):
        words = entry.split()
        for form in words:
            yield form, words[0]


LEMMAS: dict[str, str] = more_lemmas() | dict(_forms())
GERUNDS: dict[str, str] = {lemma: form for form, lemma in LEMMAS.items() if form.endswith("ing") and form != lemma}
LEMMAS |= {"found": "find", "left": "leave", "founded": "found", "agreed": "agree", "married": "marry"}
