"""Optimistic concurrency for editors: reports what another editor saved meanwhile, and keeps the input."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from guidance.admin.fields import WordingField
from guidance.models import GuideVersion
from sharingwell.unsaved_input import render_unsaved_input


class ConflictAwareForm(forms.ModelForm):
    """Detects that the row was changed since the page was opened.

    The page posts in `seen` the fingerprint of the row it was opened with. Where it differs from the
    `stored_fingerprint` or is missing, nothing is saved, and `conflicts` holds the stored fields; the page then carries
    the `stored_fingerprint`, so that saving again replaces text that the editor has seen. No conflict where both wrote
    the same.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored_fingerprint = "" if self.instance._state.adding else self.fingerprint(self.instance)
        self.conflicts: tuple[tuple[str, str], ...] = ()

    def fingerprint(self, instance: Any) -> str:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.stored_fingerprint and self.data.get("seen") != self.stored_fingerprint:
            self.conflicts = tuple(self._conflicting_fields())
        if self.conflicts:
            self.add_error(
                None,
                "Someone else has saved this since you opened it. Nothing of yours is saved yet, and nothing is lost: "
                "your words are in the fields. Compare them with what it says now.",
            )
        return cleaned

    def _conflicting_fields(self) -> Iterator[tuple[str, str]]:
        for name in self.changed_data:
            field, value = self.fields[name], self.get_initial_for_field(self.fields[name], name)
            yield str(self[name].label), _display_value(field, value)


def _display_value(field: forms.Field, value: Any) -> str:
    """Text of a field's value: labels of choices, lines of a list."""
    if isinstance(field, WordingField):
        return field.display_value(value)
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
    """Shows the input that cannot be saved any more, to be copied."""
    return render_unsaved_input(
        request,
        title="This was not saved",
        explanation=why,
        status=HTTPStatus.FORBIDDEN,
        next_url=reverse("admin:guidance_guideversion_changelist"),
        next_text="All versions and drafts",
    )


def conflict_reason(row: Model | None, version: GuideVersion | None) -> str | None:
    """Why the row cannot be saved any more; None where it can."""
    if row is None or version is None:
        return "Someone has deleted it since you opened it. Your words are below: copy what you need into the draft."
    if version.is_published:
        return (
            f"The guide of {version.date:%-d %B %Y} has been published since you opened this, and what is published "
            "never changes. Your words are below: start a new draft, and copy them into it."
        )
    return None
