import datetime
from zoneinfo import ZoneInfo

import pytest

from decisions.ledger.canonical import digest_of, plain


class TestAValue:
    def test_that_is_a_moment_is_in_utc_to_the_microsecond(self):
        moment = datetime.datetime(2026, 7, 1, 10, 30, tzinfo=ZoneInfo("Europe/London"))
        assert plain(moment) == "2026-07-01T09:30:00.000000Z"

    def test_that_is_a_day_is_in_iso_8601(self):
        assert plain(datetime.date(2026, 7, 1)) == "2026-07-01"

    @pytest.mark.parametrize("value", [None, True, 7, "Words", {"a": [1]}, []])
    def test_of_a_json_type_is_unchanged(self, value):
        assert plain(value) is value

    def test_of_unsupported_type_is_refused(self):
        with pytest.raises(TypeError, match="no form for bytes"):
            plain(b"")


class TestADigest:
    def test_does_not_depend_on_the_order_of_keys(self):
        assert digest_of({"b": {"y": 1, "x": 2}, "a": {}}) == digest_of({"a": {}, "b": {"x": 2, "y": 1}})

    def test_is_of_the_characters_themselves(self):
        # printf '{"words":"Zoë\\n🦆"}' | sha256sum
        assert (
            digest_of({"words": "Zoë\n🦆"})
            == "875b06c6bdd5ea8fe66a744ba767b053c5ff6ad7bd43f9f5a1f33c33fa3c95fc"
        )

    @pytest.mark.parametrize("number", [2**53, float("inf"), float("nan")])
    def test_of_a_number_json_cannot_represent_is_refused(self, number):
        with pytest.raises(ValueError, match=r"JCS|domain"):
            digest_of({"number": number})
