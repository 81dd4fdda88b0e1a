"""A query that is asked over and over, about one person after the other: written once, and planned once.

Django writes the SQL of a query anew whenever it is asked, and PostgreSQL plans it anew. Of a large one either takes
longer than the answer. So the SQL is written once in each process, and each connection prepares it once, with a place
for each key that differs from one person to the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models.expressions import Expression

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from sharingwell.accounts.models import Role, User

Row = TypeVar("Row", bound=models.Model)
LARGEST = 2**63 - 1  # that a key can be
TYPES = {"BigIntegerField": "bigint", "TextField": "text"}


class Parameter(Expression):
    """Where a value comes that is known once the query is asked: a key, unless said otherwise."""

    def __init__(self, name: str, field: models.Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=field or models.BigIntegerField())
        self.name = name

    @property
    def type(self) -> str:
        return TYPES[self.output_field.get_internal_type()]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class Whoever(Parameter):
    """Anybody who is signed in, works for an organisation and has these roles, for querysets that take a person.

    Of such a person nothing else is known: a queryset that asks for more fails when it is prepared.
    """

    is_authenticated = True
    is_active = True

    def __init__(self, roles: frozenset[str]) -> None:
        super().__init__("person")
        self.roles = roles
        self.pk = self
        self.organisation = Parameter("organisation")
        self.team = Parameter("team")

    def has_role(self, role: Role) -> bool:
        return role in self.roles


@dataclass(frozen=True)
class Statement:
    """SQL with a place for each parameter, by a name of its own."""

    name: str
    sql: str
    parameters: tuple[Parameter, ...]

    @classmethod
    def of(cls, what: str, sql: str, params: tuple[Any, ...]) -> Statement:
        """As Django writes it. `what` it asks for is part of its name."""
        parameters = {each.name: each for each in params if isinstance(each, Parameter)}
        places = {name: f"${place}" for place, name in enumerate(parameters, start=1)}
        connection.ensure_connection()
        written = sql % tuple(
            places[each.name] if isinstance(each, Parameter) else mogrify("%s", [each], connection)
            for each in params
        )
        digest = hashlib.sha256(written.encode()).hexdigest()[:16]
        return cls(f"{what}_{digest}", written, tuple(parameters.values()))

    def for_person(self, person: User, others: dict[str, Any]) -> tuple[str, list[Any]]:
        """What to execute, and with which values."""
        assert person.team
        organisation = person.team.organisation_id
        known = {"person": person.pk, "team": person.team_id, "organisation": organisation, **others}
        types = ", ".join(each.type for each in self.parameters)
        connection.prepare(self.name, f"({types}) AS {self.sql}")  # type: ignore[attr-defined]  # of our own backend
        values = [known[each.name] for each in self.parameters]
        return f"EXECUTE {self.name} ({', '.join(['%s'] * len(values))})", values


@dataclass(frozen=True)
class Count:
    """How many rows a query has that was written for `Whoever`."""

    statement: Statement

    @classmethod
    def of(cls, what: str, rows: models.QuerySet[Any]) -> Count:
        sql, params = rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        counting = f"SELECT count(*) FROM ({sql}) AS counted"  # noqa: S608 Django wrote it
        return cls(Statement.of(what, counting, params))

    def for_person(self, person: User) -> int:
        with connection.cursor() as cursor:
            cursor.execute(*self.statement.for_person(person, {}))
            (count,) = cursor.fetchone()
        return int(count)


class Prepared(Generic[Row]):
    """Rows for one person after the other, by a queryset that `write` makes of `Whoever`: once for the same roles.

    `name` is unique. There is nothing for who is not signed in, has left, or works for no organisation.
    """

    def __init__(self, name: str, write: Callable[[Any], models.QuerySet[Any, Row]]) -> None:
        self.name = name
        self.write = write
        self.written = lru_cache(maxsize=32)(self._written)

    def first(self, person: User | AnonymousUser, **others: Any) -> Row | None:
        return next(iter(self.all(person, **others)), None)

    def all(self, person: User | AnonymousUser, **others: Any) -> list[Row]:
        """With all that the queryset fetches of each; `others` are the parameters that are not of a person."""
        if not person.is_authenticated or not person.is_active or person.organisation is None:
            return []
        if any(isinstance(each, int) and each > LARGEST for each in others.values()):
            return []
        written, known_compiler, statement = self.written(frozenset(person.roles))
        compiler = copy(known_compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: statement.for_person(person, others)
        rows = written.all()
        rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]  # it is written already
        return list(rows)

    def _written(self, roles: frozenset[str]) -> tuple[models.QuerySet[Any, Row], Any, Statement]:
        rows = self.write(Whoever(roles))
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        return rows, compiler, Statement.of(self.name, *compiler.as_sql())
