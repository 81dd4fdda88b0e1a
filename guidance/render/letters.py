"""Words as the fonts of the PDFs can draw them.

PDF/UA allows no empty boxes and no empty titles, so a letter that no font has is named instead. The letters that
typst's own fonts have are listed in `letters.txt`, a range of code points a line. `python -m guidance.render.letters`
writes the list anew after an update of typst: asking typst while somebody waits took seconds for hostile texts.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import typst

LIST = Path(__file__).with_name("letters.txt")
LONG_WORD = re.compile(r"\S{60}(?=\S)")  # it may be broken anywhere, or it would leave the page
MAY_BREAK = "\N{ZERO WIDTH SPACE}"
NOTHING_TO_SHOW = "(text that cannot be shown)"
NOT_NAMED = "\N{REPLACEMENT CHARACTER}"
MOST_NAMES = 1000  # in a document: a name is up to a hundred letters long
MOST_MARKS = 30  # on one letter, as in Unicode's stream-safe text; typst takes their number squared

TRIAL = b"""#set document(title: "Trial")
#set text(font: "Libertinus Serif")
#for each in json(bytes(sys.inputs.letters)) [#text(each)#parbreak()]"""
REFUSED = re.compile(
    r'^error: PDF/UA-1 error: the text `("(?:[^"\\]|\\.)*")` could not be displayed', re.MULTILINE
)
ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")


def _ranges() -> Iterator[range]:
    for line in LIST.read_text().splitlines():
        first, _, last = line.partition("-")
        yield range(int(first, 16), int(last or first, 16) + 1)


DRAWN = frozenset(chr(each) for letters in _ranges() for each in letters)


class Lettering:
    """The words of one document. It names `MOST_NAMES` letters; a sign stands for each after that."""

    def __init__(self) -> None:
        self.names_left = MOST_NAMES

    def showable(self, words: str) -> str:
        """The words with what no font of ours can draw (an emoji, say) named instead."""
        shown = "".join(self._letters(unicodedata.normalize("NFC", words)))
        if words.strip() and not any(unicodedata.category(letter)[0] in "LNPS" for letter in shown):
            return NOTHING_TO_SHOW
        return LONG_WORD.sub(rf"\g<0>{MAY_BREAK}", shown)

    def _letters(self, words: str) -> Iterator[str]:
        marks = 0
        for letter in words:
            marks = marks + 1 if unicodedata.category(letter) in {"Mn", "Me"} else 0
            if marks > MOST_MARKS:
                continue
            is_plain = letter.isascii() and letter.isprintable()
            yield letter if is_plain or letter in DRAWN else self._named(letter)

    def _named(self, letter: str) -> str:
        name = unicodedata.name(letter, "")
        is_mark = unicodedata.category(letter) in {"Cf", "Mn", "Me"}  # as those that join or colour emojis
        if is_mark or not name:
            return ""
        self.names_left -= 1
        return f"({name.lower()})" if self.names_left >= 0 else NOT_NAMED


def showable(words: str) -> str:
    """The same for words by themselves."""
    return Lettering().showable(words)


def letters_drawn(letters: Sequence[str]) -> set[str]:
    """Which of them typst draws, each after a letter, as a mark stands."""
    drawn: set[str] = set()
    for at in range(0, len(letters), 4000):
        some = letters[at : at + 4000]
        refused: set[str] = set()
        try:
            typst.compile(
                TRIAL,
                format="pdf",
                ignore_system_fonts=True,
                pdf_standards="ua-1",
                sys_inputs={"letters": json.dumps([f"e{letter}" for letter in some])},
            )
        except typst.TypstError as error:
            for text in REFUSED.findall(error.diagnostic):
                refused |= set(ESCAPED.sub(lambda code: chr(int(code[1], 16)), text))
            if not refused:
                raise
        drawn |= set(some) - refused
    return drawn


def _write_list() -> None:
    """Of all letters that Unicode knows, as this Python has them."""
    known = (chr(each) for each in range(0x80, sys.maxunicode + 1))
    drawn = letters_drawn(
        [each for each in known if unicodedata.category(each) not in {"Cc", "Cn", "Co", "Cs"}]
    )
    codes = sorted(map(ord, drawn))
    lines = []
    for _, together in groupby(enumerate(codes), key=lambda pair: pair[1] - pair[0]):
        first, *_, last = [code for _, code in together] * 2
        lines.append(f"{first:x}" if first == last else f"{first:x}-{last:x}")
    LIST.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    _write_list()
