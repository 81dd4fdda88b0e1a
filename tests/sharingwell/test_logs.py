import logging

import pytest
from django.conf import settings
from django.db import IntegrityError

from sharingwell.accounts.models import User
from sharingwell.logs import RedactingFormatter
from tests.sharingwell.accounts.factories import PersonFactory


def logged(error):
    record = logging.LogRecord(
        "django.request",
        logging.ERROR,
        "",
        0,
        "Error: %s",
        ("/path/",),
        (type(error), error, error.__traceback__),
    )
    return RedactingFormatter("{levelname} {message}", style="{").format(record)


def test_error_is_logged_with_its_place_and_kind_but_without_its_message():
    try:
        int("evicted on Thursday")
    except ValueError as error:
        lines = logged(error)
    assert lines.startswith("ERROR Error: /path/\nbuiltins.ValueError, raised here:\n")
    assert "test_logs.py" in lines
    assert "Thursday" not in lines.replace('int("evicted on Thursday")', "")


def test_chain_of_errors_that_leads_back_to_itself_is_logged_once():
    lost, closed = ConnectionError(), ConnectionError()
    lost.__cause__, closed.__cause__ = closed, lost
    assert logged(lost).count("builtins.ConnectionError, raised here:") == 2


@pytest.mark.django_db
def test_row_that_the_database_refused_is_not_in_the_log():
    person = PersonFactory(email="robin@northmoor.example", name="Robin Vale")
    with pytest.raises(IntegrityError, match=r"robin@northmoor\.example") as refused:
        User.objects.filter(pk=person.pk).update(roles=["caretaker"])
    lines = logged(refused.value)
    assert "django.db.utils.IntegrityError" in lines
    assert "psycopg.errors.CheckViolation" in lines
    assert "robin" not in lines
    assert "caretaker" not in lines.replace('roles=["caretaker"]', "")


def test_settings_use_it():
    assert settings.LOGGING["formatters"]["line"]["()"] == "sharingwell.logs.RedactingFormatter"
