"""One index of all words, outside the wall between organisations, and the one function that asks it.

Behind the wall PostgreSQL uses no index of words: what a search finds would be told by how long it takes. So the index
is a table of its own that the role that serves can neither read nor write. Triggers write it; `decisions_with_words`
reads it and names the organisation itself, the one that the wall goes by.
"""

import decisions.database.search_index
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from decisions.database.search_index import OF_ITS_ROUND, words_of
from sharingwell.tenancy.rls import ORGANISATION

# Its rows are no facts: they follow from those of other tables, and go with them.
TABLE = """
CREATE TABLE decisions_words (
    source text NOT NULL,
    source_id bigint NOT NULL,
    organisation_id bigint NOT NULL REFERENCES accounts_organisation,
    decision_id bigint NOT NULL REFERENCES decisions_decision ON DELETE CASCADE,
    round_id bigint REFERENCES decisions_round ON DELETE CASCADE,
    vector tsvector NOT NULL,
    PRIMARY KEY (source, source_id)
);
ALTER TABLE decisions_words ENABLE ROW LEVEL SECURITY;
"""
FILL = """
INSERT INTO decisions_words (source, source_id, organisation_id, decision_id, round_id, vector)
SELECT '{table}', entry.id, decision.organisation_id, decision.id, {round}, {vector}
FROM {table} AS entry JOIN decisions_decision AS decision ON decision.id = {decision}
"""
INDEXES = """
CREATE INDEX words_by_decision ON decisions_words (decision_id, organisation_id);
CREATE INDEX words_by_round ON decisions_words (round_id) WHERE round_id IS NOT NULL;
CREATE INDEX words_by_word ON decisions_words USING gin (vector);
"""
# Planned anew each time: for a word that is everywhere it goes through the newest, for a rare one through the index.
FUNCTION = f"""
CREATE FUNCTION decisions_with_words(words text, first bigint, behind bigint, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    RETURN QUERY EXECUTE '
        (
            SELECT decision_id FROM decisions_words
            WHERE organisation_id = $1 AND decision_id >= $2 AND decision_id < $3 AND vector @@ $4
            GROUP BY decision_id ORDER BY decision_id DESC LIMIT $5
        ) UNION (
            SELECT id FROM decisions_decision
            WHERE organisation_id = $1 AND id >= $2 AND id < $3 AND (reference = $6 OR case_reference_folded = $6)
        )
        ORDER BY decision_id DESC LIMIT $5'
    USING {ORGANISATION}, first, behind, websearch_to_tsquery('english', words), most, upper(words);
END
$$;
REVOKE ALL ON FUNCTION decisions_with_words FROM PUBLIC;
DO $path$ BEGIN EXECUTE format(
    'ALTER FUNCTION decisions_with_words SET search_path = pg_catalog, %I, pg_temp', current_schema
); END $path$
"""


