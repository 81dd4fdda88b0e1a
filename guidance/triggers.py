"""Triggers by which PostgreSQL refuses changes to published versions.

Declared in the `Meta` of each model. Triggers lock the version of a row (`FOR SHARE`) until the transaction ends, so
that no row is added to a draft while it is being published.
"""

from __future__ import annotations

import pgtrigger

from sharingwell.database.triggers import NonBypassableTrigger

REFUSE = """
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        MESSAGE = 'The guide of ' || to_char({date}, 'FMDD FMMonth YYYY')
            || ' is published: what is published never changes. Correct it in a new version.',
        TABLE = TG_TABLE_NAME;
"""
CARRY_ON = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"

OF_A_VERSION = """
    SELECT version.date, version.published_at FROM guidance_guideversion AS version
    WHERE version.id IN (OLD.version_id, NEW.version_id)
    ORDER BY version.id FOR SHARE
"""
OF_A_QUESTION = """
    SELECT version.date, version.published_at
    FROM guidance_question AS question JOIN guidance_guideversion AS version ON version.id = question.version_id
    WHERE question.id IN (OLD.question_id, NEW.question_id)
    ORDER BY version.id FOR SHARE OF version
"""


def version_is_final() -> list[pgtrigger.Trigger]:
    """Triggers of the version: it never changes after publication."""
    published = NonBypassableTrigger(
        name="published_is_final",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition("OLD.published_at IS NOT NULL"),
        func=REFUSE.format(date="OLD.date"),
    )
    return [published, _no_truncate()]


def rows_are_final(parents: str = OF_A_VERSION) -> list[pgtrigger.Trigger]:
    """Triggers of the rows of a version: none is inserted, updated, moved or deleted after publication."""
    rows = NonBypassableTrigger(
        name="published_is_final",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("parent", "RECORD")],
        func=f"""
            FOR parent IN {parents} LOOP
                IF parent.published_at IS NOT NULL THEN {REFUSE.format(date="parent.date")} END IF;
            END LOOP;
            {CARRY_ON}
        """,
    )
    return [rows, _no_truncate()]


def _no_truncate() -> pgtrigger.Trigger:
    return NonBypassableTrigger(
        name="published_no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="""
            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN
                RAISE EXCEPTION USING
                    ERRCODE = 'restrict_violation',
                    MESSAGE = 'There is a published guide: what is published is never deleted.',
                    TABLE = TG_TABLE_NAME;
            END IF;
            RETURN NULL;
        """,
    )
