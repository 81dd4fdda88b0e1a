from django.db import migrations

from sharingwell.tenancy.rls import ORGANISATION, wall

MINE = f"organisation_id IS NOT DISTINCT FROM {ORGANISATION}"  # who has no organisation works for none


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [wall("notices_email", MINE), wall("notices_notice", MINE)]
