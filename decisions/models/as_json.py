"""Whole rows as JSON, so that several kinds come in one query; and rows made of it again."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, JSONField, Model, QuerySet
from django.db.models.functions import JSONObject

from sharingwell.accounts.models import User

Row = TypeVar("Row", bound=Model)


class RowAsJSON(Func):
    """A row of the table that is asked, but for what PostgreSQL computes in it."""

    arity = 0
    output_field = JSONField()

    def __init__(self, model: type[Model]) -> None:
        computed = [str(field.column) for field in model._meta.concrete_fields if field.generated]
        self.without = "".join(f" - '{column}'" for column in computed)
        super().__init__()

    def as_sql(self, compiler: Any, *args: Any, **context: Any) -> Any:
        table = compiler.quote_name_unless_alias(compiler.query.get_initial_alias())
        return f"(to_jsonb({table}){self.without})", ()


def row_from_json(model: type[Row], columns: dict[str, Any]) -> Row:
    """What the database had, as it would be read from it. Raises ValueError and the like for what no row can hold."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    return model(**{fields[name].attname: fields[name].to_python(value) for name, value in columns.items()})


def stated(rows: QuerySet[Any], *, people: tuple[str, ...] = ("by",)) -> ArraySubquery:
    """Facts that somebody stated, each with who, as one column of what they are about; `facts_from` reads it."""
    names = {person: f"{person}__name" for person in people}
    whole = JSONObject(row=RowAsJSON(rows.model), people=JSONObject(**names))
    return ArraySubquery(rows.order_by("pk").values(whole=whole))


def facts_from(model: type[Row], column: list[dict[str, Any]]) -> list[Row]:
    """Of people there is the name; whatever else of them is asked for is fetched."""
    found = []
    for each in column:
        row = row_from_json(model, each["row"])
        for person, name in each["people"].items():
            key = getattr(row, f"{person}_id")
            setattr(row, person, User.from_db(None, ["id", "name"], [key, name]))
        found.append(row)
    return found
