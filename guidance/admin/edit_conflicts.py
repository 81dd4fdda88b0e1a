"""Two editors at once: the second is told what the first has done, and keeps every word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from guidance.admin.fields import WordingField
from guidance.models import GuideVersion
from sharingwell.unsaved_input import render_unsaved_input

REFUSED = 403


class ConflictAwareForm(forms.ModelForm):
    """Notices that what it was opened on has been written to since.

    The page carries in `seen` the fingerprint of what was opened. Where that is not what is stored `now`, or was not
    sent, nothing is saved and `meanwhile` holds what is stored, field by field; the page then carries `now`, so that
    whoever saves once more has seen what they replace. Nothing is said where both wrote the same.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = "" if self.instance._state.adding else self.fingerprint(self.instance)
        self.meanwhile: tuple[tuple[str, str], ...] = ()

    def fingerprint(self, instance: Any) -> str:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.now and self.data.get("seen") != self.now:
            self.meanwhile = tuple(self._stored_where_different())
        if self.meanwhile:
            self.add_error(
                None,
                "Someone else has saved this since you opened it. Nothing of yours is saved yet, and nothing is lost: "
                "your words are in the fields. Compare them with what it says now.",
            )
        return cleaned

    def _stored_where_different(self) -> Iterator[tuple[str, str]]:
        for name in self.changed_data:
            field, value = self.fields[name], self.get_initial_for_field(self.fields[name], name)
            yield str(self[name].label), _in_words(field, value)


def _in_words(field: forms.Field, value: Any) -> str:
    """As a reader would write it: the words of a choice, the lines of a list."""
    if isinstance(field, WordingField):
        return field.in_words(value)
    if isinstance(field, forms.BooleanField):
        return "Yes" if value else "No"
    if isinstance(field, forms.ModelChoiceField):
        chosen = field.queryset.filter(pk=value).first() if field.queryset is not None else None
        return str(chosen or "")
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        known = {str(key): str(words) for key, words in choices}
        values = value if isinstance(value, list) else [value]
        return "\n".join(known.get(str(each), str(each)) for each in values)
    return str(field.prepare_value(value) if value is not None else "")


def render_conflict(request: HttpRequest, why: str) -> HttpResponse:
    """What was sent has no place to go any more: it is shown, to be copied from."""
    return render_unsaved_input(
        request,
        title="This was not saved",
        explanation=why,
        status=REFUSED,
        next_url=reverse("admin:guidance_guideversion_changelist"),
        next_text="All versions and drafts",
    )


def why_lost(row: Model | None, version: GuideVersion | None) -> str | None:
    """Why what is sent for this row cannot be saved; None where it can."""
    if row is None or version is None:
        return "Someone has deleted it since you opened it. Your words are below: copy what you need into the draft."
    if version.is_published:
        return (
            f"The guide of {version.date:%-d %B %Y} has been published since you opened this, and what is published "
            "never changes. Your words are below: start a new draft, and copy them into it."
        )
    return None
