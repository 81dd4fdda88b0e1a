import decisions.database.triggers
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from decisions.database.rls import of_what_it_belongs_to


class Migration(migrations.Migration):

    dependencies = [
        ('decisions', '0070_patterns'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ExampleOrigin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('needed', models.TextField(blank=True)),
                ('version_key', models.PositiveBigIntegerField()),
                ('example', models.SlugField(max_length=100)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='examples', to='decisions.review')),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('example', ''), _negated=True), name='example_origin_names_an_example'), models.UniqueConstraint(fields=('version_key', 'example'), name='example_origin_is_one')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exampleorigin',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=decisions.database.triggers.FirmSql(func="IF TG_OP = 'DELETE' AND EXISTS (\n    SELECT FROM decisions_disposalproposal AS proposal\n    JOIN decisions_disposalanswer AS answer ON answer.proposal_id = proposal.id AND answer.confirmed\n    JOIN decisions_ledgerentry AS entry ON entry.kind = 'disposal_answer' AND entry.subject = answer.id\n    WHERE proposal.decision_key = (\n    SELECT round.decision_id FROM decisions_review AS review\n    JOIN decisions_round AS round ON round.id = review.round_id\n    WHERE review.id = OLD.review_id\n)\n) THEN RETURN OLD; END IF; \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'What is recorded never changes. Add to it instead.',\n        TABLE = TG_TABLE_NAME;\n", hash='8e1dafb5c67c06ef36767bca6de976abc392eb11', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_260a0', table='decisions_exampleorigin', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exampleorigin',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=decisions.database.triggers.FirmSql(func="\n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'What is recorded never changes. Add to it instead.',\n        TABLE = TG_TABLE_NAME;\n RETURN NULL;", hash='3863dfa3ef69b4513e488f8253c54e1932260622', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_aea53', table='decisions_exampleorigin', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exampleorigin',
            trigger=pgtrigger.compiler.Trigger(name='from_what_was_learned', sql=decisions.database.triggers.FirmSql(func="\n                    IF NOT EXISTS (\n                        SELECT FROM decisions_review AS review\n                        WHERE review.id = NEW.review_id AND review.finding = 'learning'\n                    ) THEN\n                        \n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'An example is written from what a review marks as learning.',\n        TABLE = TG_TABLE_NAME;\n\n                    END IF;\n                    RETURN NEW;\n                ", hash='6f0c0fcaa1febf0aa12d87aecf46818e88de523d', operation='INSERT', pgid='pgtrigger_from_what_was_learned_93a00', table='decisions_exampleorigin', when='BEFORE')),
        ),
        of_what_it_belongs_to("decisions_exampleorigin", "review_id", "decisions_review"),
    ]
