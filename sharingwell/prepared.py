"""A query that is asked over and over, about one person after the other, with its SQL written once.

Django writes the SQL of a query anew whenever it is asked. Of a large one that takes longer than PostgreSQL's answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.expressions import Expression

if TYPE_CHECKING:
    from sharingwell.accounts.models import Role, User


class Parameter(Expression):
    """Where a key comes that is known once the query is asked."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=models.BigIntegerField())
        self.name = name

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
class Count:
    """How many rows a query has that was written for `Whoever`."""

    sql: str
    params: tuple[Any, ...]

    @classmethod
    def of(cls, rows: models.QuerySet[Any]) -> Count:
        sql, params = rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        return cls(f"SELECT count(*) FROM ({sql}) AS counted", params)  # noqa: S608 Django wrote it

    def for_person(self, person: User) -> int:
        assert person.team
        known = {"person": person.pk, "team": person.team_id, "organisation": person.team.organisation_id}
        params = [known[each.name] if isinstance(each, Parameter) else each for each in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            (count,) = cursor.fetchone()
        return int(count)
