import pytest
from django.core.exceptions import PermissionDenied

from sharingwell.accounts.policies import Refusal, predicate


def check_can_divide(number: int, *, by: int) -> None:
    if by == 1:
        raise PermissionDenied
    if number % by:
        raise Refusal
    number // by


can_divide = predicate(check_can_divide)


def test_a_predicate_answers_as_its_check_does() -> None:
    assert can_divide(4, by=2) is True
    assert can_divide(4, by=1) is False
    assert can_divide(4, by=3) is False


def test_a_predicate_lets_other_errors_through() -> None:
    with pytest.raises(ZeroDivisionError):
        can_divide(4, by=0)


def test_a_predicate_is_named_after_its_check() -> None:
    assert can_divide.__name__ == "can_divide"
