import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='GuideVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(blank=True, help_text='The date printed on the guide, and its address.', null=True, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('subtitle', models.CharField(blank=True, max_length=300)),
                ('principles_url', models.URLField(blank=True, help_text='Where the Caldicott Principles are officially published.', verbose_name='publication of the principles')),
                ('change_note', models.TextField(blank=True, help_text='What changed and why, for readers. Markdown. Raw HTML is shown as text.')),
                ('significance', models.CharField(blank=True, choices=[('major', 'Major: people should read what changed before they next decide'), ('minor', 'Minor: the same advice in better words')], max_length=10)),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('based_on', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='guidance.guideversion')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('date'), descending=True, nulls_first=True)],
            },
        ),
        migrations.CreateModel(
            name='Consideration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('what', 'What?'), ('who', 'Who?'), ('why', 'Why?'), ('role', 'Your role'), ('decide', 'Decide')], help_text='The part on which it is shown.', max_length=10)),
                ('key', models.SlugField(help_text='It stays when the words change.', max_length=100)),
                ('kind', models.CharField(choices=[('think', 'Think about it'), ('act', 'Act now'), ('advice', 'Seek advice')], max_length=10)),
                ('text', models.TextField(help_text='Markdown. Raw HTML is shown as text.')),
                ('condition', models.JSONField()),
                ('cites', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list, help_text='Passages it is grounded in: “section:what-is-needed”, “example:eviction”, “principle:7”.', size=None)),
                ('position', models.PositiveSmallIntegerField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='considerations', to='guidance.guideversion')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Principle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('explanation', models.TextField(help_text='Markdown. Raw HTML is shown as text.')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='principles', to='guidance.guideversion')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('what', 'What?'), ('who', 'Who?'), ('why', 'Why?'), ('role', 'Your role'), ('decide', 'Decide')], max_length=10)),
                ('key', models.CharField(help_text='Begins with its part, as in “what.urgency”. It stays when the words change.', max_length=60)),
                ('kind', models.CharField(choices=[('text', 'Text'), ('one', 'One choice'), ('several', 'Several choices'), ('date', 'Date')], max_length=10)),
                ('text', models.CharField(max_length=300)),
                ('hint', models.TextField(blank=True)),
                ('statement', models.CharField(blank=True, help_text='Shown while there is no answer, as a sentence: “You have not said who is asking.”', max_length=300)),
                ('wording', models.JSONField(blank=True, default=dict, help_text='Other words for one direction, as in {“told”: {“text”: “Who told you?”}}; the ordinary ones serve otherwise.', verbose_name='wording by direction')),
                ('required', models.BooleanField(default=False, help_text='A round cannot be recorded without an answer.')),
                ('beside_previous', models.BooleanField(default=False, help_text='On a wide screen it stands beside the question before it, so that both are weighed.')),
                ('max_length', models.PositiveIntegerField(blank=True, help_text='Most characters a text answer may have.', null=True)),
                ('cites', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, help_text='Passages shown beside it: “section:what-is-needed”, “example:eviction”, “principle:7”.', size=None)),
                ('position', models.PositiveSmallIntegerField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='guidance.guideversion')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Option',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60)),
                ('text', models.CharField(max_length=200)),
                ('hint', models.CharField(blank=True, max_length=300)),
                ('wording', models.JSONField(blank=True, default=dict, help_text='Other words for one direction, as in {“told”: {“text”: “Who told you?”}}; the ordinary ones serve otherwise.', verbose_name='wording by direction')),
                ('directions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('asked', 'We were asked for information'), ('share', 'We want to share information'), ('told', 'Someone has told us something'), ('ask', 'We want to ask for information')], max_length=10), blank=True, default=list, help_text='Offered only for these directions; for every direction when empty.', size=None)),
                ('category', models.CharField(blank=True, choices=[('', 'Personal data'), ('special_category', 'Special category data'), ('criminal_offence', 'Criminal offence data')], default='', max_length=20)),
                ('days', models.PositiveSmallIntegerField(blank=True, help_text='For a date: this option stands for so many days from today.', null=True)),
                ('exclusive', models.BooleanField(default=False, help_text='Chosen alone, as “don’t know yet” is.')),
                ('position', models.PositiveSmallIntegerField()),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='options', to='guidance.question')),
                ('reveals', models.OneToOneField(blank=True, help_text='A question that matters only when this option is chosen.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='revealed_by', to='guidance.question')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Reader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_seen_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='guidance.guideversion')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('url', models.URLField()),
                ('position', models.PositiveSmallIntegerField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resources', to='guidance.guideversion')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='The anchor of the heading: it stays when the words change.', max_length=100)),
                ('title', models.CharField(max_length=200)),
                ('level', models.PositiveSmallIntegerField(choices=[(2, 'Heading'), (3, 'Subheading')], default=2)),
                ('body', models.TextField(blank=True, help_text='Markdown. Raw HTML is shown as text. `::: example key` sets the example of that key here.')),
                ('position', models.PositiveSmallIntegerField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='guidance.guideversion')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Example',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=100)),
                ('title', models.CharField(help_text='What the example shows, for lists; the text keeps its own words.', max_length=200)),
                ('body', models.TextField(help_text='Markdown. Raw HTML is shown as text.')),
                ('position', models.PositiveSmallIntegerField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='examples', to='guidance.guideversion')),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='examples', to='guidance.section')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.AddConstraint(
            model_name='guideversion',
            constraint=models.CheckConstraint(condition=models.Q(('published_at__isnull', True), models.Q(('date__isnull', False), ('significance__in', ['major', 'minor']), models.Q(('change_note', ''), _negated=True)), _connector='OR'), name='version_published_with_date_and_change_note'),
        ),
        migrations.AddConstraint(
            model_name='consideration',
            constraint=models.UniqueConstraint(fields=('version', 'key'), name='consideration_key_unique_in_version'),
        ),
        migrations.AddConstraint(
            model_name='consideration',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], fields=('version', 'position'), name='consideration_position_unique_in_version'),
        ),
        migrations.AddConstraint(
            model_name='consideration',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['think', 'act', 'advice'])), name='consideration_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='consideration',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['what', 'who', 'why', 'role', 'decide'])), name='consideration_part_known'),
        ),
        migrations.AddIndex(
            model_name='principle',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector('explanation', config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), name='principle_search'),
        ),
        migrations.AddConstraint(
            model_name='principle',
            constraint=models.UniqueConstraint(fields=('version', 'number'), name='principle_number_unique_in_version'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(fields=('version', 'key'), name='question_key_unique_in_version'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], fields=('version', 'position'), name='question_position_unique_in_version'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['what', 'who', 'why', 'role', 'decide'])), name='question_part_known'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['text', 'one', 'several', 'date'])), name='question_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('key__startswith', django.db.models.functions.text.Concat(models.F('part'), models.Value('.')))), name='question_key_begins_with_part'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'text'), ('max_length__isnull', False)), models.Q(models.Q(('kind', 'text'), _negated=True), ('max_length__isnull', True)), _connector='OR'), name='question_text_has_max_length'),
        ),
        migrations.AddConstraint(
            model_name='option',
            constraint=models.UniqueConstraint(fields=('question', 'key'), name='option_key_unique_in_question'),
        ),
        migrations.AddConstraint(
            model_name='option',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], fields=('question', 'position'), name='option_position_unique_in_question'),
        ),
        migrations.AddConstraint(
            model_name='option',
            constraint=models.CheckConstraint(condition=models.Q(('directions__contained_by', ['asked', 'share', 'told', 'ask'])), name='option_directions_known'),
        ),
        migrations.AddConstraint(
            model_name='option',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['', 'special_category', 'criminal_offence'])), name='option_category_known'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], fields=('version', 'position'), name='resource_position_unique_in_version'),
        ),
        migrations.AddIndex(
            model_name='section',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector('body', config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), name='section_search'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(fields=('version', 'slug'), name='section_slug_unique_in_version'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], fields=('version', 'position'), name='section_position_unique_in_version'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', [2, 3])), name='section_level_known'),
        ),
        migrations.AddIndex(
            model_name='example',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector('body', config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), name='example_search'),
        ),
        migrations.AddConstraint(
            model_name='example',
            constraint=models.UniqueConstraint(fields=('version', 'slug'), name='example_slug_unique_in_version'),
        ),
        migrations.AddConstraint(
            model_name='example',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], fields=('version', 'position'), name='example_position_unique_in_version'),
        ),
    ]
