"""Formats figures as tables with charts. Pure."""

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
from decisions.statistics.report import NOT_SHOWN, TOGETHER, Line, Section, shown_count
from decisions.statistics.suppression import YES, Row
from decisions.statistics.trends import over_time

if TYPE_CHECKING:
    from decisions.statistics.labels import Labels

MAX_ROWS = 15  # of a ranked list
ROUNDING_NOTE = f"to the nearest {NEAREST}"
TOTAL_COLUMNS = ("", "Number", "Share")
SHARE_COLUMNS = ("", "Number", "Of", "Share")


def sections(figures: Figures, earlier: Mapping[Quarter, Figures], labels: Labels) -> Iterator[Section]:
    """Sections in page order. `earlier` has the quarters up to that of `figures`."""
    yield over_time(earlier, labels)
    yield _table(OUTCOME, "What was decided", "Recorded rounds, by outcome.", figures, labels)
    yield _shares(
        STATED,
        "Refusals, and the risk of not sharing",
        "Rounds that ended in not sharing or not acting, in which it was said what could happen then.",
        {key: share for (topic, key), share in figures.shares.items() if topic == STATED and key in REFUSALS},
        figures,
        labels,
    )
    yield _table(
        TIME,
        "From the request to the decision",
        "Counted from when the decision was started here, which may be later than the request, to when its first "
        "round was recorded.",
        figures,
        labels,
    )
    yield _table(
        ADVICE,
        "Advice",
        "Whether advice was sought on a round, and how long the first reply took.",
        figures,
        labels,
    )
    yield _top_shares(
        CONSIDERED,
        "Considerations shown most",
        f"Rounds in which each was shown, {ROUNDING_NOTE}.",
        figures,
        labels,
    )
    yield _top_shares(
        KIND,
        "Kinds of information",
        "Rounds in which each was ticked. One round may have several.",
        figures,
        labels,
    )
    yield _table(RELATIONSHIP, "Who was asking", "How they stand to the person.", figures, labels)
    afterwards = {
        key: share for (topic, key), share in figures.shares.items() if (topic, key) == (AFTERWARDS, YES)
    }
    yield _shares(
        AFTERWARDS,
        "Recorded afterwards",
        "Rounds recorded more than a day after the information was shared.",
        afterwards,
        figures,
        labels,
    )
    yield _table(
        LOOK_AGAIN,
        "Days to look again",
        "Decisions that were open when the quarter ended, and had a day to look again.",
        figures,
        labels,
    )


def guide_sections(figures: Figures, version: str, labels: Labels) -> Iterator[Section]:
    """Sections on one guide version: unanswered questions and noted considerations."""
    prefix = f"{version}/"
    in_version = replace(
        figures,
        shares={
            (topic, key.removeprefix(prefix)): share
            for (topic, key), share in figures.shares.items()
            if key.startswith(prefix)
        },
    )
    yield _top_shares(
        OPEN,
        "Questions left unanswered most",
        f"Rounds without an answer to it, {ROUNDING_NOTE}.",
        in_version,
        labels,
    )
    yield _top_shares(
        NOTED,
        "Considerations noted most",
        f"Rounds in which somebody wrote something against it, {ROUNDING_NOTE}.",
        in_version,
        labels,
    )


def _table(topic: str, title: str, about: str, figures: Figures, labels: Labels) -> Section:
    table = figures.tables.get(topic)
    section = Section(topic, title, about, TOTAL_COLUMNS)
    counted = [row for row in table.rows if row.count or table.merged_in.get(row.keys[0])] if table else []
    if table is None or not counted:
        return _empty_section(section, figures)
    total = sum(row.count for row in counted)
    lines = tuple(
        Line(_label(topic, row, labels), _cells(row, table, total), _note(topic, row, table, labels))
        for row in counted
    )
    chart = bars(title, [(_label(topic, row, labels), shown_count(row, table)) for row in counted])
    return replace(section, lines=lines, charts=(chart,))


def _label(topic: str, row: Row, labels: Labels) -> str:
    return TOGETHER if row.is_merged else labels.of(topic, row.keys[0])


def _cells(row: Row, table: Table, total: int) -> tuple[str, str]:
    number = shown_count(row, table)
    return (NOT_SHOWN, NOT_SHOWN) if number is None else (f"{number:,}", _percent(number, total))


def _note(topic: str, row: Row, table: Table, labels: Labels) -> str:
    if row.is_merged:
        return "; ".join(labels.of(topic, key) for key in row.keys)
    missing = table.merged_in.get(row.keys[0], 0)
    return (
        f"Without {missing} organisation{'s' if missing != 1 else ''} with too few to show."
        if missing
        else ""
    )


def _top_shares(topic: str, title: str, about: str, figures: Figures, labels: Labels) -> Section:
    """The largest shares, in descending order."""
    found = {key: share for (of, key), share in figures.shares.items() if of == topic and share.count}
    most = sorted(found, key=lambda key: (-found[key].count, key))[:MAX_ROWS]
    return _shares(topic, title, about, {key: found[key] for key in most}, figures, labels)


def _shares(
    topic: str, title: str, about: str, shares: Mapping[str, Share], figures: Figures, labels: Labels
) -> Section:
    section = Section(topic, title, about, SHARE_COLUMNS)
    some = {labels.of(topic, key): share for key, share in shares.items() if share.of}
    if not some:
        return _empty_section(section, figures)
    lines = tuple(
        Line(label, (f"{share.count:,}", f"{share.of:,}", _percent(share.count, share.of)))
        for label, share in some.items()
    )
    return replace(
        section, lines=lines, charts=(bars(title, [(label, each.count) for label, each in some.items()]),)
    )


def _percent(count: int, of: int) -> str:
    return f"{round(100 * count / of)}%"


def _empty_section(section: Section, figures: Figures) -> Section:
    if section.key == LOOK_AGAIN:
        return replace(section, empty_text="There were none.") if LOOK_AGAIN in figures.tables else section
    return (
        replace(section, empty_text="Nothing was recorded in this quarter.")
        if figures.total == 0
        else section
    )
