"""Form wording, fields and validation. Saving is done by `decisions.actions`."""

from decisions.forms.decisions import CompareForm, DescriptionForm, FindForm, UrgentDraftForm, UrgentForm
from decisions.forms.follow_up import CloseForm, FollowUpForm, LookAgainForm, MessageForm
from decisions.forms.part import PartForm
from decisions.forms.rounds import ChangedForm, ThoughtsForm

__all__ = [
    "ChangedForm",
    "CloseForm",
    "CompareForm",
    "DescriptionForm",
    "FindForm",
    "FollowUpForm",
    "LookAgainForm",
    "MessageForm",
    "PartForm",
    "ThoughtsForm",
    "UrgentDraftForm",
    "UrgentForm",
]
