"""Form for a worked example drafted from a decision. Rejects text copied from the decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from decisions.domain.verbatim_overlap import names_found, verbatim_passages
from decisions.forms.identifier_fields import IdentifierWarningsMixin
from sharingwell.govuk.forms import ChoiceItem, LongTextField, SelectField, TextField

TEXT_MAX_LENGTH = 4000
TEXT_FIELDS = ("title", "text")


class ExampleForm(IdentifierWarningsMixin):
    label_size = "m"

    def __init__(
        self,
        data: Any = None,
        *,
        sections: Iterable[tuple[str, str]],
        words: Sequence[str],
        names: Sequence[str],
    ) -> None:
        """`sections` are pairs of key and title; `words` and `names` come from the decision and are rejected."""
        super().__init__(data)
        self.words, self.names = words, names
        self.fields = {
            "title": TextField(
                label="What does it show?",
                help_text="A few words for lists, as in “A neighbour raises a concern”.",
                max_length=200,
                required=True,
                noun="The title",
                error_messages={"required": "Say in a few words what the example shows."},
            ),
            "text": LongTextField(
                label="The example",
                help_text="In your own words, as the guide tells its examples: what happened, what was weighed up, "
                "what was done. Change or leave out what somebody could be known by. Markdown: **bold**, *italics*.",
                max_length=TEXT_MAX_LENGTH,
                rows=10,
                required=True,
                noun="The example",
                error_messages={"required": "Write the example."},
            ),
            "section": SelectField(
                label="Where in the guide does it belong?",
                help_text="It is set at the end of this section. An editor can move it.",
                items=[ChoiceItem(value=key, label=title) for key, title in sections],
                empty_label="Choose a section",
                required=True,
                error_messages={"required": "Choose where in the guide it belongs."},
            ),
        }
        for name in TEXT_FIELDS:
            self.warn_about_identifiers(name, names=True, required=True)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in TEXT_FIELDS:
            text = str(cleaned.get(name, ""))
            for passage in verbatim_passages(text, self.words):
                self.add_error(
                    name, f"These words stand in the record: “{passage}”. Say it in words of your own."
                )
            for found in names_found(text, self.names):
                self.add_error(name, f"“{found}” could lead somebody to the decision. Take it out.")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Keyword arguments for the action."""
        texts = {name: self.cleaned_text(name, self.cleaned_data[name], names=True) for name in TEXT_FIELDS}
        identifier_reason = "; ".join(filter(None, (self.identifier_reason(name) for name in TEXT_FIELDS)))
        return {**texts, "section": self.cleaned_data["section"], "identifier_reason": identifier_reason}
