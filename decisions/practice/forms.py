"""Form that begins a practice case."""

from decisions.forms import DescriptionForm
from sharingwell.govuk.forms import GovukForm


class BeginForm(GovukForm):
    """The direction, which determines the questions."""

    direction = DescriptionForm.base_fields["direction"]

    label_size = "m"
