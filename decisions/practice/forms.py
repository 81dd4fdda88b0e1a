"""What is asked before a case is walked through."""

from decisions.forms import DescriptionForm
from sharingwell.govuk.forms import GovukForm


class BeginForm(GovukForm):
    """Which way the information goes: of the questions of a real start, the one that changes what is asked."""

    direction = DescriptionForm.base_fields["direction"]

    label_size = "m"