def filled() -> str:
    """With what is there, whoever it belongs to: as the triggers would have done."""
    of_the_advice = "(SELECT decision_id FROM decisions_advice WHERE id = NEW.advice_id)"
    tables = [
        ("decision", "NEW.id", words_of("summary", "case_reference")),
        ("round", "NEW.decision_id", "NEW.vector"),
        ("followup", "NEW.decision_id", words_of("note")),
        ("postponement", OF_ITS_ROUND, words_of("reason")),
        ("closure", OF_ITS_ROUND, words_of("reason")),
        ("advice", "NEW.decision_id", words_of("question")),
        ("advicestep", of_the_advice, words_of("words")),
        ("review", OF_ITS_ROUND, words_of("comment")),
    ]
    return ";".join(
        FILL.format(
            table=f"decisions_{name}",
            round="entry.id" if name == "round" else "NULL",
            decision=decision.replace("NEW.", "entry."),
            vector=vector.replace("NEW.", "entry."),
        )
        for name, decision, vector in tables
    )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_partnership_lead'),
        ('decisions', '0080_somebody_to_take_it'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE decisions_words"),
        migrations.RemoveIndex(
            model_name='advice',
            name='advice_words',
        ),
        migrations.RemoveIndex(
            model_name='advicestep',
            name='advice_step_words',
        ),
        migrations.RemoveIndex(
            model_name='closure',
            name='closure_words',
        ),
        migrations.RemoveIndex(
            model_name='decision',
            name='decision_by_case_reference',
        ),
        migrations.RemoveIndex(
            model_name='decision',
            name='decision_words',
        ),
        migrations.RemoveIndex(
            model_name='followup',
            name='follow_up_words',
        ),
        migrations.RemoveIndex(
            model_name='postponement',
            name='postponement_words',
        ),
        migrations.RemoveIndex(
            model_name='review',
            name='review_words',
        ),
        migrations.RemoveIndex(
            model_name='round',
            name='round_words',
        ),
        migrations.AddField(
            model_name='decision',
            name='case_reference_folded',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Upper('case_reference'), help_text='To find it however it is written. Behind the wall an index of what is only computed is not used.', output_field=models.CharField(max_length=120)),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['organisation', 'case_reference_folded'], name='decision_by_case_reference'),
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION decisions_with_words"),
        migrations.RunSQL(filled() + ";" + INDEXES, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='advice',
            trigger=pgtrigger.compiler.Trigger(name='words_kept', sql=decisions.database.search_index.KeptSql(func="\n            INSERT INTO decisions_words (source, source_id, organisation_id, decision_id, round_id, vector)\n            SELECT TG_TABLE_NAME, NEW.id, decision.organisation_id, decision.id, NULL, to_tsvector('english', NEW.question)\n            FROM decisions_decision AS decision WHERE decision.id = NEW.decision_id\n            ON CONFLICT (source, source_id) DO UPDATE SET vector = excluded.vector\n                WHERE decisions_words.vector <> excluded.vector;\n            RETURN NULL;\n        ", hash='97c4c704f98773691c19ce29e8f322b133659cf1', operation='INSERT OR UPDATE', pgid='pgtrigger_words_kept_74040', table='decisions_advice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='advicestep',
            trigger=pgtrigger.compiler.Trigger(name='words_kept', sql=decisions.database.search_index.KeptSql(func="\n            INSERT INTO decisions_words (source, source_id, organisation_id, decision_id, round_id, vector)\n            SELECT TG_TABLE_NAME, NEW.id, decision.organisation_id, decision.id, NULL, to_tsvector('english', NEW.words)\n            FROM decisions_decision AS decision WHERE decision.id = (SELECT decision_id FROM decisions_advice WHERE id = NEW.advice_id)\n            ON CONFLICT (source, source_id) DO UPDATE SET vector = excluded.vector\n                WHERE decisions_words.vector <> excluded.vector;\n            RETURN NULL;\n        ", hash='e7f99249241533cb576bf6402f53dce58ce3cb91', operation='INSERT OR UPDATE', pgid='pgtrigger_words_kept_73bf7', table='decisions_advicestep', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='closure',
            trigger=pgtrigger.compiler.Trigger(name='words_kept', sql=decisions.database.search_index.KeptSql(func="\n            INSERT INTO decisions_words (source, source_id, organisation_id, decision_id, round_id, vector)\n            SELECT TG_TABLE_NAME, NEW.id, decision.organisation_id, decision.id, NULL, to_tsvector('english', NEW.reason)\n            FROM decisions_decision AS decision WHERE decision.id = (SELECT decision_id FROM decisions_round WHERE id = NEW.round_id)\n            ON CONFLICT (source, source_id) DO UPDATE SET vector = excluded.vector\n                WHERE decisions_words.vector <> excluded.vector;\n            RETURN NULL;\n        ", hash='487229d311ba7dd3e6752fddae65ed2560839f72', operation='INSERT OR UPDATE', pgid='pgtrigger_words_kept_4d915', table='decisions_closure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='words_kept', sql=decisions.database.search_index.KeptSql(func="\n            INSERT INTO decisions_words (source, source_id, organisation_id, decision_id, round_id, vector)\n            SELECT TG_TABLE_NAME, NEW.id, decision.organisation_id, decision.id, NULL, to_tsvector('english', NEW.summary || ' ' || NEW.case_reference)\n            FROM decisions_decision AS decision WHERE decision.id = NEW.id\n            ON CONFLICT (source, source_id) DO UPDATE SET vector = excluded.vector\n                WHERE decisions_words.vector <> excluded.vector;\n            RETURN NULL;\n        ", hash='cf3e12e4dc153671d15dce47d7f54d565c4add2e', operation='INSERT OR UPDATE', pgid='pgtrigger_words_kept_ad734', table='decisions_decision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='followup',
            trigger=pgtrigger.compiler.Trigger(name='words_kept', sql=decisions.database.search_index.KeptSql(func="\n            INSERT INTO decisions_words (source, source_id, organisation_id, decision_id, round_id, vector)\n            SELECT TG_TABLE_NAME, NEW.id, decision.organisation_id, decision.id, NULL, to_tsvector('english', NEW.note)\n            FROM decisions_decision AS decision WHERE decision.id = NEW.decision_id\n            ON CONFLICT (source, source_id) DO UPDATE SET vector = excluded.vector\n                WHERE decisions_words.vector <> excluded.vector;\n            RETURN NULL;\n        ", hash='bc659dddc35e2d1def5d2ca5b6aa7f2283d6a3fe', operation='INSERT OR UPDATE', pgid='pgtrigger_words_kept_19ee6', table='decisions_followup', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='postponement',
            trigger=pgtrigger.compiler.Trigger(name='words_kept', sql=decisions.database.search_index.KeptSql(func="\n            INSERT INTO decisions_words (source, source_id, organisation_id, decision_id, round_id, vector)\n            SELECT TG_TABLE_NAME, NEW.id, decision.organisation_id, decision.id, NULL, to_tsvector('english', NEW.reason)\n            FROM decisions_decision AS decision WHERE decision.id = (SELECT decision_id FROM decisions_round WHERE id = NEW.round_id)\n            ON CONFLICT (source, source_id) DO UPDATE SET vector = excluded.vector\n                WHERE decisions_words.vector <> excluded.vector;\n            RETURN NULL;\n        ", hash='c6fd787352c5aab824d8fb0f6c69dc41b569bce5', operation='INSERT OR UPDATE', pgid='pgtrigger_words_kept_c95b6', table='decisions_postponement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='words_kept', sql=decisions.database.search_index.KeptSql(func="\n            INSERT INTO decisions_words (source, source_id, organisation_id, decision_id, round_id, vector)\n            SELECT TG_TABLE_NAME, NEW.id, decision.organisation_id, decision.id, NULL, to_tsvector('english', NEW.comment)\n            FROM decisions_decision AS decision WHERE decision.id = (SELECT decision_id FROM decisions_round WHERE id = NEW.round_id)\n            ON CONFLICT (source, source_id) DO UPDATE SET vector = excluded.vector\n                WHERE decisions_words.vector <> excluded.vector;\n            RETURN NULL;\n        ", hash='7a4296770d36cb7750a127c39bc32182f3156d0f', operation='INSERT OR UPDATE', pgid='pgtrigger_words_kept_42d89', table='decisions_review', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='round',
            trigger=pgtrigger.compiler.Trigger(name='words_kept', sql=decisions.database.search_index.KeptSql(func='\n            INSERT INTO decisions_words (source, source_id, organisation_id, decision_id, round_id, vector)\n            SELECT TG_TABLE_NAME, NEW.id, decision.organisation_id, decision.id, NEW.id, NEW.vector\n            FROM decisions_decision AS decision WHERE decision.id = NEW.decision_id\n            ON CONFLICT (source, source_id) DO UPDATE SET vector = excluded.vector\n                WHERE decisions_words.vector <> excluded.vector;\n            RETURN NULL;\n        ', hash='c6880e22c291d35a90134f0df661e6c115decb3b', operation='INSERT OR UPDATE', pgid='pgtrigger_words_kept_a9138', table='decisions_round', when='AFTER')),
        ),
    ]
