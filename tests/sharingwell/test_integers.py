import pytest

from sharingwell.integers import LARGEST_KEY, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("42", 42),
        (str(LARGEST_KEY), LARGEST_KEY),
        (str(LARGEST_KEY + 1), None),
        ("9" * 5000, None),
        ("", None),
        ("-1", None),
        ("+1", None),
        (" 1", None),
        ("1.0", None),
        ("1_0", None),
        ("٣", None),  # a digit, but not of ASCII
        ("²", None),
    ],
)
def test_only_ascii_digits_within_bounds_are_a_number(text, number):
    assert whole_number(text) == number


def test_bounds_belong_to_what_is_allowed():
    assert [whole_number(text, least=1, most=12) for text in ("0", "1", "12", "13")] == [None, 1, 12, None]
