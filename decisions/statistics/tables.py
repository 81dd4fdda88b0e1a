"""Figures as they read: tables, each with its chart. A page and a spreadsheet are made of the same ones. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from decisions.domain.periods import Quarter
from decisions.domain.question_keys import REFUSALS
from decisions.statistics.charts import bars
from decisions.statistics.figures import (
    ADVICE,
    AFTERWARDS,
    CONSIDERED,
    KIND,
    LOOK_AGAIN,
    NEAREST,
    NOTED,
    OPEN,
    OUTCOME,
    RELATIONSHIP,
    STATED,
    TIME,
    Figures,
    Share,
    Table,
)
from decisions.statistics.report import NOT_SHOWN, TOGETHER, Line, Section, number_of
from decisions.statistics.suppression import YES, Row
from decisions.statistics.trends import over_time

if TYPE_CHECKING:
    from decisions.statistics.labels import Wording

MOST = 15  # rows of a list of what there is most of
ROUGHLY = f"to the nearest {NEAREST}"
OF_ALL = ("", "Number", "Share")
OF_SOME = ("", "Number", "Of", "Share")


def sections(figures: Figures, earlier: Mapping[Quarter, Figures], words: Wording) -> Iterator[Section]:
    """In their order on the page. `earlier` leads up to the quarter that `figures` are of."""
    yield over_time(earlier, words)
    yield _table(OUTCOME, "What was decided", "Recorded rounds, by outcome.", figures, words)
    yield _shares(
        STATED,
        "Refusals, and the risk of not sharing",
        "Rounds that ended in not sharing or not acting, in which it was said what could happen then.",
        {key: share for (topic, key), share in figures.shares.items() if topic == STATED and key in REFUSALS},
        figures,
        words,
    )
    yield _table(
        TIME,
        "From the request to the decision",
        "Counted from when the decision was started here, which may be later than the request, to when its first "
        "round was recorded.",
        figures,
        words,
    )
    yield _table(
        ADVICE,
        "Advice",
        "Whether advice was sought on a round, and how long the first reply took.",
        figures,
        words,
    )
    yield _most(
        CONSIDERED,
        "Considerations shown most",
        f"Rounds in which each was shown, {ROUGHLY}.",
        figures,
        words,
    )
    yield _most(
        KIND,
        "Kinds of information",
        "Rounds in which each was ticked. One round may have several.",
        figures,
        words,
    )
    yield _table(RELATIONSHIP, "Who was asking", "How they stand to the person.", figures, words)
    afterwards = {
        key: share for (topic, key), share in figures.shares.items() if (topic, key) == (AFTERWARDS, YES)
    }
    yield _shares(
        AFTERWARDS,
        "Recorded afterwards",
        "Rounds recorded more than a day after the information was shared.",
        afterwards,
        figures,
        words,
    )
    yield _table(
        LOOK_AGAIN,
        "Days to look again",
        "Decisions that were open when the quarter ended, and had a day to look again.",
        figures,
        words,
    )


def of_the_guide(figures: Figures, version: str, words: Wording) -> Iterator[Section]:
    """What is left unanswered, and what is noted, under one version."""
    prefix = f"{version}/"
    of_it = replace(
        figures,
        shares={
            (topic, key.removeprefix(prefix)): share
            for (topic, key), share in figures.shares.items()
            if key.startswith(prefix)
        },
    )
    yield _most(
        OPEN,
        "Questions left unanswered most",
        f"Rounds without an answer to it, {ROUGHLY}.",
        of_it,
        words,
    )
    yield _most(
        NOTED,
        "Considerations noted most",
        f"Rounds in which somebody wrote something against it, {ROUGHLY}.",
        of_it,
        words,
    )


def _table(topic: str, title: str, about: str, figures: Figures, words: Wording) -> Section:
    table = figures.tables.get(topic)
    section = Section(topic, title, about, OF_ALL)
    counted = [row for row in table.rows if row.count or table.left_out.get(row.keys[0])] if table else []
    if table is None or not counted:
        return _without(section, figures)
    total = sum(row.count for row in counted)
    lines = tuple(
        Line(_label(topic, row, words), _cells(row, table, total), _note(topic, row, table, words))
        for row in counted
    )
    chart = bars(title, [(_label(topic, row, words), number_of(row, table)) for row in counted])
    return replace(section, lines=lines, charts=(chart,))


def _label(topic: str, row: Row, words: Wording) -> str:
    return TOGETHER if row.is_together else words.of(topic, row.keys[0])


def _cells(row: Row, table: Table, total: int) -> tuple[str, str]:
    number = number_of(row, table)
    return (NOT_SHOWN, NOT_SHOWN) if number is None else (f"{number:,}", _percent(number, total))


def _note(topic: str, row: Row, table: Table, words: Wording) -> str:
    if row.is_together:
        return "; ".join(words.of(topic, key) for key in row.keys)
    missing = table.left_out.get(row.keys[0], 0)
    return (
        f"Without {missing} organisation{'s' if missing != 1 else ''} with too few to show."
        if missing
        else ""
    )


def _most(topic: str, title: str, about: str, figures: Figures, words: Wording) -> Section:
    """The most first."""
    found = {key: share for (of, key), share in figures.shares.items() if of == topic and share.count}
    most = sorted(found, key=lambda key: (-found[key].count, key))[:MOST]
    return _shares(topic, title, about, {key: found[key] for key in most}, figures, words)


def _shares(
    topic: str, title: str, about: str, shares: Mapping[str, Share], figures: Figures, words: Wording
) -> Section:
    section = Section(topic, title, about, OF_SOME)
    some = {words.of(topic, key): share for key, share in shares.items() if share.of}
    if not some:
        return _without(section, figures)
    lines = tuple(
        Line(label, (f"{share.count:,}", f"{share.of:,}", _percent(share.count, share.of)))
        for label, share in some.items()
    )
    return replace(
        section, lines=lines, charts=(bars(title, [(label, each.count) for label, each in some.items()]),)
    )


def _percent(count: int, of: int) -> str:
    return f"{round(100 * count / of)}%"


def _without(section: Section, figures: Figures) -> Section:
    if section.key == LOOK_AGAIN:
        return replace(section, nothing="There were none.") if LOOK_AGAIN in figures.tables else section
    return (
        replace(section, nothing="Nothing was recorded in this quarter.") if figures.total == 0 else section
    )
