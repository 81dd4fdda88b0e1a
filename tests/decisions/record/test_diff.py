from cProfile import Profile

import pytest

from decisions import actions
from decisions.record.diff import compare_records
from guidance.diff.text import Change
from tests.decisions.factories import recorded_round
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of, page


def record(**answers):
    lines = [{"key": key, "question": f"{key}?", "answer": answer} for key, answer in answers.items()]
    return {"parts": [{"answers": lines}]}


MOST_CALLS = 6_000_000  # of functions: the same on every machine, as seconds are not


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a" + " " * 3999, "b" + " " * 3999),
        ("a b b a b " * 400, "b a a b b a " * 333),
        (
            "\n".join(chr(0x4E00 + at) for at in range(2000)),
            "\n".join(chr(0x7E00 + at) for at in range(2000)),
        ),
        (
            "\n".join(f"a b c d {at % 7}" for at in range(199)),
            "\n".join(f"d c b a {at % 5}" for at in range(198)),
        ),
    ],
    ids=["spaces", "two words", "a letter a line", "short lines"],
)
def test_twelve_long_answers_share_one_budget(old, new):
    answers = [f"q{number}" for number in range(12)]
    with Profile() as profile:
        compared = compare_records(
            record(**{each: [old] for each in answers}), record(**{each: [new] for each in answers})
        )
    assert len(compared.changed) == 12
    assert sum(len(each.lines) for each in compared.changed) < 6000
    assert sum(each.callcount for each in profile.getstats()) < MOST_CALLS


class TestCompareRecords:
    def test_equal_answers_are_only_counted(self):
        assert compare_records(record(a=["x"], b=[]), record(a=["x"], b=[])).changed == ()
        assert compare_records(record(a=["x"], b=[]), record(a=["x"], b=[])).unchanged == 2

    def test_changed_words_are_marked_one_by_one(self):
        [changed] = compare_records(
            record(a=["Held until Monday next"]), record(a=["Held until Friday next"])
        ).changed
        [line] = changed.lines
        marked = [(run.change, run.text) for run in line.runs if run.change != Change.SAME]
        assert marked == [(Change.DELETED, "Monday"), (Change.INSERTED, "Friday")]

    def test_question_only_in_the_earlier_record_is_included(self):
        [changed] = compare_records(record(a=["Gone"]), record()).changed
        assert changed.question == "a?"
        assert changed.lines[0].old == "Gone"

    def test_earlier_wording_is_given(self):
        later = record(a=["y"])
        later["parts"][0]["answers"][0]["question"] = "Asked anew?"
        [changed] = compare_records(record(a=["x"]), later).changed
        assert (changed.question, changed.earlier_question) == ("Asked anew?", "a?")


@pytest.mark.usefixtures("guide")
class TestThePage:
    @pytest.fixture
    def second(self, guide):
        first = recorded_round(answers={"what.request": "The room is held until Monday."})
        draft = actions.start_round(by=first.author, decision=first.decision, changed="They rang back.")
        answers = {"what.request": "The room is held until Friday.", "decide.outcome": "share-asked"}
        draft = actions.save_answers(by=first.author, round=draft, answers=answers)
        return actions.record_round(by=first.author, round=draft)

    def test_shows_answer_by_answer_what_changed(self, client, second):
        client.force_login(second.author)
        response = client.get(f"{second.decision.get_absolute_url()}compare/")
        read = page(response)
        assert [heading.get_text() for heading in read.select("main h2")] == [
            "What is being asked, in your own words?",
            "What have you decided?",
        ]
        assert "Monday" in read.select_one("del").get_text()
        assert "Friday" in read.select_one("ins").get_text()

    def test_any_two_can_be_chosen_in_the_address(self, client, second):
        client.force_login(second.author)
        address = f"{second.decision.get_absolute_url()}compare/"
        assert "Every answer is the same in both." in content_of(client.get(address, {"since": 2, "to": 2}))
        backwards = page(client.get(address, {"since": 2, "to": 1}))
        assert "Friday" in backwards.select_one("del").get_text()

    @pytest.mark.parametrize("since", ["9", "x", "", "-1"])
    def test_a_missing_round_shows_an_error(self, client, second, since):
        client.force_login(second.author)
        response = client.get(f"{second.decision.get_absolute_url()}compare/", {"since": since})
        assert "There is a problem" in content_of(response, 400)

    def test_one_round_has_nothing_to_be_compared_with(self, client):
        first = recorded_round()
        client.force_login(first.author)
        response = client.get(f"{first.decision.get_absolute_url()}compare/")
        assert response.url == first.decision.get_absolute_url()

    def test_nobody_else_sees_it(self, client, second):
        client.force_login(PersonFactory(team=second.author.team))
        assert client.get(f"{second.decision.get_absolute_url()}compare/").status_code == 404
