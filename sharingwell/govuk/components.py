"""A component of GOV.UK Frontend, rendered by the macros of govuk-frontend-jinja.

Parameters have the names of GOV.UK's documentation, as `isPageHeading`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.html import conditional_escape, html_safe
from jinja2 import Environment, PackageLoader, PrefixLoader, Undefined
from jinja2.utils import Namespace

LIBRARY = "govuk_frontend_jinja"
METHODS = frozenset(dir(dict))
NOT_GIVEN = Undefined()


class ComponentEnvironment(Environment):
    """Looks a parameter up in its dictionary first.

    Jinja asks for an attribute before an item, and most parameters are not given: the errors that it catches took
    almost half of the time of drawing a form.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is not dict or attribute in METHODS:
            return super().getattr(obj, attribute)
        return obj.get(attribute, NOT_GIVEN)


environment = ComponentEnvironment(
    autoescape=True,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
    loader=PrefixLoader({LIBRARY: PackageLoader(LIBRARY)}),
)


def unchanged(html: str, *_width: int | bool) -> str:
    """Stands in for Jinja's `indent`, which would add spaces to each line of a text in a textarea."""
    return html


environment.filters["indent"] = unchanged
# The macros use no other, and each `import` in them compares all.
environment.globals = {"namespace": Namespace}


@html_safe
@dataclass(frozen=True)
class Component:
    """A component by GOV.UK's name, as `date-input`, with its parameters. A parameter may hold another component."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return macro(self.name)(escaped(self.params))


@cache
def macro(name: str) -> Callable[[Mapping[str, Any]], str]:
    template = environment.get_template(f"{LIBRARY}/components/{name}/macro.html")
    function: Callable[[Mapping[str, Any]], str] = getattr(template.module, macro_name(name))
    return function


def macro_name(name: str) -> str:
    return "govuk" + "".join(word.capitalize() for word in name.split("-"))


def escaped(value: Any, name: str = "") -> Any:
    """Prepares parameters for a macro, which prints every `html` as it is and all else as Jinja escapes it.

    HTML is escaped unless it is marked safe. Text and attributes are escaped even then. None means not given.
    """
    if isinstance(value, Mapping):
        return {key: escaped(each, key) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [escaped(each, name) for each in value]
    if value is None or isinstance(value, bool | int):
        return value
    if name == "attributes":
        raise TypeError("Attributes are a mapping: the macros print a string as it is.")
    if name == "html" or name.endswith("Html"):
        return conditional_escape(value)
    return "".join(str(value))  # not `str(value)`, which may be marked safe
