"""Writers of the guide, with `loading` and `proposals`: each is one transaction that states one fact.

A draft is held while it is written to, so that of two people at once the second works on what the first left.
Publishing holds every version.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation

from guidance.editing.drafts import read_draft
from guidance.editing.rows import (
    Row,
    copy_rows,
    fingerprint,
    fingerprint_of,
    normalise,
    put_in_order,
    reorder,
    set_in_text,
    siblings,
    version_of,
)
from guidance.models import GuideVersion
from guidance.policies import check_can_edit

if TYPE_CHECKING:
    from sharingwell.accounts.models import User

TITLE_FIELDS = ("title", "subtitle", "principles_url")


class NotADraft(Exception):
    """What is published, or was discarded meanwhile, cannot be written to. The message says so."""


class EditConflict(Exception):
    """Someone else has written, or deleted, what was to be written over, or has taken the key: look again."""


class CannotPublish(Exception):
    """The message says why, and `field` which answer of the publisher's it is about, where it is about one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NothingToStartFrom(Exception):
    """No version has been published yet."""

    def __init__(self) -> None:
        super().__init__("No version has been published yet. Load one first: manage.py load_guide.")


@transaction.atomic
def start_draft(*, by: User) -> GuideVersion:
    """A full copy of the current version, without its date and change note. Raises NothingToStartFrom."""
    check_can_edit(by)
    return copy_of_current()


def copy_of_current() -> GuideVersion:
    """Within a transaction, by whoever may begin a draft. Raises NothingToStartFrom."""
    current = GuideVersion.objects.published().order_by("-date").first()
    if current is None:
        raise NothingToStartFrom
    draft = GuideVersion.objects.create(
        based_on=current, **{field: getattr(current, field) for field in TITLE_FIELDS}
    )
    copy_rows(current, draft)
    return draft


@transaction.atomic
def change_title(*, by: User, draft: GuideVersion, seen: str | None = None) -> None:
    """Save its title, subtitle and publication of the principles.

    `seen` is the `fingerprint_of` them that the editor looked at. Raises NotADraft and EditConflict.
    """
    stored = _hold(by, draft)
    if seen is not None and seen != fingerprint_of(stored, TITLE_FIELDS):
        raise EditConflict
    draft.save(update_fields=TITLE_FIELDS)


@transaction.atomic
def save_row(*, by: User, row: Row, seen: str | None = None) -> None:
    """Save a section, example, principle, resource, question, option or consideration; a new one comes last.

    `seen` is the `fingerprint` of the row that the editor looked at. A new example is set at the end of the text of
    its section, unless the text names it already. Raises NotADraft and EditConflict.
    """
    draft = _hold(by, version_of(row))
    is_new = row._state.adding
    if not is_new:
        _check_as_seen(row, seen)
    if is_new and hasattr(row, "position"):
        row.position = max((each.position for each in siblings(row)), default=0) + 1
    normalise(row)
    try:
        row.save()
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise EditConflict from error
        raise
    if is_new:
        set_in_text(row)
    reorder(draft)


def _check_as_seen(row: Row, seen: str | None) -> None:
    """Nobody else writes to it meanwhile: its draft is held. Raises EditConflict."""
    stored = type(row)._default_manager.filter(pk=row.pk).first()
    if stored is None or (seen is not None and seen != fingerprint(stored)):
        raise EditConflict


@transaction.atomic
def delete_row(*, by: User, row: Row) -> None:
    """Raises NotADraft."""
    draft = _hold(by, version_of(row))
    row.delete()
    reorder(draft)


@transaction.atomic
def move_row(*, by: User, row: Row, step: int) -> bool:
    """Let it change places with the one after it (`step` 1) or before it (-1); False where there is none.

    Raises NotADraft.
    """
    _hold(by, version_of(row))
    order = list(siblings(row))
    if row not in order:  # deleted meanwhile
        return False
    at = order.index(row)
    if not 0 <= at + step < len(order):
        return False
    positions = [each.position for each in order]
    order[at], order[at + step] = order[at + step], order[at]
    put_in_order(order, positions)
    return True


