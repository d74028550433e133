"""Cities and countries that are read in small letters, too, where a place is named: "i live in manchester"."""

_PLACES = (
    "london manchester birmingham leeds liverpool glasgow edinburgh bristol sheffield newcastle nottingham "
    "leicester cardiff belfast brighton southampton portsmouth plymouth norwich cambridge oxford york bolton derby "
    "dublin galway limerick aberdeen dundee swansea coventry bradford hull stoke-on-trent wolverhampton sunderland "
    "new_york nyc brooklyn queens los_angeles chicago houston phoenix philadelphia san_antonio san_diego dallas "
    "austin san_francisco seattle denver boston nashville portland las_vegas detroit memphis baltimore milwaukee "
    "albuquerque tucson fresno sacramento atlanta miami tampa orlando cleveland pittsburgh cincinnati minneapolis "
    "omaha tulsa oakland raleigh charlotte columbus indianapolis jacksonville kansas_city salt_lake_city "
    "new_orleans buffalo anchorage honolulu texas florida california ohio michigan oregon colorado arizona georgia "
    "minnesota wisconsin virginia pennsylvania illinois indiana tennessee kentucky alabama louisiana oklahoma iowa "
    "kansas nebraska utah nevada idaho montana wyoming alaska hawaii maine vermont massachusetts connecticut "
    "maryland delaware missouri arkansas mississippi north_carolina south_carolina north_dakota south_dakota "
    "new_mexico new_jersey new_hampshire rhode_island west_virginia toronto vancouver montreal calgary ottawa "
    "edmonton winnipeg halifax victoria quebec ontario alberta saskatoon regina sydney melbourne brisbane perth "
    "adelaide canberra hobart auckland wellington christchurch queensland tasmania paris lyon marseille toulouse "
    "bordeaux lille nantes strasbourg berlin hamburg munich cologne frankfurt stuttgart düsseldorf dusseldorf "
    "leipzig dresden hannover hanover nuremberg bremen vienna graz linz salzburg innsbruck zurich zürich geneva "
    "basel bern lausanne madrid barcelona valencia seville bilbao malaga málaga lisbon porto rome milan naples "
    "turin bologna florence venice amsterdam rotterdam utrecht the_hague eindhoven brussels antwerp ghent bruges "
    "copenhagen aarhus stockholm gothenburg malmo malmö uppsala oslo bergen trondheim helsinki tampere reykjavik "
    "warsaw krakow kraków wroclaw wrocław gdansk gdańsk poznan prague brno budapest bucharest cluj sofia belgrade "
    "zagreb ljubljana athens thessaloniki istanbul ankara izmir kyiv lviv moscow saint_petersburg minsk riga "
    "vilnius tallinn tbilisi yerevan baku dubai abu_dhabi doha riyadh jeddah kuwait beirut amman tel_aviv jerusalem "
    "cairo alexandria casablanca tunis lagos abuja ibadan accra nairobi mombasa kampala kigali addis_ababa "
    "dar_es_salaam johannesburg cape_town durban pretoria harare lusaka dakar delhi mumbai bangalore bengaluru "
    "chennai hyderabad kolkata pune ahmedabad jaipur kochi karachi lahore islamabad dhaka colombo kathmandu bangkok "
    "chiang_mai hanoi saigon ho_chi_minh_city kuala_lumpur penang singapore jakarta bandung manila cebu davao "
    "hong_kong taipei shanghai beijing shenzhen guangzhou chengdu seoul busan tokyo osaka kyoto nagoya fukuoka "
    "sapporo mexico_city guadalajara monterrey bogota bogotá medellin medellín cali quito lima santiago "
    "buenos_aires cordoba montevideo asuncion la_paz caracas havana san_juan sao_paulo são_paulo rio_de_janeiro rio "
    "brasilia recife salvador curitiba porto_alegre england scotland wales ireland germany france spain portugal "
    "italy austria switzerland belgium netherlands denmark sweden norway finland iceland poland hungary romania "
    "bulgaria greece croatia serbia ukraine russia india pakistan bangladesh nepal china japan taiwan korea "
    "south_korea vietnam thailand malaysia indonesia philippines australia new_zealand canada mexico brazil "
    "argentina chile colombia peru nigeria kenya ghana egypt morocco south_africa america usa uk"
)
_KNOWN = frozenset(place.replace("_", " ") for place in _PLACES.split())
_ALL_CAPITALS = frozenset(["nyc", "usa", "uk"])
_NO_TOWNS = frozenset(
    [
        "the",
        "a",
        "an",
        "my",
        "our",
        "this",
        "that",
        "of",
        "in",
        "and",
        "or",
        "like",
        "from",
        "for",
        "to",
        "not",
        "all",
        "both",
    ]
)
_BESIDE = frozenset(["near", "outside", "around"])
_MOST_WORDS = 4  # of one place


def is_known(place: str) -> bool:
    """ "new york", "Porto", "dublin, ireland"."""
    parts = place.lower().replace(",", " , ").split()
    if "," in parts:
        at = parts.index(",")
        return " ".join(parts[:at]) in _KNOWN and " ".join(parts[at + 1 :]) in _KNOWN
    within = len(parts) == 2 and parts[1] in _KNOWN and parts[0] not in _NO_TOWNS  # "rosario argentina"
    return within or " ".join(parts) in _KNOWN


def known_at(words: list[str]) -> str:
    """The longest known place with which these words begin; ""."""
    heads = (" ".join(words[:count]).lower().strip(",.!?;:") for count in range(_MOST_WORDS, 0, -1))
    return next((head for head in heads if head in _KNOWN), "")


def _in_capitals(word: str) -> str:
    if word in _BESIDE:
        return word
    return word.upper() if word in _ALL_CAPITALS else word.capitalize()


def in_capitals(place: str) -> str:
    """ "new york" as "New York", "uk" as "UK"; what has a capital already stays."""
    if not place.islower():
        return place
    words = (_in_capitals(word) for word in place.split())
    return " ".join(words)
