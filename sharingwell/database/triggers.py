"""Triggers by which PostgreSQL itself refuses, whatever the code does. Declared in the `Meta` of each model."""

from __future__ import annotations

from typing import Any

import pgtrigger
from pgtrigger.compiler import Trigger as CompiledTrigger

from sharingwell.database.migration_sql import NonBypassableSql

REFUSE = """
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        MESSAGE = '{message}',
        TABLE = TG_TABLE_NAME;
"""


class NonBypassableTrigger(pgtrigger.Trigger):
    """A trigger that no setting of a session disables, and whose function runs as the owner of the tables.

    What it reads does not hang on the organisation that a session has set, nor on tables of the session's own.
    """

    def compile(self, model: Any) -> CompiledTrigger:
        sql = NonBypassableSql(
            pgid=self.get_pgid(model),
            declare=self.render_declare(model),
            func=self.render_func(model),
            table=model._meta.db_table,
            when=self.when,
            operation=self.operation,
            level=self.level,
            condition=self.render_condition(model),
        )
        return CompiledTrigger(name=self.name, sql=sql)


def organisation_is_final() -> pgtrigger.Trigger:
    """A row stays in the organisation that it was written for."""
    return NonBypassableTrigger(
        name="organisation_is_final",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.organisation_id IS DISTINCT FROM NEW.organisation_id"),
        func=REFUSE.format(message="What belongs to an organisation stays with it."),
    )
