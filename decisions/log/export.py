"""Streams an export of the log in batches of decisions."""

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

BATCH_SIZE = 500


class ExportStream:
    """Yields one file in chunks, logs the end of the export, and holds no connection between batches."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.sent = 0

    def chunks(self) -> Iterator[bytes]:
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
        for first in range(0, self.export.count, BATCH_SIZE):
            keys = self.export.decisions[first : first + BATCH_SIZE]
            with use_organisation(self.export.organisation), use_timeouts(BACKGROUND):
                rows = rows_of(keys, today)
            _release_connection()
            for row in rows:
                self.sent += 1
                yield [of(row) for _, of in COLUMNS]


def _release_connection() -> None:
    """Release the connection between batches, as a client may be slow. Inside a transaction (tests) it stays open."""
    if not connection.in_atomic_block:
        connection.close()