@transaction.atomic
def discard_draft(*, by: User, draft: GuideVersion) -> None:
    """Delete it with all it holds. Raises NotADraft."""
    _hold(by, draft).delete()


@transaction.atomic
def publish_draft(
    *,
    by: User,
    draft: GuideVersion,
    date: datetime.date,
    change_note: str,
    significance: GuideVersion.Significance | str,
    compared_with: GuideVersion | None = None,
    seen: str | None = None,
    today: datetime.date | None = None,
) -> GuideVersion:
    """From now on this is the guide, and the database refuses every change to it.

    The date must be later than the current version's: “current” is the latest date, so an earlier one would be
    superseded as it appears, and would change what the next version is compared with. Nor may it be after `today`.
    `compared_with` is the version the publisher was shown the differences from, `seen` the fingerprint of the draft
    they were shown. Raises NotADraft and CannotPublish.
    """
    lock_versions()
    draft = _hold(by, draft)
    current = GuideVersion.objects.published().order_by("-date").first()
    if compared_with is not None and current != compared_with:
        raise CannotPublish(
            f"Someone else has published the version of {current.date:%-d %B %Y} meanwhile. What is shown below has "  # type: ignore[union-attr]
            "been compared with it: look again before you publish."
        )
    _check_answers(draft, current, date, change_note)
    check_date(date, current, today)
    read = read_draft(draft)
    if seen is not None and seen != read.fingerprint:
        raise CannotPublish(
            "Someone else has changed this draft since you opened this page. What is shown below is the draft as it is "
            "now: look again before you publish."
        )
    if errors := read.errors:
        raise CannotPublish(f"The draft has errors, {len(errors)} in all. Put them right first.")
    draft.date, draft.change_note, draft.significance = date, change_note.strip(), significance
    draft.published_at = timezone.now()
    draft.save()
    return draft


def _check_answers(
    draft: GuideVersion, current: GuideVersion | None, date: datetime.date, change_note: str
) -> None:
    if not change_note.strip():
        raise CannotPublish("Say what changed and why: readers see it beside the version.", "change_note")
    taken = GuideVersion.objects.filter(date=date).exclude(pk=draft.pk).first()
    if taken:
        what = "a published version" if taken.is_published else "another draft"
        raise CannotPublish(
            f"There is {what} of {date:%-d %B %Y} already. A date has one version: choose another day, or publish "
            "tomorrow.",
            "date",
        )
    if current and date < current.date:  # type: ignore[operator]  # what is published has a date
        raise CannotPublish(
            f"The current version is of {current.date:%-d %B %Y}: choose a later date, or nobody would read this one.",
            "date",
        )


def check_date(date: datetime.date, current: GuideVersion | None, today: datetime.date | None = None) -> None:
    """A version is the guide from the moment it is published, so the day printed on it must have come.

    The first version of a website may bear any date: there is no other text that readers could hold. Raises
    CannotPublish.
    """
    if current is not None and date > (today or timezone.localdate()):
        raise CannotPublish(
            f"{date:%-d %B %Y} has not come yet, and what is published is read at once: choose today or a day before.",
            "date",
        )


def lock_versions() -> None:
    """Until the transaction ends nobody else publishes, loads or edits; readers are not held up."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"LOCK TABLE {connection.ops.quote_name(GuideVersion._meta.db_table)} IN EXCLUSIVE MODE"
        )


def _hold(by: User, version: GuideVersion) -> GuideVersion:
    """The draft as it is now, nobody else's to write to until the transaction ends."""
    check_can_edit(by)
    draft = GuideVersion.objects.select_for_update().filter(pk=version.pk).first()
    if draft is None:
        raise NotADraft("This draft is not there any more: someone has discarded it.")
    if draft.is_published:
        raise NotADraft(
            f"The guide of {draft.date:%-d %B %Y} is published: what is published never changes. Start a new draft "
            "to correct it."
        )
    return draft
