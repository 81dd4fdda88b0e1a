"""A GOV.UK component with its options, rendered when a template prints it.

A field revealed by another is passed to the radios as such a value, so that no HTML is built in Python.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import get_template
from django.utils.html import html_safe


@html_safe
@dataclass(frozen=True)
class Component:
    """`templates/govuk/components/<name>.html`, its context being GOV.UK's macro options in snake case."""

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return get_template(f"govuk/components/{self.name}.html").render(dict(self.options))
