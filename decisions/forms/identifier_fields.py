"""Pointing out, where it was written, what seems to say who a person is. The writer decides."""

from __future__ import annotations

from django import forms

from decisions.domain.draft_merge import WHY_NEEDED
from decisions.domain.identifiers import pointed_out, without_identifiers
from sharingwell.govuk.forms import ChoiceItem, GovukForm, RadiosField, TextField

IDENTIFIER = "identifier."
REMOVE, NEEDED = "remove", "needed"

SHORT_TEXT = 500  # characters; a longer answer gets a box that grows with its limit shown


class IdentifierWarningsMixin(GovukForm):
    """Where a text seems to hold an identifier, asks whether to take it out or why it is needed.

    A form calls `point_out` for each of its texts, once that text has its initial words.
    """

    def point_out(self, name: str, why: str = "", *, names: bool = False, required: bool = False) -> None:
        """`why` is what was said before; `names` looks for “Mrs … Surname” too.

        A text over its field's limit is not searched: it comes back whole, with the limit, before anything else.

        `required` where the words are final as soon as they are saved, and there is no later time to choose.
        """
        text = str((self.data if self.is_bound else self.initial).get(name, "")).strip()
        field = self.fields[name]
        assert isinstance(field, TextField)
        assert field.max_length
        if field.is_too_long(text) or not (found := pointed_out(text, names=names)):
            return
        self.fields[identifier(name)] = RadiosField(
            label=f"This looks like {found}. Does it have to be here?",
            label_size="s",
            help_text="The log should not show who the person is. This may be wrong: you decide.",
            items=[
                ChoiceItem(value=REMOVE, label="Take it out"),
                ChoiceItem(value=NEEDED, label="It is needed", reveals=why_needed(name)),
            ],
            required=required,
            error_messages={"required": f"Choose whether {found} has to be here."},
        )
        self.fields[why_needed(name)] = TextField(
            label="It is needed because", max_length=SHORT_TEXT, required=False
        )
        self.initial.update({identifier(name): NEEDED if why else "", why_needed(name): why})

    @property
    def has_new_identifier_warning(self) -> bool:
        """Whether a text seems to hold an identifier that the page it was sent from had not pointed out.

        A radio button left open sends nothing by itself, but what it reveals does.
        """
        return any(
            name.startswith(IDENTIFIER)
            and name not in self.data
            and why_needed(name.removeprefix(IDENTIFIER)) not in self.data
            for name in self.fields
        )

    def cleared(self, name: str, text: str, *, names: bool = False) -> str:
        """The text as the writer wants it: without what was pointed out, where they said so."""
        if self.cleaned_data.get(identifier(name)) == REMOVE:
            return without_identifiers(text, names=names)
        return text

    def why(self, name: str) -> str:
        """Why this text has to hold what looks like an identifier; empty where that was not said."""
        is_needed = self.cleaned_data.get(identifier(name)) == NEEDED
        return str(self.cleaned_data.get(why_needed(name), "")) if is_needed else ""

    def asks_about(self, name: str) -> forms.BoundField | None:
        """The question about this text, where there is one."""
        return self[identifier(name)] if identifier(name) in self.fields else None


def identifier(name: str) -> str:
    return f"{IDENTIFIER}{name}"


def why_needed(name: str) -> str:
    return f"{WHY_NEEDED}{name}"
