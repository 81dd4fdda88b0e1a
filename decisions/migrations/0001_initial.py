import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import sharingwell.database.migration_sql
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('guidance', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Advice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('identifier_reason', models.TextField(blank=True)),
                ('part', models.CharField(blank=True, choices=[('what', 'What?'), ('who', 'Who?'), ('why', 'Why?'), ('role', 'Your role'), ('decide', 'Decide')], max_length=10)),
                ('question', models.TextField()),
                ('urgent', models.BooleanField(default=False)),
                ('as_it_stood', models.JSONField()),
                ('adviser', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'question to an adviser',
                'verbose_name_plural': 'advice',
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AdviceStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('identifier_reason', models.TextField(blank=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('taken', 'Question taken'), ('released', 'Question put into the IG team’s queue'), ('handed-on', 'Question handed on'), ('sent-back', 'Question sent back'), ('answered', 'Adviser answered'), ('replied', 'Advice given'), ('withdrawn', 'Question withdrawn'), ('followed', 'Advice followed'), ('not-followed', 'Advice not followed')], max_length=12)),
                ('words', models.TextField(blank=True)),
                ('advice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='decisions.advice')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['advice', 'number'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AdviceTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('urgent_hours', models.PositiveSmallIntegerField()),
                ('days', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(editable=False, max_length=12, unique=True)),
                ('direction', models.CharField(choices=[('asked', 'We were asked for information'), ('share', 'We want to share information'), ('told', 'Someone has told us something'), ('ask', 'We want to ask for information')], max_length=10)),
                ('summary', models.CharField(max_length=200)),
                ('case_reference', models.CharField(blank=True, max_length=60)),
                ('started_at', models.DateTimeField()),
                ('case_reference_folded', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Upper('case_reference'), help_text='For case-insensitive search. Row-level security prevents the use of an index on an expression.', output_field=models.CharField(max_length=120))),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='accounts.organisation')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='accounts.team')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='advice',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='advice', to='decisions.decision'),
        ),
        migrations.CreateModel(
            name='DisclosureMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('identifier_reason', models.TextField(blank=True)),
                ('passage', models.CharField(max_length=200)),
                ('withheld', models.BooleanField()),
                ('reason', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosure_marks', to='decisions.decision')),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DisposalProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision_key', models.PositiveBigIntegerField(db_index=True)),
                ('reference', models.CharField(db_index=True, max_length=12)),
                ('started_at', models.DateTimeField()),
                ('last_activity_at', models.DateTimeField()),
                ('years', models.PositiveSmallIntegerField(help_text='The rule by which it fell due.')),
                ('outcome', models.CharField(blank=True, help_text='Of the rule; none where it is the rule for all others.', max_length=60)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='DisposalAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('confirmed', models.BooleanField()),
                ('reason', models.TextField(blank=True, help_text='Why it was declined.')),
                ('identifier_reason', models.TextField(blank=True, help_text='Why the reason has to hold what looks like an identifier.')),
                ('removed', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='decisions.disposalproposal')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filter', models.TextField(blank=True, help_text='As the address had it; none for the whole log.')),
                ('by_words', models.BooleanField(default=False, help_text='Whether words were searched for, too.')),
                ('format', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'Excel (XLSX)')], max_length=10)),
                ('count', models.PositiveIntegerField(help_text='How many decisions.')),
                ('decisions', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='Their keys, the latest first.', size=None)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ExportEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent', models.PositiveIntegerField(help_text='How many rows were handed to the server.')),
                ('is_whole', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('export', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='decisions.export')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('identifier_reason', models.TextField(blank=True)),
                ('kind', models.CharField(choices=[('received', 'It was received'), ('acted-on', 'It was acted on'), ('no-answer', 'There has been no answer'), ('changed', 'Things have changed'), ('meant', 'What it meant for the person')], max_length=10)),
                ('note', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='decisions.decision')),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('identifier_reason', models.TextField(blank=True)),
                ('reason', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(db_column='reference', db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='decisions.decision', to_field='reference')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('identifier_reason', models.TextField(blank=True)),
                ('reason', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='decisions.decision')),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveBigIntegerField(db_default=0, editable=False)),
                ('kind', models.CharField(max_length=20)),
                ('subject', models.PositiveBigIntegerField(help_text="The row's key in the table of its kind.")),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('fact', models.CharField(max_length=64)),
                ('previous', models.CharField(db_default='', editable=False, max_length=64)),
                ('digest', models.CharField(db_default='', editable=False, max_length=64)),
                ('actor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='accounts.organisation')),
            ],
            options={
                'verbose_name_plural': 'ledger entries',
                'ordering': ['organisation', 'sequence'],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('identifier_reason', models.TextField(blank=True)),
                ('reason', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hold', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='release', to='decisions.hold')),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(blank=True, help_text='The key of an option; none for all others.', max_length=60)),
                ('years', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('identifier_reason', models.TextField(blank=True)),
                ('finding', models.CharField(choices=[('well-reasoned', 'Well reasoned'), ('reasons', 'Reasons need adding'), ('follow-up', 'Follow up with the author'), ('concern', 'Concern'), ('learning', 'Learning for others')], max_length=20)),
                ('comment', models.TextField(blank=True)),
                ('lawful_basis', models.CharField(blank=True, choices=[('public-task', 'Public task'), ('legal-obligation', 'Legal obligation'), ('vital-interests', 'Vital interests'), ('consent', 'Consent'), ('contract', 'Contract'), ('legitimate-interests', 'Legitimate interests'), ('recognised-legitimate-interest', 'Recognised legitimate interest')], max_length=40)),
                ('special_category_condition', models.CharField(blank=True, choices=[('explicit-consent', 'Explicit consent: article 9(2)(a)'), ('social-protection', 'Employment, social security and social protection: article 9(2)(b), Schedule 1 paragraph 1'), ('vital-interests', 'Vital interests, when the person cannot consent: article 9(2)(c)'), ('not-for-profit', 'A not-for-profit body about its own members: article 9(2)(d)'), ('made-public', 'Made public by the person: article 9(2)(e)'), ('legal-claims', 'Legal claims, or courts: article 9(2)(f)'), ('statutory-purposes', 'Statutory and government purposes: article 9(2)(g), Schedule 1 paragraph 6'), ('unlawful-acts', 'Preventing or detecting unlawful acts: article 9(2)(g), Schedule 1 paragraph 10'), ('counselling', 'Confidential counselling or support: article 9(2)(g), Schedule 1 paragraph 17'), ('safeguarding', 'Safeguarding children and individuals at risk: article 9(2)(g), Schedule 1 paragraph 18'), ('economic-well-being', 'Safeguarding economic well-being: article 9(2)(g), Schedule 1 paragraph 19'), ('substantial-public-interest', 'Another substantial public interest: article 9(2)(g), Schedule 1 Part 2'), ('health-or-social-care', 'Health or social care: article 9(2)(h), Schedule 1 paragraph 2'), ('public-health', 'Public health: article 9(2)(i), Schedule 1 paragraph 3'), ('research', 'Archiving, research and statistics: article 9(2)(j), Schedule 1 paragraph 4')], max_length=40)),
                ('offence_condition', models.CharField(blank=True, choices=[('official-authority', 'Under the control of official authority: article 10'), ('social-protection', 'Employment, social security and social protection: Schedule 1 paragraph 1'), ('health-or-social-care', 'Health or social care: Schedule 1 paragraph 2'), ('statutory-purposes', 'Statutory and government purposes: Schedule 1 paragraph 6'), ('unlawful-acts', 'Preventing or detecting unlawful acts: Schedule 1 paragraph 10'), ('counselling', 'Confidential counselling or support: Schedule 1 paragraph 17'), ('safeguarding', 'Safeguarding children and individuals at risk: Schedule 1 paragraph 18'), ('economic-well-being', 'Safeguarding economic well-being: Schedule 1 paragraph 19'), ('consent', 'Consent: Schedule 1 paragraph 29'), ('vital-interests', 'Vital interests: Schedule 1 paragraph 30'), ('legal-claims', 'Legal claims: Schedule 1 paragraph 33'), ('another', 'Another condition of Schedule 1')], max_length=40)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ExampleOrigin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('identifier_reason', models.TextField(blank=True)),
                ('version_key', models.PositiveBigIntegerField()),
                ('example', models.SlugField(max_length=100)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='examples', to='decisions.review')),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('started_at', models.DateTimeField()),
                ('changed', models.TextField(blank=True, help_text="What has changed since the round before, in the writer's words.")),
                ('urgent', models.BooleanField(default=False, help_text='Recorded on one page, to be completed by the next round.')),
                ('recorded_at', models.DateTimeField(blank=True, null=True)),
                ('answers', models.JSONField(default=dict)),
                ('thoughts', models.JSONField(default=dict)),
                ('identifier_reasons', models.JSONField(default=dict)),
                ('saved', models.JSONField(default=dict)),
                ('record', models.JSONField(blank=True, null=True)),
                ('outcome', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('decide.outcome', 'answers'), output_field=models.TextField(null=True))),
                ('urgency', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('what.urgency', 'answers'), output_field=models.TextField(null=True))),
                ('reasoning', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('decide.reasoning', 'answers'), output_field=models.TextField(null=True))),
                ('review_on', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('decide.review_on', 'answers'), output_field=models.TextField(null=True))),
                ('considered_keys', models.GeneratedField(db_persist=True, expression=sharingwell.database.migration_sql.JsonPathArray('record', models.Value('$.considerations[*].key')), output_field=models.JSONField(null=True))),
                ('open_keys', models.GeneratedField(db_persist=True, expression=sharingwell.database.migration_sql.JsonPathArray('record', models.Value('$.parts[*].answers[*] ? (@.answer.size() == 0).key')), output_field=models.JSONField(null=True))),
                ('relationship', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('who.relationship', 'answers'), output_field=models.TextField(null=True))),
                ('kinds', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTransform('what.kinds', 'answers'), help_text='Keys of the kinds of information.', output_field=models.JSONField(null=True))),
                ('categories', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTransform('categories', 'record'), help_text='What the kinds are in law, in words; none while it is a draft.', output_field=models.JSONField(null=True))),
                ('afterwards', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Cast(django.db.models.fields.json.KeyTextTransform('recorded_afterwards', 'record'), models.BooleanField()), output_field=models.BooleanField(null=True))),
                ('vector', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('changed', config='english'), '||', sharingwell.database.migration_sql.JsonVector('thoughts'), django.contrib.postgres.search.SearchConfig('english')), '||', sharingwell.database.migration_sql.JsonVector(django.db.models.functions.comparison.Coalesce(sharingwell.database.migration_sql.JsonPathArray('record', models.Value('$.parts[*].answers[*].answer[*]')), 'answers')), django.contrib.postgres.search.SearchConfig('english')), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='decisions.decision')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guidance.guideversion')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.AddField(
            model_name='review',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='decisions.round'),
        ),
        migrations.CreateModel(
            name='Postponement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('identifier_reason', models.TextField(blank=True)),
                ('look_again_on', models.DateField()),
                ('reason', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postponements', to='decisions.round')),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PassageToWithhold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('passage', models.CharField(max_length=200)),
                ('reason', models.TextField()),
                ('identifier_reason', models.TextField(blank=True)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='to_withhold', to='decisions.round')),
            ],
            options={
                'verbose_name_plural': 'passages to withhold',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('identifier_reason', models.TextField(blank=True)),
                ('reason', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='closure', to='decisions.round')),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='advice',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='advice', to='decisions.round'),
        ),
        migrations.CreateModel(
            name='SampleRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('urgent', models.BooleanField(default=True, help_text='All where someone could come to serious harm.')),
                ('refusals', models.BooleanField(default=True, help_text='All in which nothing was shared or done.')),
                ('share', models.PositiveSmallIntegerField(default=10, help_text='Per cent of all others.')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='decisions.decision')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ShareEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('share', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='decisions.share')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SubjectAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('references', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'verbose_name_plural': 'subject access',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Access',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=12)),
                ('round_number', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('page', models.CharField(max_length=60)),
                ('channel', models.CharField(choices=[('page', 'on a page'), ('pdf', 'as a PDF'), ('txt', 'as plain text'), ('json', 'as JSON'), ('admin', 'in the admin')], max_length=10)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'verbose_name_plural': 'access log',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['reference', '-id'], name='access_by_reference')],
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['page', 'pdf', 'txt', 'json', 'admin'])), name='access_channel_known')],
            },
        ),
        migrations.AddConstraint(
            model_name='advicestep',
            constraint=models.UniqueConstraint(fields=('advice', 'number'), name='advice_steps_in_turn'),
        ),
        migrations.AddConstraint(
            model_name='advicestep',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['replied', 'withdrawn'])), fields=('advice',), name='advice_ends_once'),
        ),
        migrations.AddConstraint(
            model_name='advicestep',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['followed', 'not-followed'])), fields=('advice',), name='advice_settled_once'),
        ),
        migrations.AddConstraint(
            model_name='advicestep',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['taken', 'released', 'handed-on', 'sent-back', 'answered', 'replied', 'withdrawn', 'followed', 'not-followed'])), name='advice_step_known'),
        ),
        migrations.AddConstraint(
            model_name='advicestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['sent-back', 'answered', 'replied', 'not-followed']), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='advice_step_says_what'),
        ),
        migrations.AddConstraint(
            model_name='advicestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'taken'), ('to', models.F('by'))), models.Q(('kind', 'handed-on'), ('to__isnull', False)), models.Q(models.Q(('kind__in', ['taken', 'handed-on']), _negated=True), ('to__isnull', True)), _connector='OR'), name='advice_step_names_whom'),
        ),
        migrations.AddIndex(
            model_name='advicetarget',
            index=models.Index(fields=['organisation', '-id'], name='advice_target_latest'),
        ),
        migrations.AddConstraint(
            model_name='advicetarget',
            constraint=models.CheckConstraint(condition=models.Q(('days__range', (1, 20)), ('urgent_hours__range', (1, 40))), name='advice_target_in_range'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['author', '-id'], name='decision_by_author'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['organisation', '-id'], name='decision_by_organisation'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['organisation', 'started_at'], name='decision_by_start'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['organisation', 'case_reference_folded'], name='decision_by_case_reference'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('direction__in', ['asked', 'share', 'told', 'ask'])), name='decision_direction_known'),
        ),
        migrations.AddConstraint(
            model_name='disclosuremark',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='disclosure_mark_gives_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='disposalproposal',
            constraint=models.CheckConstraint(condition=models.Q(('years__range', (1, 100))), name='proposal_has_years'),
        ),
        migrations.AddIndex(
            model_name='disposalanswer',
            index=django.contrib.postgres.indexes.GinIndex(fields=['removed'], name='disposal_removed', opclasses=['jsonb_path_ops']),
        ),
        migrations.AddConstraint(
            model_name='disposalanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed', True), ('identifier_reason', ''), ('reason', ''), models.Q(('removed', {}), _negated=True)), models.Q(('confirmed', False), ('removed', {}), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='disposal_names_rows_or_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ['csv', 'xlsx'])), name='export_format_known'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('count', models.F('decisions__len'))), name='export_counts_them'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['received', 'acted-on', 'no-answer', 'changed', 'meant'])), name='follow_up_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['changed', 'meant']), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='follow_up_says_what'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['decision', '-id'], name='hand_over_by_reference'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='hand_over_gives_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='hold_gives_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(fields=('organisation', 'sequence'), name='ledger_sequence_unique'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(fields=('organisation', 'previous'), name='ledger_never_forks'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(fields=('kind', 'subject'), name='ledger_enters_a_row_once'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__regex', '^[a-z_]+$')), name='ledger_kind_is_a_word'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(('fact__regex', '^[0-9a-f]{64}$')), name='ledger_fact_is_a_digest'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='release_gives_a_reason'),
        ),
        migrations.AddIndex(
            model_name='retentionrule',
            index=models.Index(fields=['organisation', 'outcome', '-id'], name='retention_rule_latest'),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('years__isnull', False), ('years__range', (1, 100))), models.Q(('years__isnull', True), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='retention_rule_has_years'),
        ),
        migrations.AddConstraint(
            model_name='exampleorigin',
            constraint=models.CheckConstraint(condition=models.Q(('example', ''), _negated=True), name='example_origin_names_an_example'),
        ),
        migrations.AddConstraint(
            model_name='exampleorigin',
            constraint=models.UniqueConstraint(fields=('version_key', 'example'), name='example_origin_is_one'),
        ),
        migrations.AddIndex(
            model_name='round',
            index=models.Index(fields=['outcome'], name='round_by_outcome'),
        ),
        migrations.AddIndex(
            model_name='round',
            index=models.Index(fields=['urgency'], name='round_by_urgency'),
        ),
        migrations.AddIndex(
            model_name='round',
            index=models.Index(fields=['recorded_at'], name='round_by_recorded_at'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(fields=('decision', 'number'), name='round_number_unique_in_decision'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(condition=models.Q(('recorded_at__isnull', True)), fields=('decision',), name='round_one_draft_in_decision'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('record__isnull', True), ('recorded_at__isnull', True)), models.Q(('record__isnull', False), ('recorded_at__isnull', False)), _connector='OR'), name='round_recorded_with_its_record'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_at__isnull', True), models.Q(('outcome__isnull', False), ('reasoning__isnull', False), models.Q(('outcome__exact', ''), _negated=True), models.Q(('reasoning__exact', ''), _negated=True)), _connector='OR'), name='round_recorded_with_outcome_and_reasoning'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('finding__in', ['well-reasoned', 'reasons', 'follow-up', 'concern', 'learning'])), name='review_finding_known'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('finding', 'well-reasoned'), models.Q(('comment', ''), _negated=True), _connector='OR'), name='review_says_what'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('lawful_basis__in', ['', 'public-task', 'legal-obligation', 'vital-interests', 'consent', 'contract', 'legitimate-interests', 'recognised-legitimate-interest']), ('special_category_condition__in', ['', 'explicit-consent', 'social-protection', 'vital-interests', 'not-for-profit', 'made-public', 'legal-claims', 'statutory-purposes', 'unlawful-acts', 'counselling', 'safeguarding', 'economic-well-being', 'substantial-public-interest', 'health-or-social-care', 'public-health', 'research']), ('offence_condition__in', ['', 'official-authority', 'social-protection', 'health-or-social-care', 'statutory-purposes', 'unlawful-acts', 'counselling', 'safeguarding', 'economic-well-being', 'consent', 'vital-interests', 'legal-claims', 'another'])), name='review_confirms_what_is_known'),
        ),
        migrations.AddConstraint(
            model_name='postponement',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='postponement_gives_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='passagetowithhold',
            constraint=models.UniqueConstraint(fields=('round', 'passage'), name='passage_to_withhold_once'),
        ),
        migrations.AddConstraint(
            model_name='passagetowithhold',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='passage_to_withhold_gives_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='closure',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='closure_gives_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='advice',
            constraint=models.CheckConstraint(condition=models.Q(('question', ''), _negated=True), name='advice_asks_something'),
        ),
        migrations.AddConstraint(
            model_name='advice',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['', 'what', 'who', 'why', 'role', 'decide'])), name='advice_part_known'),
        ),
        migrations.AddConstraint(
            model_name='samplerule',
            constraint=models.CheckConstraint(condition=models.Q(('share__range', (0, 100))), name='sample_share_is_per_cent'),
        ),
        migrations.AddConstraint(
            model_name='subjectaccess',
            constraint=models.CheckConstraint(condition=models.Q(('references', []), _negated=True), name='subject_access_found_something'),
        ),
    ]
