import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import sharingwell.database.migration_sql
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Email',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(null=True)),
                ('message_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('advice-asked', 'Somebody asks for your advice'), ('advice-replied', 'There is a reply to your question'), ('advice-overdue', 'Somebody still waits for your advice'), ('review-due', 'A decision is due for review'), ('look-again', 'A decision is to be looked at again'), ('follow-up-asked', 'The information governance team has a question for you'), ('draft-removed-soon', 'A draft of yours will be removed soon'), ('invitation', 'You are invited to Sharing well'), ('password-changed', 'Your password for Sharing well was changed')], max_length=20)),
                ('reference', models.CharField(blank=True, max_length=12)),
                ('path', models.CharField(blank=True, max_length=200)),
                ('event_key', models.CharField(max_length=80)),
                ('is_urgent', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('email', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='notifications.email')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='email',
            constraint=models.UniqueConstraint(fields=('to', 'day'), name='email_one_digest_per_day'),
        ),
        migrations.AddConstraint(
            model_name='email',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('failed_at__isnull', True), _connector='OR'), name='email_sent_or_failed'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='email',
            trigger=pgtrigger.compiler.Trigger(name='organisation_is_final', sql=sharingwell.database.migration_sql.NonBypassableSql(condition='WHEN (OLD.organisation_id IS DISTINCT FROM NEW.organisation_id)', func="\n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'What belongs to an organisation stays with it.',\n        TABLE = TG_TABLE_NAME;\n", hash='73739afb6d81c00ba9df87f8fdd898db28fc4085', operation='UPDATE', pgid='pgtrigger_organisation_is_final_71657', table='notifications_email', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.UniqueConstraint(fields=('to', 'event_key'), name='notification_unique_event'),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['advice-asked', 'advice-replied', 'advice-overdue', 'review-due', 'look-again', 'follow-up-asked', 'draft-removed-soon', 'invitation', 'password-changed'])), name='notification_kind_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notification',
            trigger=pgtrigger.compiler.Trigger(name='organisation_is_final', sql=sharingwell.database.migration_sql.NonBypassableSql(condition='WHEN (OLD.organisation_id IS DISTINCT FROM NEW.organisation_id)', func="\n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'What belongs to an organisation stays with it.',\n        TABLE = TG_TABLE_NAME;\n", hash='2af5bcff6ede3a2017e8363347eeed953ccb4328', operation='UPDATE', pgid='pgtrigger_organisation_is_final_fc58b', table='notifications_notification', when='BEFORE')),
        ),
    ]
