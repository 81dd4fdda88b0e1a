from django.apps import AppConfig

from decisions.database.functions import FUNCTIONS, OWNER_TABLES
from decisions.database.rls import ROW_CONDITIONS
from sharingwell.database.declared import DatabaseObjects


class DecisionsConfig(DatabaseObjects, AppConfig):
    name = "decisions"
    verbose_name = "Decisions"
    row_conditions = ROW_CONDITIONS
    functions = FUNCTIONS
    owner_tables = OWNER_TABLES
