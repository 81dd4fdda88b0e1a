"""What seems to say who the person is: pointed out where it was written, and the writer decides."""

import pytest
from bs4 import BeautifulSoup

from decisions import actions
from decisions.models import Round
from tests.decisions.factories import ENOUGH_TO_RECORD, DecisionFactory, DraftFactory

pytestmark = pytest.mark.usefixtures("guide")

WITH_NUMBER = "The ward rang about 943 476 5919, who is well."


@pytest.fixture
def draft(practitioner):
    return DraftFactory(decision=DecisionFactory(author=practitioner))


@pytest.fixture
def address(draft):
    return f"{draft.get_absolute_url()}what/"


def text_of(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").select_one("main").get_text(" ").split())


def saved():
    return Round.objects.get()


def test_words_are_saved_and_the_writer_comes_back_to_what_is_pointed_out(signed_in, address):
    response = signed_in.post(address, {"what.request": WITH_NUMBER}, follow=True)
    assert response.redirect_chain == [(address, 302)]
    assert "This looks like an NHS number (“943 476 5919”). Does it have to be here?" in text_of(response)
    assert saved().answers["what.request"] == WITH_NUMBER


def test_it_can_be_taken_out(signed_in, address):
    signed_in.post(address, {"what.request": WITH_NUMBER})
    chosen = {"what.request": WITH_NUMBER, "identifier.what.request": "remove", "why-needed.what.request": ""}
    response = signed_in.post(address, chosen)
    assert response.url.endswith("/who/")
    assert saved().answers["what.request"] == "The ward rang about [removed], who is well."


def test_it_can_be_said_why_it_is_needed(signed_in, draft, address):
    why = "The ward knows them by it only."
    chosen = {
        "what.request": WITH_NUMBER,
        "identifier.what.request": "needed",
        "why-needed.what.request": why,
    }
    assert signed_in.post(address, chosen).url.endswith("/who/")
    assert saved().answers["what.request"] == WITH_NUMBER
    assert saved().needed == {"what.request": why}
    shown = BeautifulSoup(signed_in.get(address).content, "html.parser")
    assert shown.find("input", {"name": "why-needed.what.request"})["value"] == why
    actions.save_answers(by=draft.author, round=saved(), answers=ENOUGH_TO_RECORD)
    recorded = actions.record_round(by=draft.author, round=saved())
    assert f"It holds an identifier because: {why}" in text_of(signed_in.get(recorded.get_absolute_url()))


def test_it_never_holds_the_writer_up_twice(signed_in, address):
    left_open = {"what.request": WITH_NUMBER, "why-needed.what.request": ""}
    assert signed_in.post(address, left_open).url.endswith("/who/")
    assert saved().answers["what.request"] == WITH_NUMBER


def test_words_without_an_identifier_go_straight_on(signed_in, address):
    assert signed_in.post(address, {"what.request": "The ward rang."}).url.endswith("/who/")


def test_the_urgent_path_is_never_held_up(signed_in):
    said = {
        "direction": "share",
        "what": WITH_NUMBER,
        "with_whom": "07400 123456",
        "why": "Now",
        "when": "today",
    }
    signed_in.post("/decisions/urgent/", said)
    assert saved().is_recorded
