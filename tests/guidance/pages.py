"""Reads the text of pages, without markup."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

BLOCKS = [
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "div",
    "figcaption",
    "article",
    "section",
    "nav",
    "ul",
    "ol",
    "blockquote",
]
TRACES = {
    # What guide/README says of each trace of the laid-out document, and what stands there now.
    "[add link to website]": "this website's page of guide versions",
    "- \\* ": "- ",
    "What? Who?  \nWhy?": "What? Who? Why?",
    "Act on the current  \ninfo": "Act on the current info",
    "Review at every  \nstage": "Review at every stage",
    "Seek advice if  \nneeded": "Seek advice if needed",
}


def soup_of(html: str | bytes) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def main_of(html: str | bytes) -> Tag:
    main = soup_of(html).main
    assert main is not None
    return main


def words_of(element: Tag) -> str:
    """Text of the element on one line, without the website's additions: its drawing, and links around passages."""
    copy = soup_of(str(element))
    for own in copy.select("svg, .sw-copy-link, .sw-note .govuk-body-s"):
        own.decompose()
    for block in copy.find_all(BLOCKS):
        block.insert_before("\n")
        block.append("\n")
    return " ".join(copy.get_text().split())


def sentences_of(markdown: str) -> list[str]:
    """Every heading and sentence of the guide as handed over, in order, with conversion errors corrected."""
    for trace, corrected in TRACES.items():
        assert trace in markdown, trace
        markdown = markdown.replace(trace, corrected)
    markdown = re.sub(r"^(?:---|\s+)$", "", markdown, flags=re.MULTILINE)
    markdown = re.sub(r"^(?:#+|-) ", "\n", markdown, flags=re.MULTILINE)
    markdown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    markdown = re.sub(r"</?sup>|[*<>]", "", markdown)
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", markdown)]
    return [sentence for block in blocks for sentence in re.split(r"(?<=[.?!:])\s+", block) if sentence]


def first_missing(sentences: list[str], text: str) -> str | None:
    """First sentence that is not in the text after the one before it."""
    position = 0
    for sentence in sentences:
        found = text.find(sentence, position)
        if found < 0:
            return sentence
        position = found + len(sentence)
    return None


def what_else(sentences: list[str], text: str) -> str:
    """Text that remains after removing each sentence in order."""
    left, position = [], 0
    for sentence in sentences:
        found = text.index(sentence, position)
        left.append(text[position:found])
        position = found + len(sentence)
    left.append(text[position:])
    return " ".join(" ".join(left).split())
