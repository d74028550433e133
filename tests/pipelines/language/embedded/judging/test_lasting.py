"""What holds for one task, one hour or one occasion is not told; what lasts is told without the rest."""

import pytest

from pipelines.language.embedded.judging.days import by_calendar
from tests.pipelines.language.embedded.reading import read

STORY = "The ship left at dawn, and nobody on the quay said a word. " * 25


def told(text: str) -> list[str]:
    """Category and value of every fact."""
    return sorted(f"{fact.category}: {fact.value}" for fact in read(text).facts)


@pytest.mark.parametrize(
    "text",
    [
        # a wish about one task
        "Explain quantum computing in simple terms",
        "Give examples for overloading the minus operator.",
        "What are data mining techniques? Answer in bullet points. Give examples.",
        "Always start the description with the name of the product.",
        "Write the summary of chapter two. Please write in English language.",
        "Always put your school first, you will be thankful later!",
        "How can a person align words and actions, and lead by example.",
        "Please add that users should always check the citations listed.",
        "Summarize Saussure's Course in General Linguistics.",
        "Keep it under 3 sentences and start with : Imagine",
        "No need to apologize, this would make a great plot.",
        # states of the hour
        "I studied really hard for it.",
        "I was a burden for her.",
        "I'm still recovering from being sick.",
        "I am suffering from a cold.",
        "I got the job, probably because of my attitude.",
        "I can't hear any audio in the video.",
        "Based on the metrics available, I suggest a new formula.",
        "As a fun joke for the editor I want some puns in it.",
        "As an educator, I strive to make the content accessible.",
        "I'm almost 60.",
        "Write a welcome email; we are a liberal arts college",
        "I'm 10 dollars short.",
        "I have been 18 years with them.",
        "Yes same here!",
        "Raider Nation here!",
        "I can't eat much, let alone meat.",
        "I've started singularity syndicate.",
        "I plan to arrive at noon.",
        # likings of this talk
        "I like opening a shop.",
        "I like number 5 the most, make it longer",
        "I did like Josh Brolin as Cable.",
        "I love u, honey",
        "I'm using Google Chrome and cannot see the dots.",
        "I am addicted to soda and it's hard to quit.",
        "Enjoy delicious street food at hawker centers and explore Chinatown.",
        "I am growing anxious about finances.",
        "I was at the lake, some teams I dislike though.",
        "I hate my current job.",
        "I don't like thumbnails if they are too square.",
        "My favorite restaurant is ruined for me.",
        "My favorite team is in the AFC.",
        "I am a professor before retired.",
        "I work as a owner.",
        "On sunday I have lunch with my gf at 1230 till 15.",
        "Please write in English language.Share Prompt",
        # one of its kind
        "I am not interested in that movie, sorry.",
        "My favorite movie is the first one.",
        "We've watched that probably 20 times since it came out.",
        "We really love Jim Carrey's How The Grinch Stole Christmas.",
        # things that are called after a child
        "I already got a crib and baby bath.",
        # not one's own words
        '"I am a nurse," she said.',
        "I don't like this part: I am fluent in English",
        f"{STORY} My name is Ruby. I work as a nurse.",
        "Name: Bicol Online Marketing",
        "01:20 Hi, my name is Devin Farley.",
        # no work of the user's
        "I work for a couple years now.",
        "As a product manager, I need to tell investors about it.",
        "write nlp model in python",
        "assignment operators in c",
        "I work in spring boot for the backend of my project.",
        "I've been working for 20 years.",
        "Hello my name is brandon and i will be serving you today.",
        "I'm an imperialist!",
        "I'm running a campaign for a local theatre.",
        "I have been working on my jump shot all month.",
        "let's work on the summary for the app",
        # nobody of the user's, or no more
        "My brothers first game was great.",
        "My sons teacher isn't very nice.",
        "My boyfriend is cheating on me again.",
        "My girlfriend just broke my heart.",
        "My goldfish died.",
        "My dog I had for five years just passed away.",
        "My first dog was a dalmatian.",
        "I would borrow my big sisters clothes.",
        # of the week, proposed, or of the chat
        "I decided to use the create table option.",
        "I swear that Superbowl was three hours long.",
        "Our goal is to break the cycle of chronic disease.",
        "Let's go with a female character for the main lead.",
        "I'm going to edit the fourth paragraph.",
        "I will choose the 2nd.",
        "Ha, then I'll move to Vermont!",
        "I plan on mowing the grass on Sunday.",
        "We decided to go fishing last week.",
        "Switching back to general game design, suggest ways to use it.",
        # opinions of the moment
        "I trust my guts.",
        "Believe in growing and holding high standards",
        "I don't care for Tom Cruise, though.",
        "I think they should try to put a line where the players are.",
    ],
)
def test_what_passes_is_not_told(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a wish for good
        ("From now on, answer in British English.", ["preference: answer in British English"]),
        ("Keep it short please", ["preference: Keep it short"]),
        # a state without its amount, its tail and its time
        ("I've always had so much anxiety over my life.", ["life_context: anxiety"]),
        ("I'm disabled and the kind farmer took my bags.", ["life_context: disabled"]),
        ("We got married earlier this year.", ["life_context: got married"]),
        ("I have a student visa.", ["life_context: has a student visa"]),
        ("I bought a used car a couple months ago.", ["life_context: bought a used car"]),
        ("Student", ["occupation: Student"]),
        # a liking with its noun, and without the next verb
        ("I enjoy snowboarding as a hobby.", ["interest: snowboarding"]),
        ("I like to swimming.", ["interest: swimming"]),
        ("I love playing video games and watch tv.", ["interest: playing video games"]),
        ("I'm an animal lover.", ["interest: animals"]),
        (
            "I enjoy European, Thai, and Mexican dishes",
            ["preference: likes European dishes", "preference: likes Mexican dishes", "preference: likes Thai dishes"],
        ),
        ("I do not drink soda.", ["preference: drinks no soda"]),
        ("I prefer baseball than football.", ["preference: baseball rather than football"]),
        ("We use Firebase for auth and have to list the domains.", ["preference: uses Firebase for auth"]),
        # a job and a place without what follows
        ("I run my own amazon business.", ["occupation: runs an amazon business"]),
        ("I work in radiation oncology and see cancer every day.", ["occupation: works in radiation oncology"]),
        ("I moved to Florida to be closer to my mom.", ["location: Florida"]),
        # persons
        ("My sister in law was ill.", ["relationship: sister-in-law"]),
        (
            "My mother passed away about a month ago due to a stroke.",
            ["life_context: no longer alive: mother", "relationship: mother: passed away"],
        ),
        ("My husband is 69.", ["relationship: husband: 69 years old"]),
        ("My husband is out of town.", ["relationship: husband"]),
        ("I have an amazing husband.", ["relationship: husband"]),
        ("I have a 10 year old and she is great.", ["relationship: child (10 year old)"]),
        ("I have a dog that sleeps a lot.", ["relationship: dog"]),
        # names
        ("My name is Anna.", ["name: Anna"]),
    ],
)
def test_what_lasts_is_told_without_the_rest(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I have a severe disease called ulcerative colitis.",
        "I am a big Spider man fan.",
        "I do like Iron Man.",
        "I am Abdul-Malik Walker.",
        "I support David J. Collis approach.",
    ],
)
def test_what_was_cut_before_a_noun_is_not_told(text: str) -> None:
    values = [fact.value for fact in read(text).facts]
    assert not [value for value in values if value.endswith(("ulcerative", "Spider", "Iron", "Abdul", "David J"))]


def test_the_beginning_of_a_long_message_is_the_users_own() -> None:
    assert told(f"I live in Ghent. {STORY} I live in Leeds.") == ["location: Ghent"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("presentation on Monday", "presentation on 3 July 2023"),
        ("send it by Wednesday", "send it by 5 July 2023"),
        ("every Monday at ten", "every Monday at ten"),
        ("interview in 3 days", "interview on 1 July 2023"),
        ("moving in two weeks", "moving in July 2023"),
        ("win my next week soccer game", "win my next week soccer game"),
    ],
)
def test_days_that_are_near_are_told_by_the_calendar(said: str, expected: str) -> None:
    assert by_calendar(said, 1687975200.0) == expected  # Wednesday, 28 June 2023
