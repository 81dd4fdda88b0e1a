"""What is published is final: the triggers declared on the models of the guide."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("guidance", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='guideversion',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.published_at IS NOT NULL)', func="\n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(OLD.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n", hash='75179f959ac554c6d21dfbc3e163507fed9a273f', operation='UPDATE OR DELETE', pgid='pgtrigger_published_is_final_cacbe', table='guidance_guideversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guideversion',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='5bb042bf69278b9b36dc7e9b22f752d9ebf81efb', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_33e42', table='guidance_guideversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consideration',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at FROM guidance_guideversion AS version\n    WHERE version.id IN (OLD.version_id, NEW.version_id)\n    ORDER BY version.id FOR SHARE\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='4bad8973c6ef1d6508a3d7a68dfebc210d3b8bb1', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_1638b', table='guidance_consideration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consideration',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='419fb52c9e80785fdceee8cb61e6f8c4509e0917', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_82e2a', table='guidance_consideration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='principle',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at FROM guidance_guideversion AS version\n    WHERE version.id IN (OLD.version_id, NEW.version_id)\n    ORDER BY version.id FOR SHARE\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='d97c8f30ab849dfc2f7570bf0dd1c2b378e955d9', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_9c3e8', table='guidance_principle', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='principle',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='0a665b16d9dca4ed68de01139b1600cac357055a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_13d0b', table='guidance_principle', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='question',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at FROM guidance_guideversion AS version\n    WHERE version.id IN (OLD.version_id, NEW.version_id)\n    ORDER BY version.id FOR SHARE\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='ba1dcc92b6d914d72dd143d54444082123bbb7ff', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_2216c', table='guidance_question', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='question',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='d60b34bb96933841d0481b67d81adfb63238f639', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_ec237', table='guidance_question', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='option',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at\n    FROM guidance_question AS question JOIN guidance_guideversion AS version ON version.id = question.version_id\n    WHERE question.id IN (OLD.question_id, NEW.question_id)\n    ORDER BY version.id FOR SHARE OF version\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='a14e27b5bf305a21207a654b80226b915458b3e8', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_d1f5c', table='guidance_option', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='option',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='8729c141c8f7352fb22ef54a6b1a8b63c4350991', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_56cb8', table='guidance_option', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resource',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at FROM guidance_guideversion AS version\n    WHERE version.id IN (OLD.version_id, NEW.version_id)\n    ORDER BY version.id FOR SHARE\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='c749750890872f951fee03e6c334f1d3e221586c', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_ba945', table='guidance_resource', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resource',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='64982b6133e4a29612e9514c02fbc09589c1e01e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_6050e', table='guidance_resource', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='section',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at FROM guidance_guideversion AS version\n    WHERE version.id IN (OLD.version_id, NEW.version_id)\n    ORDER BY version.id FOR SHARE\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='64f5f7e7f12662edeaa68666f5d64c82753b98c6', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_19224', table='guidance_section', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='section',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='547c2aded884c31a09b79af9806107ff85826667', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_9b662', table='guidance_section', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='example',
            trigger=pgtrigger.compiler.Trigger(name='published_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE parent RECORD;', func="\n            FOR parent IN \n    SELECT version.date, version.published_at FROM guidance_guideversion AS version\n    WHERE version.id IN (OLD.version_id, NEW.version_id)\n    ORDER BY version.id FOR SHARE\n LOOP\n                IF parent.published_at IS NOT NULL THEN \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'The guide of ' || to_char(parent.date, 'FMDD FMMonth YYYY')\n            || ' is published: what is published never changes. Correct it in a new version.',\n        TABLE = TG_TABLE_NAME;\n END IF;\n            END LOOP;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;\n        ", hash='5b6e9b02b6ca6c10235f7650616ac65dc18acf4d', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_published_is_final_605f3', table='guidance_example', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='example',
            trigger=pgtrigger.compiler.Trigger(name='published_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT FROM guidance_guideversion WHERE published_at IS NOT NULL) THEN\n                RAISE EXCEPTION USING\n                    ERRCODE = 'restrict_violation',\n                    MESSAGE = 'There is a published guide: what is published is never deleted.',\n                    TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NULL;\n        ", hash='3789994d2b68663e418571e42698f47322cc1f24', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_published_no_truncate_3a62c', table='guidance_example', when='BEFORE')),
        ),
    ]
