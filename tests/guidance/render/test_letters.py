"""What the fonts of the PDFs can draw, and how much is said of what they cannot."""

from __future__ import annotations

import random

from guidance.render import letters
from guidance.render.letters import (
    DRAWN,
    MOST_MARKS,
    MOST_NAMES,
    NOT_NAMED,
    Lettering,
    letters_drawn,
    showable,
)


def test_listed_letters_are_those_that_typst_draws() -> None:
    beside = {chr(ord(letter) + step) for letter in DRAWN for step in (-1, 1)} - DRAWN
    others = random.Random(16).sample(range(0x20000), 3000)
    unlisted = {letter for letter in beside | {chr(code) for code in others} if letter.isprintable()} - DRAWN
    tried = sorted(letter for letter in DRAWN | unlisted if not letter.isascii())
    assert letters_drawn(tried) == DRAWN


def test_letters_are_looked_up_and_typst_is_not_asked(monkeypatch) -> None:
    monkeypatch.setattr(letters.typst, "compile", None)
    assert showable("Ł\u4e00") == "Ł(cjk unified ideograph-4e00)"


def test_so_many_letters_of_a_document_are_named() -> None:
    lettering = Lettering()
    rows = [lettering.showable("\u4e00") for _ in range(MOST_NAMES + 2)]
    assert rows[MOST_NAMES - 1 :] == ["(cjk unified ideograph-4e00)", NOT_NAMED, NOT_NAMED]
    assert NOT_NAMED in DRAWN


def test_marks_heaped_on_one_letter_are_cut() -> None:
    heap = showable("x" + "\u0301" * 4000 + "y")
    assert heap.replace("\u200b", "") == "x" + "\u0301" * MOST_MARKS + "y"
