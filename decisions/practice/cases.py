"""Practice cases: the examples of a guide version and three invented ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml
from django.utils.safestring import SafeString
from pydantic import BaseModel, ConfigDict

from guidance.choices import Direction, Part
from guidance.models import GuideVersion
from guidance.reading import rendered
from guidance.render.guide import Passage, RenderedExample, RenderedGuide
from guidance.render.markdown import RenderContext, render_markdown

FILE = Path(__file__).with_name("cases.yaml")


class _Invented(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    direction: Direction
    story: str
    learned: Mapping[Part, str] = {}
    cites: tuple[str, ...]


class _Contents(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    examples: Mapping[str, Direction]
    invented: tuple[_Invented, ...]


@dataclass(frozen=True)
class Case:
    """A case. `learned` is information shown on a part; `passages` are the guide's passages on the case.

    `direction` is the initial value of the form; None for no suggestion.
    """

    key: str
    title: str
    story: SafeString
    is_from_guide: bool
    direction: Direction | None
    passages: tuple[Passage, ...]
    learned: Mapping[Part, str] = field(default_factory=dict)


@cache
def contents() -> _Contents:
    return _Contents.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def cases_of(version: GuideVersion) -> dict[str, Case]:
    """Cases by key, the guide's examples first. Runs no query if the version is cached."""
    guide = rendered(version)
    invented = {each.key: _invented(each, guide) for each in contents().invented}
    return {**{each.slug: _example(each, guide) for each in guide.examples}, **invented}


def _example(example: RenderedExample, guide: RenderedGuide) -> Case:
    return Case(
        key=example.slug,
        title=example.title,
        story=example.html,
        is_from_guide=True,
        direction=contents().examples.get(example.slug),
        passages=tuple(guide.passages([f"section:{example.section_slug}"])),
    )


def _invented(invented: _Invented, guide: RenderedGuide) -> Case:
    return Case(
        key=invented.key,
        title=invented.title,
        story=render_markdown(invented.story, RenderContext()),
        is_from_guide=False,
        direction=invented.direction,
        passages=tuple(guide.passages(invented.cites)),
        learned=invented.learned,
    )
