"""The words that invented people are made of. Every fact-bearing line names its fact; the rest carries none."""

FIRST_NAMES = (
    "Amara", "Bruno", "Celine", "Dario", "Elif", "Farid", "Greta", "Hugo", "Ingrid", "Jonas", "Keiko", "Lorenzo",
    "Mireille", "Nadia", "Oskar", "Priya", "Quentin", "Rosalind", "Stellan", "Tomasz", "Ulrike", "Viktor", "Wanda",
    "Yusuf",
)  # fmt: skip

CITIES = (
    "Ghent", "Trieste", "Bergen", "Halifax", "Wellington", "Bilbao", "Tartu", "Graz", "Aarhus", "Nantes", "Galway",
    "Utrecht", "Turku", "Wroclaw", "Coimbra", "Adelaide",
)  # fmt: skip

OCCUPATIONS = (
    "physiotherapist", "school librarian", "structural engineer", "pastry chef", "data analyst", "veterinary nurse",
    "landscape architect", "bus driver", "tax adviser", "sound engineer", "midwife", "carpenter", "translator",
    "chemistry teacher", "optician", "project manager",
)  # fmt: skip

HOBBIES = (
    "bouldering", "film photography", "birdwatching", "baking sourdough", "playing the cello", "open water swimming",
    "beekeeping", "pottery", "astronomy", "salsa dancing", "trail running", "woodworking", "sketching", "kayaking",
    "chess", "gardening", "knitting", "playing the accordion", "cycling", "restoring old radios",
)  # fmt: skip

# (what the person writes, the words of it that a result must hold)
DECISIONS = (
    ("I decided to rent the allotment by the canal instead of building a greenhouse.", "allotment"),
    ("We're going with oak for the kitchen floor.", "oak"),
    ("I switched from Notion to Obsidian for my notes.", "obsidian"),
    ("I've decided to take the part-time contract.", "part-time contract"),
    ("I decided to sell the old van and use the train.", "van"),
    ("We decided to move the workshop to Thursdays.", "thursdays"),
    ("I'm going with the evening course rather than the boot camp.", "evening course"),
    ("I switched from coffee to green tea.", "green tea"),
    ("We went with the smaller boiler in the end.", "smaller boiler"),
    ("I decided to learn Finnish before the summer.", "finnish"),
    ("After a lot of back and forth we chose the blue tiles for the hall.", "blue tiles"),
    ("No more night shifts for me from June on, that is settled.", "night shifts"),
)

NAME_LINES = (
    "Hi, I'm {name}. I'd like some help getting organised.",
    "My name is {name}, by the way.",
    "Hello! I'm {name} and this is my first time trying this.",
)
CITY_LINES = (
    "I live in {city} and it has rained for nine days straight.",
    "I moved to {city} four years ago and I still find new corners.",
    "I'm based in {city}, so please keep prices in the local currency.",
    "We're in {city} now, since the spring.",
    "Where do people buy good rye flour in {city}? I moved here in May.",
)
WORK_LINES = (
    "I work as a {occupation} and my weeks are rarely the same.",
    "I'm a {occupation}, so mornings are the only quiet time I get.",
    "I've been working as a {occupation} for eight years.",
    "As a {occupation} I spend half of my day on paperwork.",
    "My job as a {occupation} starts again on Monday.",
)
HOBBY_LINES = (
    "I love {hobby}, it is how I wind down after a long day.",
    "I really enjoy {hobby} at the weekend.",
    "One of my hobbies is {hobby}.",
    "I've been getting into {hobby} this year.",
    "I spend far too much money on {hobby}.",
    "Work was long, so it will be {hobby} again tonight, as always.",
)

# What follows a fact: the task that the chat is really about.
ASKS = (
    "Could you suggest a realistic plan for next week?",
    "What should I read first?",
    "Can you turn that into three sentences for an email?",
    "Any ideas for a cheap weekend away?",
    "What would you pack for two days?",
    "How do I explain this to a nine-year-old?",
)

# Whole chats that say nothing about the person: (title, ((user, assistant), ...)).
TASKS = (
    (
        "Sorting a list by two keys",
        (
            (
                "How do I sort a list of dicts by date and then by price, highest first?",
                (
                    "Use a tuple as the key and negate the number:\n\n```python\n"
                    'rows.sort(key=lambda row: (row["date"], -row["price"]))\n```'
                ),
            ),
            ("And if some dates are missing?", "Give the missing ones a default in the key, so that they sort last."),
        ),
    ),
    (
        "Why bread collapses",
        (
            (
                "Why does a loaf collapse right after it comes out of the oven?",
                "Most often it was proofed too long, or taken out before the crumb had set.",
            ),
        ),
    ),
    (
        "Letter to the landlord",
        (
            (
                "Draft a polite letter asking a landlord to repair a leaking window.",
                "Dear Sir or Madam,\n\nThe window in the living room has been leaking since the last storm...",
            ),
            ("Shorter, please.", "Dear Sir or Madam, the living-room window leaks. When can it be repaired?"),
        ),
    ),
    (
        "Regex for postcodes",
        (
            (
                "What is wrong with this? `^[0-9]{4}\\s?[A-Z]{2}$` does not match 1234ab",
                "It only allows capitals. Add the ignore-case flag.",
            ),
        ),
    ),
    (
        "How tides work",
        (
            (
                "Explain spring tides and neap tides without formulas.",
                "When sun and moon pull along one line, the range is largest; at right angles it is smallest.",
            ),
        ),
    ),
    (
        "Quiz questions",
        (("Give me five pub quiz questions about rivers.", "1. Which river runs through four capitals?"),),
    ),
)

# The same in other languages: an engine that reads English alone must say that it did not read these.
FOREIGN_TASKS = (
    (
        "Receita de sopa",
        (("Como faço uma sopa de legumes simples para quatro pessoas?", "Refogue a cebola, junte os legumes e água."),),
    ),
    (
        "Fahrrad reparieren",
        (("Wie tausche ich den Schlauch an einem Hinterrad mit Nabenschaltung?", "Zuerst den Schaltzug aushängen."),),
    ),
    (
        "Lettre de relance",
        (("Peux-tu rédiger une relance polie pour une facture en retard ?", "Bonjour, sauf erreur de notre part..."),),
    ),
)

# First-person sentences that are not about the person; {decoy} must never become a fact.
DECOYS = (
    'Translate this into Dutch: "I live in {decoy} and I sell umbrellas."',
    'Write a monologue in which a lighthouse keeper says: "My home is {decoy} and I will never leave."',
    "Let's role-play: you are a customs officer from {decoy} and you open my suitcase.",
)
DECOY_CITIES = ("Valparaiso", "Reykjavik", "Samarkand", "Luanda")

INSTRUCTIONS = (
    "Keep answers short and skip the introductions.",
    "Use metric units. No bullet points unless I ask.",
    "Be direct and tell me when I am wrong.",
)
REPLIES = (
    "That sounds like a good place to start. Here is one way to do it, in three steps.",
    "Let's keep it simple: pick one thing for today, one for the week, and leave the rest.",
    "Here is a short version that you can adapt.",
    "Two options come to mind, and the cheaper one is probably enough.",
)
