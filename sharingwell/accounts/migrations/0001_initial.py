import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import sharingwell.database.migration_sql
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='accounts.organisation')),
            ],
            options={
                'ordering': ['organisation__name', 'name'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(error_messages={'unique': 'Someone has this email address already.'}, max_length=254, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('job_title', models.CharField(blank=True, help_text='As it should read on a record, for example “Housing officer”.', max_length=200)),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('practitioner', 'Practitioner'), ('manager', 'Manager'), ('ig_manager', 'IG manager'), ('guide_editor', 'Guide editor'), ('administrator', 'Administrator'), ('partnership_lead', 'Partnership lead')], max_length=20), blank=True, default=list, help_text='What this person may do.', size=None)),
                ('is_active', models.BooleanField(default=True, help_text='Untick when someone leaves: they lose access at their next click.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('email_frequency', models.CharField(choices=[('at-once', 'As soon as something waits for me'), ('daily', 'Once a day, all together')], default='at-once', editable=False, max_length=10)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='accounts.team')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['name'],
            },
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(fields=('organisation', 'name'), name='team_name_unique_in_organisation'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='organisation_is_final', sql=sharingwell.database.migration_sql.NonBypassableSql(condition='WHEN (OLD.organisation_id IS DISTINCT FROM NEW.organisation_id)', func="\n    RAISE EXCEPTION USING\n        ERRCODE = 'restrict_violation',\n        MESSAGE = 'What belongs to an organisation stays with it.',\n        TABLE = TG_TABLE_NAME;\n", hash='ff048a4b535e3dfda0e4f038c035ca27fe3cec7e', operation='UPDATE', pgid='pgtrigger_organisation_is_final_c23ff', table='accounts_team', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_in_lower_case'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('team__isnull', False), ('is_superuser', True), _connector='OR'), name='user_belongs_to_a_team', violation_error_message='Choose the team this person belongs to.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('roles__contained_by', ['practitioner', 'manager', 'ig_manager', 'guide_editor', 'administrator', 'partnership_lead'])), name='user_roles_are_known'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('email_frequency__in', ['at-once', 'daily'])), name='user_email_frequency_known'),
        ),
    ]
