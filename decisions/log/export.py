"""A file of the log on its way out: a few hundred decisions at a time, from the database to the reader."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from decisions import actions
from decisions.log.files import WRITERS, Line
from decisions.log.rows import COLUMNS, rows_of
from decisions.models import Export
from sharingwell.database.timeouts import BACKGROUND, use_timeouts
from sharingwell.tenancy.current import use_organisation

AT_ONCE = 500


class ExportStream:
    """The pieces of one file. However it ends, it is written down; between pieces no connection is held."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.sent = 0

    def pieces(self) -> Iterator[bytes]:
        _, write = WRITERS[self.export.format]
        is_whole = False
        try:
            yield from write(self._lines())
            is_whole = True
        finally:
            with use_organisation(self.export.organisation):
                actions.end_export(by=self.export.by, export=self.export, sent=self.sent, is_whole=is_whole)

    def _lines(self) -> Iterator[Line]:
        yield [name for name, _ in COLUMNS]
        today = timezone.localdate(self.export.at)
        for first in range(0, self.export.count, AT_ONCE):
            keys = self.export.decisions[first : first + AT_ONCE]
            with use_organisation(self.export.organisation), use_timeouts(BACKGROUND):
                rows = rows_of(keys, today)
            _let_others_have_the_connection()
            for row in rows:
                self.sent += 1
                yield [of(row) for _, of in COLUMNS]


def _let_others_have_the_connection() -> None:
    """A reader may take long over a piece. JsonPathArray a transaction, as in tests, it stays."""
    if not connection.in_atomic_block:
        connection.close()
