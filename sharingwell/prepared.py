"""A query that is asked over and over, about one person after the other: written once, and planned once.

Django writes the SQL of a query anew whenever it is asked, and PostgreSQL plans it anew. Of a large one either takes
longer than the answer. So the SQL is written once in each process, and each connection prepares it once, with a place
for each key that differs from one person to the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeGuard, TypeVar

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models.expressions import Expression
from django.utils.functional import cached_property

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


class AnyOrganisation(Parameter):
    """The organisation of `Whoever`, with the related manager that querysets use."""

    @property
    def decisions(self) -> Any:
        return apps.get_model("decisions", "Decision")._default_manager.filter(organisation=self)


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
        self.organisation = AnyOrganisation("organisation")
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

    def asking(self, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """What to execute, and with what: a value for each parameter by its name."""
        types = ", ".join(each.type for each in self.parameters)
        connection.prepare(self.name, f"({types}) AS {self.sql}")  # type: ignore[attr-defined]  # of our own backend
        places = ", ".join(["%s"] * len(self.parameters))
        return f"EXECUTE {self.name} ({places})", [values[each.name] for each in self.parameters]


class Prepared(Generic[Row]):
    """The rows of a queryset with parameters. It is written when first it is asked for; `name` is no other's."""

    def __init__(self, name: str, write: Callable[[], models.QuerySet[Any, Row]]) -> None:
        self.name = name
        self.write = write

    def first(self, **values: Any) -> Row | None:
        return next(iter(self.all(**values)), None)

    def all(self, **values: Any) -> list[Row]:
        """With all that the queryset fetches of each."""
        if any(isinstance(each, int) and each > LARGEST for each in values.values()):
            return []
        written, knowing_columns, statement = self._written
        compiler = copy(knowing_columns)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: statement.asking(values)
        rows = written.all()
        rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]  # it is written already
        return list(rows)

    def count(self, **values: Any) -> int:
        asking = self._counting.asking(values)
        with connection.cursor() as cursor:
            cursor.execute(*asking)
            (count,) = cursor.fetchone()
        return int(count)

    # Each of these makes all it needs: another thread may be at the same.

    @cached_property
    def _written(self) -> tuple[models.QuerySet[Any, Row], Any, Statement]:
        rows = self.write()
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        return rows, compiler, Statement.of(self.name, *compiler.as_sql())

    @cached_property
    def _counting(self) -> Statement:
        sql, params = self.write().query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        return Statement.of(self.name, f"SELECT count(*) FROM ({sql}) AS counted", params)  # noqa: S608 Django wrote it


class PreparedForAnybody(Generic[Row]):
    """The same for one person after the other: `write` makes a queryset of `Whoever`, once for the same roles.

    There is nothing for who is not signed in, has left, or works for no organisation.
    """

    def __init__(self, name: str, write: Callable[[Any], models.QuerySet[Any, Row]]) -> None:
        self.of_roles = lru_cache(maxsize=32)(
            lambda roles: Prepared[Row](name, lambda: write(Whoever(roles)))
        )

    def first(self, person: User | AnonymousUser, **others: Any) -> Row | None:
        return next(iter(self.all(person, **others)), None)

    def all(self, person: User | AnonymousUser, **others: Any) -> list[Row]:
        """`others` are the parameters that are not of a person."""
        if not _is_somebody(person):
            return []
        return self.of_roles(frozenset(person.roles)).all(**_known_of(person), **others)

    def count(self, person: User | AnonymousUser, **others: Any) -> int:
        if not _is_somebody(person):
            return 0
        return self.of_roles(frozenset(person.roles)).count(**_known_of(person), **others)


def _is_somebody(person: User | AnonymousUser) -> TypeGuard[User]:
    return person.is_authenticated and person.is_active and person.organisation is not None


def _known_of(person: User) -> dict[str, Any]:
    assert person.team is not None
    return {"person": person.pk, "team": person.team_id, "organisation": person.team.organisation_id}
