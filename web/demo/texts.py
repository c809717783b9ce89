"""Texts of our own for the demonstration, made from parts in a fixed order, so that every run gives the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

# class: (openings, what happened, what is asked)
_MESSAGES: dict[str, tuple[list[str], list[str], list[str]]] = {
    "Delivery": (
        ["Hello,", "Good morning,", "Hi there,"],
        [
            "my parcel has been standing in the same depot since Tuesday.",
            "the courier left my order with a neighbour whom I do not know.",
            "the tracking page says delivered, but nothing is here.",
            "half of the order came today, without a word about the rest.",
            "the box was open when it arrived, and one lamp is missing.",
        ],
        [
            "Can you find out where it is?",
            "Please send it again.",
            "When may I expect it?",
            "I leave for a trip on Friday, so it is urgent.",
        ],
    ),
    "Billing": (
        ["Dear team,", "Hello,", "To whom it may concern:"],
        [
            "my card was charged twice for order 40-117.",
            "the invoice names our old address, and our accountant cannot use it.",
            "I returned the kettle three weeks ago and still wait for my money.",
            "the discount from your letter was not taken off.",
            "I see a yearly fee that I never agreed to.",
        ],
        [
            "Please correct it.",
            "Could you refund the difference?",
            "I need a new invoice before the end of the month.",
            "Who can look into this?",
        ],
    ),
    "Account": (
        ["Hi,", "Hello,", "Good evening,"],
        [
            "the link to set a new password never arrives.",
            "I changed my telephone and cannot sign in any more.",
            "my two accounts should be one.",
            "my name is spelt wrong on every page.",
            "somebody signed in from a town where I have never been.",
        ],
        ["What can I do?", "Please help, I need it today.", "Can you do that for me?", "Please lock it until this is clear."],
    ),
    "Praise": (
        ["Just a line to say", "I wanted you to know that", "For once no complaint:"],
        [
            "the repair took one day and the bicycle runs like new.",
            "Mrs Adeyemi on the telephone was patient and kind.",
            "the chairs are even nicer than in the picture.",
            "my order came early, and the note in it made me smile.",
            "your manual is the first one that I understood.",
        ],
        ["Thank you!", "Keep it up.", "I shall come back.", "Please pass it on to her."],
    ),
}

# (text, marked words with their label)
LETTERS: list[tuple[str, list[tuple[str, str]]]] = [
    (
        "Dear Ilse, we reached Lisbon on Thursday after a night on the train. Tomás met us at the station with his new dog, and by noon we sat in a café by the Tagus.",
        [("Ilse", "Person"), ("Lisbon", "Place"), ("Thursday", "Date"), ("Tomás", "Person"), ("Tagus", "Place")],
    ),
    (
        "The Harbour Museum of Bergen asked whether we would lend them the small sextant until March. Professor Lindqvist thinks that it should not travel in winter.",
        [("Harbour Museum", "Organization"), ("Bergen", "Place"), ("March", "Date"), ("Lindqvist", "Person")],
    ),
    (
        "On 4 May the choir sings in Kraków. Zofia has the tickets; ask her for two and tell Marek that the bus leaves at six.",
        [("4 May", "Date"), ("Kraków", "Place"), ("Zofia", "Person"), ("Marek", "Person")],
    ),
    (
        "Our neighbour Mrs Okonkwo moved to Accra in the spring. Her son Emeka works for the Volta River Authority and writes every month.",
        [("Okonkwo", "Person"), ("Accra", "Place"), ("Emeka", "Person"), ("Volta River Authority", "Organization")],
    ),
    (
        "The letter was posted in Valparaíso in 1931. It speaks of Captain Reyes, of two storms, and of a sister in Genoa who never answered.",
        [("Valparaíso", "Place"), ("1931", "Date"), ("Reyes", "Person"), ("Genoa", "Place")],
    ),
    (
        "Please tell the Weather Office that the mast on Mount Aso is bent again. Haruki climbed up on Sunday and took pictures.",
        [("Weather Office", "Organization"), ("Mount Aso", "Place"), ("Haruki", "Person"), ("Sunday", "Date")],
    ),
    (
        "When Amal came back from Alexandria she brought maps, a broken clock, and a message from Dr Haddad for the Society of Surveyors.",
        [("Amal", "Person"), ("Alexandria", "Place"), ("Haddad", "Person"), ("Society of Surveyors", "Organization")],
    ),
    (
        "The winter was mild in Tromsø. Ingrid repaired the boat with her uncle, and in February they took the school of Sommarøy out to see the whales.",
        [("Tromsø", "Place"), ("Ingrid", "Person"), ("February", "Date"), ("Sommarøy", "Place")],
    ),
]

# (question, answer A, answer B)
ANSWERS = [
    (
        "How do I keep basil alive in a kitchen?",
        "Give it a bright window, water it from below when the soil feels dry, and cut the tips often.",
        "Basil is a herb. Water it.",
    ),
    (
        "Why is the sky blue?",
        "Because it mirrors the sea.",
        "Air scatters short, blue waves of sunlight more than long, red ones, so blue reaches us from everywhere.",
    ),
    ("Write a subject line for a late invoice.", "Invoice 40-117: now due, thank you for settling it this week", "PAY NOW!!!"),
    ("What is seven times eight?", "56", "Seven times eight is 54."),
    (
        "How long do eggs boil until they are soft?",
        "About six minutes from the moment the water boils, for a middle-sized egg from the fridge.",
        "Until they are done.",
    ),
    (
        "Name a river that flows north.",
        "The Nile: it rises in the highlands of East Africa and reaches the sea in Egypt.",
        "All rivers flow south.",
    ),
]


def messages(count: int) -> Iterator[tuple[str, str]]:
    """`count` messages to a shop, each with its class: (text, class). The classes take turns, in uneven shares."""
    turn = ["Delivery", "Billing", "Delivery", "Account", "Praise", "Billing", "Delivery"]

    def every() -> Iterator[tuple[str, str]]:
        number = 0
        while True:
            name = turn[number % len(turn)]
            openings, events, questions = _MESSAGES[name]
            yield (
                f"{openings[number % len(openings)]} {events[(number // 2) % len(events)]} {questions[(number // 3) % len(questions)]}",
                name,
            )
            number += 1

    return islice(every(), count)
