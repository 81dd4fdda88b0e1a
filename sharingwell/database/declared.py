"""Database objects that applications declare besides the tables and triggers of their models.

An application declares it on its AppConfig, as `DatabaseObjects`, so that nothing here names an application.
Migrations make what is declared; `tests/sharingwell/database/test_declared.py` compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

FIXED_PATH = """
DO $path$ BEGIN EXECUTE format(
    'ALTER FUNCTION {name} SET search_path = pg_catalog, %I, pg_temp', current_schema
); END $path$;
"""


@dataclass(frozen=True)
class Function:
    """A PostgreSQL function that only the owner and the serving role may call."""

    name: str
    sql: str  # CREATE OR REPLACE FUNCTION …

    @property
    def is_security_definer(self) -> bool:
        return "SECURITY DEFINER" in self.sql

    @property
    def statements(self) -> str:
        """Create or replace it; SECURITY DEFINER functions get a fixed search_path."""
        closed = f"{self.sql}; REVOKE ALL ON FUNCTION {self.name} FROM PUBLIC;"
        return closed + FIXED_PATH.format(name=self.name) if self.is_security_definer else closed


@dataclass(frozen=True)
class OwnerTable:
    """A table without a model, which only SECURITY DEFINER functions and triggers read and write."""

    name: str
    sql: str


class DatabaseObjects:
    """Mixin for the AppConfig of an application that declares database objects."""

    row_conditions: Mapping[str, str] = {}  # by table, in SQL: which rows a session sees
    functions: Iterable[Function] = ()
    owner_tables: Iterable[OwnerTable] = ()


def _declaring() -> Iterator[DatabaseObjects]:
    yield from (config for config in apps.get_app_configs() if isinstance(config, DatabaseObjects))


def row_conditions() -> dict[str, str]:
    """Conditions of all applications, by table."""
    return {table: condition for config in _declaring() for table, condition in config.row_conditions.items()}


def functions() -> list[Function]:
    return [function for config in _declaring() for function in config.functions]


def owner_tables() -> list[OwnerTable]:
    return [table for config in _declaring() for table in config.owner_tables]


def tenanted_models() -> Iterator[type[Model]]:
    """Yields the models of applications with row security: each of their tables has it."""
    for config in apps.get_app_configs():
        if isinstance(config, DatabaseObjects) and config.row_conditions:
            yield from config.get_models(include_auto_created=True)
