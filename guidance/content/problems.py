"""Problems in a guide's files: a message for the author, with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails


@dataclass(frozen=True, order=True)
class LineProblem:
    line: int
    message: str


@dataclass(frozen=True, order=True)
class Problem:
    """`line` is 0 for the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.message}."


class BadContent(Exception):
    """Raised when the folder is not a valid guide; nothing was changed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


MESSAGES = {
    "missing": "“{field}” is missing",
    "extra_forbidden": "“{field}” is not known here",
    "string_too_short": "“{field}” is empty",
    "string_too_long": "“{field}” is longer than {max_length} characters",
    "enum": "“{input}” is not known for “{field}”: it is {expected}",
    "string_type": "“{field}” must be text",
    "int_parsing": "“{field}” must be a whole number, not “{input}”",
    "int_type": "“{field}” must be a whole number",
    "bool_parsing": "“{field}” must be true or false, not “{input}”",
    "bool_type": "“{field}” must be true or false",
    "greater_than_equal": "“{field}” must be {ge} or more",
    "less_than_equal": "“{field}” must be {le} or less",
    "tuple_type": "“{field}” must be a list",
    "too_short": "“{field}” is empty: it needs at least {min_length}",
    "literal_error": "“{field}” can only be true, not “{input}”",  # only “answered” and “unanswered” are literals
    "list_type": "“{field}” must be a list",
    "dict_type": "“{field}” must hold names and values, as in “key: value”",
    "model_type": "“{field}” must hold names and values, as in “key: value”",
    "date_from_datetime_parsing": "“{field}” must be a date such as 2026-03-20, not “{input}”",
    "date_parsing": "“{field}” must be a date such as 2026-03-20, not “{input}”",
    "date_type": "“{field}” must be a date such as 2026-03-20",
}
PATTERNS = {
    "key": "small letters and digits, with “-” between words; a question's begins with its part, as in “what.urgency”",
    "is": "the key of an option",
    "is_not": "the key of an option",
    "includes": "the key of an option",
    "reveals": "the key of a question, as in “what.urgency”",
    "slug": "small letters and digits, with “-” between words",
}


def readable_message(error: ErrorDetails) -> str:
    """Message for the author of a content file."""
    names = [part for part in error["loc"] if isinstance(part, str) and part != "[key]"]
    field = names[-1] if names else "this"
    context: Mapping[str, Any] = error.get("ctx") or {}
    if error["type"] == "value_error":
        return str(context["error"])
    if error["type"] == "string_pattern_mismatch":
        expected = PATTERNS.get(field)
        return (
            f"“{field}” is “{error['input']}”: it must be {expected}"
            if expected
            else f"“{field}” must be one line"
        )
    message = MESSAGES.get(error["type"])
    if message is None:
        return f"“{field}”: {error['msg']}"
    return message.format(
        field=field, input=error["input"], **{k: v for k, v in context.items() if k != "field"}
    )
