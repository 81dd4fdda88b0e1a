"""Form fields that warn about possible identifiers in a text. The writer decides what to do."""

from __future__ import annotations

from django import forms

from decisions.domain.draft_merge import IDENTIFIER_REASON
from decisions.domain.identifiers import describe_identifiers, without_identifiers
from sharingwell.govuk.forms import ChoiceItem, GovukForm, RadiosField, TextField

IDENTIFIER = "identifier."
REMOVE, NEEDED = "remove", "needed"

SHORT_TEXT = 500  # characters; longer texts use a textarea with a character count


class IdentifierWarningsMixin(GovukForm):
    """Asks, for a text that seems to hold an identifier, whether to remove it or why it is needed.

    A form calls `warn_about_identifiers` for each text after setting its initial value.
    """

    def warn_about_identifiers(
        self, name: str, why: str = "", *, names: bool = False, required: bool = False
    ) -> None:
        """Add the identifier question to a text that needs it.

        `why` is the saved reason; `names` also detects “Mrs … Surname”; `required` is for texts final once saved.
        A text over its field's limit is not searched: the limit is the error to show first.
        """
        text = str((self.data if self.is_bound else self.initial).get(name, "")).strip()
        field = self.fields[name]
        assert isinstance(field, TextField)
        assert field.max_length
        if field.is_too_long(text) or not (found := describe_identifiers(text, names=names)):
            return
        self.fields[identifier_field_name(name)] = RadiosField(
            label=f"This looks like {found}. Does it have to be here?",
            label_size="s",
            help_text="The log should not show who the person is. This may be wrong: you decide.",
            items=[
                ChoiceItem(value=REMOVE, label="Take it out"),
                ChoiceItem(value=NEEDED, label="It is needed", reveals=reason_field_name(name)),
            ],
            required=required,
            error_messages={"required": f"Choose whether {found} has to be here."},
        )
        self.fields[reason_field_name(name)] = TextField(
            label="It is needed because", max_length=SHORT_TEXT, required=False
        )
        self.initial.update(
            {identifier_field_name(name): NEEDED if why else "", reason_field_name(name): why}
        )

    @property
    def has_new_identifier_warning(self) -> bool:
        """Whether a text seems to hold an identifier that the submitted page had no warning for.

        An unanswered radio button posts nothing; the text field it reveals does.
        """
        return any(
            name.startswith(IDENTIFIER)
            and name not in self.data
            and reason_field_name(name.removeprefix(IDENTIFIER)) not in self.data
            for name in self.fields
        )

    def cleaned_text(self, name: str, text: str, *, names: bool = False) -> str:
        """The text, without identifiers if the writer chose to remove them."""
        if self.cleaned_data.get(identifier_field_name(name)) == REMOVE:
            return without_identifiers(text, names=names)
        return text

    def identifier_reason(self, name: str) -> str:
        """Why this text needs an identifier; empty if no reason was given."""
        is_needed = self.cleaned_data.get(identifier_field_name(name)) == NEEDED
        return str(self.cleaned_data.get(reason_field_name(name), "")) if is_needed else ""

    def identifier_question(self, name: str) -> forms.BoundField | None:
        """The identifier question on this text, if any."""
        return self[identifier_field_name(name)] if identifier_field_name(name) in self.fields else None


def identifier_field_name(name: str) -> str:
    return f"{IDENTIFIER}{name}"


def reason_field_name(name: str) -> str:
    return f"{IDENTIFIER_REASON}{name}"
