from django.db import migrations

from sharingwell.tenancy.rls import ORGANISATION, wall

MINE = f"organisation_id IS NOT DISTINCT FROM {ORGANISATION}"  # who has no organisation works for none


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [wall("notifications_email", MINE), wall("notifications_notice", MINE)]
