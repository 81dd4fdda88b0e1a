"""Atom feed of the guide's versions (RFC 4287)."""

from __future__ import annotations

import datetime
import uuid

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from guidance.models import GuideVersion
from guidance.render.markdown import RenderContext, render_markdown

ENTRY_NAMESPACE = uuid.UUID("3f5d0c6e-6f0b-4a55-9a0a-8a4f8f2f7b1e")  # random; never change it


class AtomWithBase(Atom1Feed):
    """Adds `xml:base`, for relative links in change notes."""

    def root_attributes(self) -> dict[str, str]:
        attributes: dict[str, str] = super().root_attributes()
        return {**attributes, "xml:base": str(self.feed["link"])}


class VersionsFeed(Feed):
    """One entry per published version, newest first."""

    feed_type = AtomWithBase
    title = "Sharing well: versions of the guide"
    subtitle = "Each published version of the guide, with what changed and why."
    language = "en-GB"

    def __init__(self, request: HttpRequest, versions: list[GuideVersion]) -> None:
        self.request, self.versions = request, versions

    def link(self) -> str:
        return reverse("guidance:versions")

    def items(self) -> list[GuideVersion]:
        return self.versions

    def item_title(self, item: GuideVersion) -> str:
        return (
            f"Version of {item.date:%-d %B %Y} ({item.get_significance_display().partition(':')[0].lower()})"
        )

    def item_description(self, item: GuideVersion) -> str:
        guide_url = self.request.build_absolute_uri(item.get_absolute_url())
        return render_markdown(item.change_note, RenderContext(guide_url=guide_url))

    def item_link(self, item: GuideVersion) -> str:
        return item.get_absolute_url()

    def item_guid(self, item: GuideVersion) -> str:
        """Permanent id, independent of the website's name: from the date and the time of publication."""
        return uuid.uuid5(ENTRY_NAMESPACE, f"{item.date} {_published(item).isoformat()}").urn

    def item_pubdate(self, item: GuideVersion) -> datetime.datetime:
        return _published(item)

    def item_updateddate(self, item: GuideVersion) -> datetime.datetime:
        return _published(item)


def _published(version: GuideVersion) -> datetime.datetime:
    assert version.published_at is not None
    return version.published_at.astimezone(datetime.UTC)
