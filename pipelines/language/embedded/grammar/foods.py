"""What is eaten and drunk, by its head noun: a liking for it is a taste, not a pursuit."""

from pipelines.language.embedded.grammar.words import word_set
from pipelines.work import late_patterns as re

_FOODS = word_set(
    "food cuisine snack dish meal dessert sweet treat candy chocolate caramel fudge cake cupcake cheesecake cookie "
    "biscuit brownie muffin donut doughnut pastry croissant pie tart pudding mousse gelato sorbet cream popsicle jelly "
    "jello pancake waffle cereal granola oatmeal porridge bread toast bagel pretzel sandwich burger cheeseburger "
    "hotdog pizza pasta spaghetti lasagna ravioli gnocchi macaroni noodle ramen udon pho risotto rice sushi sashimi "
    "poke tempura dumpling taco burrito quesadilla nacho tortilla kebab falafel hummus curry stew soup broth salad "
    "sauce ketchup mustard mayo mayonnaise oil butter cheese cheddar mozzarella parmesan brie feta yogurt "
    "yoghurt milk milkshake egg omelette bacon ham sausage bratwurst salami steak meat beef pork lamb mutton veal "
    "chicken turkey meatball rib wing seafood salmon tuna sardine anchovy shrimp prawn lobster crab oyster mussel "
    "scallop squid tofu tempeh bean lentil chickpea nut peanut almond cashew walnut pistachio fries chip crisp potato "
    "tomato onion garlic ginger carrot celery broccoli cauliflower cabbage kale spinach lettuce cucumber zucchini "
    "eggplant pumpkin corn mushroom olive pickle pepper chili vegetable veggie fruit apple banana lemon lime grape "
    "grapefruit mango papaya pineapple peach pear plum apricot cherry berry strawberry blueberry raspberry "
    "blackberry melon watermelon kiwi lychee avocado coconut cinnamon vanilla mint honey syrup jam smoothie juice "
    "lemonade soda cola tea coffee espresso latte cappuccino mocha matcha cocoa shake drink beverage cocktail mocktail "
    "hamburger crepe churro wonton nugget steakhouse enchilada tamale pierogi guac guacamole gravy souffl\u00e9 "
    "souffle boba licorice marshmallow popcorn cracker icecream crouton pecan kola coke pepsi sprite seltzer "
    "prosciutto brisket asparagus radish beet artichoke raisin fig pomegranate nectarine tangerine cilantro tikka "
    "biryani naan gyro shawarma snap nutella oats cheeto dorito oreo jerky meatloaf casserole chowder pastrami "
    "coleslaw "
    "beer ale cider whiskey whisky vodka rum gin tequila champagne topping spice"
)
_WATERS = word_set("seltzer sparkling mineral coconut tonic soda")
_OFFERED_AS = re.compile(r"\s(?:like|with|for|from|in|and|or|of)\s")


def is_food(thing: str) -> bool:
    """Whether a thing is eaten or drunk: "vanilla ice cream", "sweets", "noodles with soy sauce"; not "making soup"."""
    before, _, named = _OFFERED_AS.split(thing, maxsplit=1)[0].rpartition(" ")
    if (before and named[:1].isupper()) or thing.partition(" ")[0].endswith("ing"):  # "Bob's Burgers", "making soup"
        return False
    head = named.lower()
    if head == "water":  # "the water" may be the sea
        return before.lower() in _WATERS
    return any(form in _FOODS for form in (head, head.removesuffix("s"), head.removesuffix("es"), f"{head[:-3]}y"))
