
import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0003_emails"),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='user',
            name='user_roles_are_known',
        ),
        migrations.AlterField(
            model_name='user',
            name='roles',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('practitioner', 'Practitioner'), ('manager', 'Manager'), ('ig_manager', 'IG manager'), ('guide_editor', 'Guide editor'), ('administrator', 'Administrator'), ('partnership_lead', 'Partnership lead')], max_length=20), blank=True, default=list, help_text='What this person may do.', size=None),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('roles__contained_by', ['practitioner', 'manager', 'ig_manager', 'guide_editor', 'administrator', 'partnership_lead'])), name='user_roles_are_known'),
        ),
    ]
