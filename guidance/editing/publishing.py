"""Actions on the guide, with `loading` and `proposals`: each is one transaction.

An action locks its draft, so that concurrent edits are serialised. Publishing locks all versions.
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
    insert_into_section,
    normalise,
    reorder,
    siblings,
    update_positions,
    version_of,
)
from guidance.models import GuideVersion
from guidance.policies import check_can_edit

if TYPE_CHECKING:
    from sharingwell.accounts.models import User

TITLE_FIELDS = ("title", "subtitle", "principles_url")


class NotADraft(Exception):
    """Raised for a version that is published or was discarded. The message says which."""


class EditConflict(Exception):
    """Raised where someone else has changed or deleted the row, or has taken its key, since it was read."""


class CannotPublish(Exception):
    """The message says why; `field` names the field of the form, if it is about one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NoPublishedVersion(Exception):
    """Raised where no version has been published yet."""

    def __init__(self) -> None:
        super().__init__("No version has been published yet. Load one first: manage.py load_guide.")


@transaction.atomic
def start_draft(*, by: User) -> GuideVersion:
    """Copy the current version, without date and change note. Raises NoPublishedVersion."""
    check_can_edit(by)
    return copy_current_version()


def copy_current_version() -> GuideVersion:
    """Copy without a permission check; call it in a transaction. Raises NoPublishedVersion."""
    current = GuideVersion.objects.published().order_by("-date").first()
    if current is None:
        raise NoPublishedVersion
    draft = GuideVersion.objects.create(
        based_on=current, **{field: getattr(current, field) for field in TITLE_FIELDS}
    )
    copy_rows(current, draft)
    return draft


@transaction.atomic
def change_title(*, by: User, draft: GuideVersion, base_fingerprint: str | None = None) -> None:
    """Save title, subtitle and publication of the principles.

    `base_fingerprint` is the `fingerprint_of` these fields as the editor read them. Raises NotADraft and EditConflict.
    """
    stored = _lock_draft(by, draft)
    if base_fingerprint is not None and base_fingerprint != fingerprint_of(stored, TITLE_FIELDS):
        raise EditConflict
    draft.save(update_fields=TITLE_FIELDS)


@transaction.atomic
def save_row(*, by: User, row: Row, base_fingerprint: str | None = None) -> None:
    """Save a row of a draft; a new one comes last.

    `base_fingerprint` is the `fingerprint` of the row as the editor read it. A new example is appended to its section,
    unless the text refers to it already. Raises NotADraft and EditConflict.
    """
    draft = _lock_draft(by, version_of(row))
    is_new = row._state.adding
    if not is_new:
        _check_unchanged(row, base_fingerprint)
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
        insert_into_section(row)
    reorder(draft)


def _check_unchanged(row: Row, base_fingerprint: str | None) -> None:
    """The draft is locked, so that nobody else writes meanwhile. Raises EditConflict."""
    stored = type(row)._default_manager.filter(pk=row.pk).first()
    if stored is None or (base_fingerprint is not None and base_fingerprint != fingerprint(stored)):
        raise EditConflict


@transaction.atomic
def delete_row(*, by: User, row: Row) -> None:
    """Raises NotADraft."""
    draft = _lock_draft(by, version_of(row))
    row.delete()
    reorder(draft)


@transaction.atomic
def move_row(*, by: User, row: Row, step: int) -> bool:
    """Swap with the row after it (`step` 1) or before it (-1); False where there is none. Raises NotADraft."""
    _lock_draft(by, version_of(row))
    order = list(siblings(row))
    if row not in order:  # deleted by someone else
        return False
    at = order.index(row)
    if not 0 <= at + step < len(order):
        return False
    positions = [each.position for each in order]
    order[at], order[at + step] = order[at + step], order[at]
    update_positions(order, positions)
    return True


@transaction.atomic
def discard_draft(*, by: User, draft: GuideVersion) -> None:
    """Delete the draft with all its rows. Raises NotADraft."""
    _lock_draft(by, draft).delete()


@transaction.atomic
def publish_draft(
    *,
    by: User,
    draft: GuideVersion,
    date: datetime.date,
    change_note: str,
    significance: GuideVersion.Significance | str,
    compared_with: GuideVersion | None = None,
    base_fingerprint: str | None = None,
    today: datetime.date | None = None,
) -> GuideVersion:
    """Publish the draft: from then on triggers refuse every change.

    The date must be later than the current version's: the latest date is current, so an earlier one would be superseded
    at once, and would change what the next version is compared with. Nor may it be after `today`. `compared_with` is
    the version of the differences that the publisher saw, `base_fingerprint` the fingerprint of the draft that they
    saw. Raises NotADraft and CannotPublish.
    """
    lock_versions()
    draft = _lock_draft(by, draft)
    current = GuideVersion.objects.published().order_by("-date").first()
    if compared_with is not None and current != compared_with:
        raise CannotPublish(
            f"Someone else has published the version of {current.date:%-d %B %Y} meanwhile. What is shown below has "  # type: ignore[union-attr]
            "been compared with it: look again before you publish."
        )
    _check_answers(draft, current, date, change_note)
    check_date(date, current, today)
    read = read_draft(draft)
    if base_fingerprint is not None and base_fingerprint != read.fingerprint:
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
    if current and date < current.date:  # type: ignore[operator]  # published versions have a date
        raise CannotPublish(
            f"The current version is of {current.date:%-d %B %Y}: choose a later date, or nobody would read this one.",
            "date",
        )


def check_date(date: datetime.date, current: GuideVersion | None, today: datetime.date | None = None) -> None:
    """Refuses dates in the future: a version is current once it is published. Raises CannotPublish.

    The first version may have any date: there is no other text to read.
    """
    if current is not None and date > (today or timezone.localdate()):
        raise CannotPublish(
            f"{date:%-d %B %Y} has not come yet, and what is published is read at once: choose today or a day before.",
            "date",
        )


def lock_versions() -> None:
    """Locks the table against writes until the transaction ends; reads go on."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"LOCK TABLE {connection.ops.quote_name(GuideVersion._meta.db_table)} IN EXCLUSIVE MODE"
        )


def _lock_draft(by: User, version: GuideVersion) -> GuideVersion:
    """Locks the draft until the transaction ends, and returns its current row. Raises NotADraft."""
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
