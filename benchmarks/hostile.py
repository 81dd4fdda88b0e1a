"""CPU time of texts made to be slow, each at most as long as a page takes: `python -m benchmarks.hostile`.

To compare with another state of the code, run it there as well. No database is needed. Ends with 1 where anything takes
a second or more.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
LIMIT = 1.0  # seconds of CPU
POSTED = 1_000_000  # characters: about what one form post may hold
Case = tuple[str, Callable[[], Any]]


def main() -> int:
    import django

    django.setup()
    slow = 0
    print(f"{'input':58} {'CPU, s':>8}")
    for name, run in (*forms(), *identifiers(), *comparisons(), *pdfs(), *documents()):
        began = time.process_time()
        with suppress(ValueError):
            run()
        took = time.process_time() - began
        slow += took >= LIMIT
        print(f"{name:58} {took:8.3f}{'  too slow' if took >= LIMIT else ''}", flush=True)
    return int(slow > 0)


def runs(length: int) -> Iterator[tuple[str, str]]:
    for piece in (
        "0",
        "a",
        "@",
        "a@",
        "a.",
        ".",
        "-",
        " ",
        "0 ",
        "1/",
        "1-",
        "(",
        "+44",
        "Mr A ",
        "01223 400000 ",
    ):
        yield f"{piece!r} × {length // len(piece):,}", piece * (length // len(piece))


def forms() -> Iterator[Case]:
    """Beyond every limit, as the practice case and the urgent page take them without or with sign-in."""
    from decisions.forms.decisions import UrgentForm
    from decisions.forms.part import PartForm
    from guidance.choices import Direction, QuestionKind
    from guidance.reading import Question

    question = Question(key="what.request", kind=QuestionKind.TEXT, text="?", max_length=2000, required=True)

    def sent(text: str) -> None:
        form = PartForm({question.key: text}, questions=[question], direction=Direction.SHARE, answers={})
        form.is_valid()
        str(form[question.key].value())

    for name, text in runs(POSTED // 10):
        yield f"part of a case: {name}", lambda text=text: sent(text)
    yield "urgent page: '0' × 1,000,000", lambda: UrgentForm({"what": "0" * POSTED}).is_valid()


def identifiers() -> Iterator[Case]:
    from decisions.domain.identifiers import find_identifiers

    for name, text in runs(20_000):
        yield f"identifiers: {name}", lambda text=text: find_identifiers(text, names=True)


def comparisons() -> Iterator[Case]:
    """Two rounds, with twelve answers of 4,000 characters each or one of 20,000."""
    from decisions.record.diff import compare_records

    def record(texts: list[str]) -> dict[str, Any]:
        answers = [{"key": str(at), "question": "?", "answer": [text]} for at, text in enumerate(texts)]
        return {"parts": [{"answers": answers}]}

    def letters(first: int, length: int, between: str) -> str:
        return between.join(chr(first + at) for at in range(length // 2))

    def pairs(length: int) -> dict[str, tuple[str, str]]:
        return {
            "spaces": (f"a{' ' * length}"[:length], f"b{' ' * length}"[:length]),
            "one word": ("a " * (length // 2), "a b " * (length // 4)),
            "two words": ("a b b a b " * (length // 10), "b a a b b a " * (length // 12)),
            "a letter a line": (letters(0x4E00, length, "\n"), letters(0x7E00, length, "\n")),
            "199 lines": (
                "\n".join(f"a b c d {at % 7}" for at in range(199)),
                "\n".join(f"d c b a {at % 5}" for at in range(198)),
            ),
        }

    for many, length in ((12, 4000), (1, 20_000)):
        for name, (old, new) in pairs(length).items():
            yield (
                f"comparison of {many} × {length:,}: {name}",
                lambda old=old, new=new, many=many: compare_records(
                    record([old] * many), record([new] * many)
                ),
            )


def pdfs() -> Iterator[Case]:
    """A record with twelve answers of 4,000 characters each."""
    from decisions.record.export import Chapter, Line, render_pdf

    def drawn(texts: list[str]) -> None:
        lines = tuple(Line("?", (text,)) for text in texts)
        render_pdf(title="T", heading="H", footer="F", date="2026-01-01", chapters=[Chapter("C", lines)])

    drawn(["warm"])
    ideographs = [
        "".join(chr(0x4E00 + (4000 * each + at) % 20_000) for at in range(4000)) for each in range(12)
    ]
    for name, texts in {
        "different ideographs": ideographs,
        "one letter with a long name": ["\ufdfa" * 4000] * 12,
        "a letter a line": ["a\n" * 2000] * 12,
        "ideographs, one a line": ["\n".join(text[:2000]) for text in ideographs],
        "marks on one letter": ["e" + "\u0301\u0302" * 2000] * 12,
        "both directions": ["a\u05e9" * 2000] * 12,
    }.items():
        yield f"PDF of 12 × 4,000: {name}", lambda texts=texts: drawn(texts)


def documents() -> Iterator[Case]:
    """What an editor may write."""
    from guidance.content.document import DocumentError, split
    from guidance.editing import rows

    def read(text: str) -> None:
        with suppress(DocumentError):
            split(text)

    for piece in ("# ", " {#", "[^", "- ", "\n", "1. "):
        text = f"## a{piece * (20_000 // len(piece))}\x01"
        yield f"document: {piece!r} × {20_000 // len(piece):,}", lambda text=text: read(text)
    if hasattr(rows, "EMPTY_LINES_AROUND"):
        yield "empty lines", lambda: rows.EMPTY_LINES_AROUND.sub("", "a" + "\n" * 20_000 + "b")
    else:
        yield "empty lines", lambda: rows._without_empty_lines_around("a" + "\n" * 20_000 + "b")


if __name__ == "__main__":
    sys.exit(main())
