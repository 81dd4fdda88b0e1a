"""What a question still asks for, as a plain sentence made of its own words. Pure.

A guide may ask anything, so nothing here knows a question by its key. Where English lets a question be told from its
first words alone, it is told (“Who is asking?”: “You have not said who is asking.”); any other is quoted.
"""

from __future__ import annotations

import re

ASKING = "who|whom|whose|what|which|when|where|why|how"
HELPING = "am|is|are|was|were|has|have|had|do|does|did|will|would|shall|should|can|could|may|might|must"
SUBJECT = "I|you|he|she|it|we|they|this|that|these|those|there"
PLAIN_WORDS = rf"(?: (?!(?:{HELPING}|{SUBJECT})\b)[\w'’-]+)*"

WHAT_IS_IT = re.compile(rf"\b((?:{ASKING}){PLAIN_WORDS}) ({HELPING}) ({SUBJECT})\b(?: (\w+))?", re.IGNORECASE)
WHAT_IS_THE = re.compile(
    rf"\b((?:{ASKING}){PLAIN_WORDS}) (is|are|was|were) "
    r"((?:the|a|an|your|their|our|its)(?: (?!\w+(?:ing|ed)\b|to\b)[\w'’-]+)+)(?=,|$)",
    re.IGNORECASE,
)
IS_IT = re.compile(rf"({HELPING}) ({SUBJECT})\b(?: (\w+))?", re.IGNORECASE)
HAS_IT_BEEN = re.compile(r"(has|have) ([^,]+?) been\b", re.IGNORECASE)
TURNED = re.compile(rf"(?:how|when|where|why){PLAIN_WORDS} (?:{HELPING})\b", re.IGNORECASE)
ASKS_TWICE = re.compile(rf"\b(?:and|or) (?:{HELPING}) ", re.IGNORECASE)


def still_open(question: str) -> str:
    """“You have not said …”; where that cannot be made of the question, the question itself."""
    told = _told(question)
    return f"You have not said {told}." if told else f"You have not answered: {question}"


def _told(question: str) -> str:
    """The question as part of a sentence; empty where its words do not show how."""
    if not question.endswith("?") or "?" in question[:-1]:
        return ""
    asked = question[:1].lower() + question[1:-1]
    if re.match(rf"(?:{ASKING})\b", asked):
        told = WHAT_IS_THE.sub(r"\1 \3 \2", WHAT_IS_IT.sub(_statement, asked))
        return "" if TURNED.match(told) and told == asked else told
    if ASKS_TWICE.search(asked):
        return ""
    if match := IS_IT.match(asked):
        return "whether" + _order(*match.groups()) + asked[match.end() :]
    if match := HAS_IT_BEEN.match(asked):
        return f"whether {match[2]} {match[1]} been{asked[match.end() :]}"
    return ""


def _statement(match: re.Match[str]) -> str:
    return match[1] + _order(match[2], match[3], match[4])


def _order(helping: str, subject: str, verb: str | None) -> str:
    """“does”, “it”, “make” as “ it makes”; “are”, “you”, “sure” as “ you are sure”."""
    match helping, verb:
        case "do", str():
            return f" {subject} {verb}"
        case "does", str():
            return f" {subject} {_third_person(verb)}"
    return f" {subject} {helping}" + (f" {verb}" if verb else "")


def _third_person(verb: str) -> str:
    if verb == "have":
        return "has"
    if re.search(r"(?:[sxzo]|ch|sh)$", verb):
        return verb + "es"
    return re.sub(r"(?<=[^aeiou])y$", "ie", verb) + "s"
