"""Sentences about a field, made from its label. Pure."""


def inside_sentence(label: str) -> str:
    """A label in the middle of a sentence: “NHS number”, but “short summary”."""
    first = label.split(" ", 1)[0]
    keeps_its_capital = first == "I" or any(letter.isupper() for letter in first[1:])
    return label if keeps_its_capital else label[:1].lower() + label[1:]


def is_question(label: str) -> bool:
    return label.rstrip().endswith("?")


def enter(label: str) -> str:
    """Message for an empty text field."""
    if not label:
        return "Enter an answer"
    return f"Answer “{label}”" if is_question(label) else f"Enter {inside_sentence(label)}"


def choose(label: str) -> str:
    """Message where nothing is chosen."""
    if not label:
        return "Choose an answer"
    return f"Choose an answer to “{label}”" if is_question(label) else f"Choose {inside_sentence(label)}"


def tick(label: str) -> str:
    """Message for a required single checkbox."""
    return f"Tick “{label}”" if label else "Tick the box"


def enter_date(label: str) -> str:
    """Message for an empty date."""
    if not label:
        return "Enter a date"
    return f"Enter a date for “{label}”" if is_question(label) else f"Enter {inside_sentence(label)}"


def subject(label: str) -> str:
    """Subject of a sentence about the answer."""
    if not label:
        return "Your answer"
    return f"Your answer to “{label}”" if is_question(label) else label
