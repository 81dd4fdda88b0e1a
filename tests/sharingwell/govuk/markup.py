"""Parses markup as browsers do, so that equivalent HTML compares equal."""

import re

from bs4 import BeautifulSoup, Comment, NavigableString, Tag


def normalised(html: str) -> list:
    """Elements, attributes (classes sorted) and text, without whitespace that is not displayed."""
    return children(BeautifulSoup(html, "html.parser", multi_valued_attributes=None))


def children(element: Tag) -> list:
    found: list = []
    for child in element.children:
        if isinstance(child, Comment):
            continue
        if isinstance(child, NavigableString):
            if text := re.sub(r"\s+", " ", child).strip():
                found.append(text)
        else:
            found.append((child.name, attributes(child), contents(child)))
    return found


def attributes(element: Tag) -> dict:
    return {
        name: value.split() if name in ("class", "aria-describedby") else value
        for name, value in element.attrs.items()
    }


def contents(element: Tag) -> list:
    """Exact text for a textarea, without the first line break, which HTML ignores."""
    return [element.text.removeprefix("\n")] if element.name == "textarea" else children(element)
