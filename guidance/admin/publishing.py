"""Form of the page that publishes a draft."""

from __future__ import annotations

from typing import Any

from django import forms

from guidance.models import GuideVersion
from sharingwell.govuk.forms import ChoiceItem, DateField, GovukForm, LongTextField, RadiosField

Significance = GuideVersion.Significance


class PublishForm(GovukForm):
    date = DateField(
        label="Date of the version",
        help_text="It is printed on the guide and is its address. It must be later than the current version’s, and not "
        "later than today: what is published is read at once.",
        required=True,
        error_messages={"required": "Enter the date of the version."},
    )
    change_note = LongTextField(
        label="Change note",
        help_text="What changed and why, for readers. Markdown.",
        max_length=5_000,
        rows=4,
        required=True,
        error_messages={"required": "Say what changed and why: readers see it beside the version."},
    )
    significance = RadiosField(
        label="How much does a reader need to know of it?",
        items=[
            ChoiceItem(value=Significance.MAJOR.value, label=Significance.MAJOR.label),
            ChoiceItem(value=Significance.MINOR.value, label=Significance.MINOR.label),
        ],
        required=True,
        error_messages={"required": "Choose major or minor."},
    )
    compared_with = forms.ModelChoiceField(
        queryset=GuideVersion.objects.published(), required=False, widget=forms.HiddenInput
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    label_size = "m"

    @property
    def answers(self) -> dict[str, Any]:
        """Arguments of `publish_draft`."""
        answers = dict(self.cleaned_data)
        answers["base_fingerprint"] = answers.pop("seen")
        return answers

    @classmethod
    def for_draft(cls, draft: GuideVersion, current: GuideVersion | None, data: Any = None) -> PublishForm:
        return cls(
            data,
            initial={
                "date": draft.date,
                "change_note": draft.change_note,
                "significance": draft.significance,
                "compared_with": current,
            },
        )
