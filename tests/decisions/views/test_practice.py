"""Practice cases with and without an account; nothing is stored outside the session."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.models import Decision, Round
from decisions.practice import cases_of
from decisions.practice.cases import contents
from decisions.record.build import record_of
from guidance.choices import Direction
from guidance.models import GuideVersion
from guidance.reading import rendered
from sharingwell.accounts.models import User
from tests.guidance.factories import ExampleFactory, GuideVersionFactory, QuestionFactory, SectionFactory
from tests.guidance.pages import main_of, soup_of, words_of
from tests.sharingwell.reading import content_of, fields_to_send_again

HOME = "/decisions/practice/"
SHARE, ASKED, ASK = "gone-for-nine-days", "asked-for-everything", "two-workers-only"
NEIGHBOUR = "neighbour-raises-a-concern"
ENOUGH = {
    "decide.shared": "That the person is missing, to the police.",
    "decide.outcome": "share-part",
    "decide.reasoning": "The nurse can look out for them.",
}
MARK = "Nothing here is kept"


def address(case: str, page: str = "") -> str:
    return f"{HOME}{case}/{page}/" if page else f"{HOME}{case}/"


def begin(client: Client, case: str = SHARE, direction: str = "share") -> None:
    response = client.post(address(case, "begin"), {"direction": direction})
    assert response.headers["Location"] == address(case)


def walk(client: Client, case: str = SHARE, direction: str = "share", **answers: str) -> None:
    begin(client, case, direction)
    client.post(address(case, "decide"), {**ENOUGH, **answers})


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return words_of(soup_of(content_of(response)))


PAGES = [
    HOME,
    *(address(SHARE, name) for name in ("begin", "what", "who", "why", "role", "decide", "check", "record")),
]


# Limits


def test_one_address_begins_so_many_cases_a_minute_and_stores_no_more(
    client: Client, guide: GuideVersion, settings: Any
) -> None:
    cache.clear()
    settings.ADDRESS_LIMITS = {"practice_begun": "3/m/ip", "practice": "2/m/ip"}
    for _ in range(3):
        begin(Client())
    refused = Client().post(address(SHARE, "begin"), {"direction": "share"})
    assert refused.status_code == 429
    assert Session.objects.count() == 3
    begin_elsewhere = Client(REMOTE_ADDR="192.0.2.7").post(address(SHARE, "begin"), {"direction": "share"})
    assert begin_elsewhere.status_code == 302


def test_words_that_are_sent_beyond_the_limit_are_shown_again(
    client: Client, guide: GuideVersion, settings: Any
) -> None:
    cache.clear()
    settings.ADDRESS_LIMITS = {"practice_begun": "60/m/ip", "practice": "1/m/ip"}
    walk(client)
    words = {**ENOUGH, "decide.reasoning": "They need tea & a bed"}
    refused = client.post(address(SHARE, "decide"), words, headers={"origin": "http://testserver"})
    assert words.items() <= dict(fields_to_send_again(refused, 429)).items()
    assert client.get(address(SHARE, "decide")).status_code == 200


# The cases


def test_the_examples_of_the_guide_and_three_more_are_offered(client: Client, guide: GuideVersion) -> None:
    links = {str(link["href"]) for link in main_of(content_of(client.get(HOME))).select("li a")}

    examples = {address(example.slug) for example in rendered(guide).examples}
    assert len(examples) == 6
    assert links == examples | {address(SHARE), address(ASKED), address(ASK)}


def test_every_direction_can_be_practised(guide: GuideVersion) -> None:
    assert {case.direction for case in cases_of(guide).values()} == set(Direction)


def test_every_case_has_a_story_and_what_the_guide_says(guide: GuideVersion) -> None:
    for case in cases_of(guide).values():
        assert case.story, case.key
        assert case.passages, case.key
    for invented in contents().invented:
        assert len(cases_of(guide)[invented.key].passages) == len(invented.cites)


def test_each_given_direction_belongs_to_an_example(guide: GuideVersion) -> None:
    assert set(contents().examples) == {example.slug for example in rendered(guide).examples}


def test_a_new_guide_brings_its_own_cases(client: Client, guide: GuideVersion) -> None:
    begin(client, NEIGHBOUR, "told")
    newer = GuideVersionFactory()
    ExampleFactory(section=SectionFactory(version=newer), slug="a-new-example", title="Something new")
    QuestionFactory(version=newer)

    cases = words_of(main_of(content_of(client.get(HOME))))

    assert "Something new" in cases
    assert client.get(address(NEIGHBOUR)).status_code == 404
    assert client.get(address("a-new-example", "begin")).status_code == 200


def test_without_a_suggestion_a_direction_must_be_chosen(client: Client, guide: GuideVersion) -> None:
    newer = GuideVersionFactory()
    ExampleFactory(section=SectionFactory(version=newer), slug="a-new-example")
    begin_page = address("a-new-example", "begin")

    assert not soup_of(content_of(client.get(begin_page))).select("input[checked]")
    assert "Choose what has happened." in content_of(client.post(begin_page, {}))


def test_an_unknown_case_is_not_found(client: Client, guide: GuideVersion) -> None:
    assert client.get(address("nobody-knows-it")).status_code == 404
    begin(client)
    assert client.get(address(SHARE, "whence")).status_code == 404
    assert client.post(address(SHARE, "whence"), {}).status_code == 404


@pytest.mark.django_db
def test_without_a_guide_an_explanation_is_shown(client: Client) -> None:
    response = client.get(HOME)

    assert "No guide has been published yet" in content_of(response, 403)


# Working through a case


def test_a_case_is_walked_through_to_the_record_without_an_account(
    client: Client, guide: GuideVersion
) -> None:
    begin(client)
    to_who = client.post(
        address(SHARE, "what"), {"what.request": "Nobody has seen the person", "what.urgency": "now"}
    )
    client.post(address(SHARE, "who"), {"who.asking": "The nurse at the clinic"})
    to_check = client.post(address(SHARE, "decide"), ENOUGH)
    to_record = client.post(address(SHARE, "check"), {"thought.serious-harm-now": "The police are told."})

    assert to_who.headers["Location"] == f"{address(SHARE, 'who')}?after=what"
    assert to_check.headers["Location"] == address(SHARE, "check")
    assert to_record.headers["Location"] == address(SHARE, "record")
    record = page(client, address(SHARE, "record"))
    for words in [
        "Nobody has seen the person",
        "Who would you share it with, and how do you know it will reach them?",
        "The nurse at the clinic",
        "Share part of it",
        "Noted: The police are told.",
        "What the guide says",
        "An individual was evicted from temporary accommodation.",
    ]:
        assert words in record, words


def test_a_part_shows_what_the_page_of_a_real_part_shows(client: Client, guide: GuideVersion) -> None:
    begin(client, NEIGHBOUR, "told")
    client.post(address(NEIGHBOUR, "who"), {"who.relationship": "trusted-person"})

    who = page(client, address(NEIGHBOUR, "who"))

    assert "Who told you, and how do you know it is them?" in who
    assert "does not need their written consent to tell you so" in who
    assert "From the guide" in who


def test_added_information_is_shown_on_its_part_only(client: Client, guide: GuideVersion) -> None:
    begin(client)

    assert "You find out: The manager of the drop-in" in page(client, address(SHARE, "who"))
    assert "You find out" not in page(client, address(SHARE, "what"))


def test_practice_can_stop_at_any_part(client: Client, guide: GuideVersion) -> None:
    begin(client)

    response = client.post(address(SHARE, "why"), {"why.purpose": "To find them", "to_overview": "yes"})

    assert response.headers["Location"] == address(SHARE)
    assert "Some answers" in page(client, address(SHARE))


def test_answers_stay_when_the_direction_changes(client: Client, guide: GuideVersion) -> None:
    walk(client)
    begin(client, SHARE, "told")

    decide = page(client, address(SHARE, "decide"))

    assert "The nurse can look out for them." in decide
    assert "That is not offered for “Someone has told us something”" in decide


def test_required_questions_are_those_of_a_real_round(client: Client, guide: GuideVersion) -> None:
    begin(client)
    response = client.post(address(SHARE, "check"), {})

    assert response.status_code == 422
    links = [str(a["href"]) for a in soup_of(content_of(response, 422)).select(".govuk-error-summary a")]
    assert links == [
        f"{address(SHARE, 'decide')}?then=check#id_decide.outcome",
        f"{address(SHARE, 'decide')}?then=check#id_decide.reasoning",
    ]
    assert client.get(address(SHARE, "record")).headers["Location"] == address(SHARE, "check")


def test_limits_are_those_of_real_parts_and_input_is_kept(client: Client, guide: GuideVersion) -> None:
    begin(client)
    long = "word " * 200

    response = client.post(address(SHARE, "who"), {"who.asking": long})

    assert "Error: Practice:" in content_of(response)
    assert long in soup_of(content_of(response)).select_one("[name='who.asking']")["value"]  # type: ignore[index]


def test_identifier_warnings_are_shown(client: Client, guide: GuideVersion) -> None:
    begin(client)

    response = client.post(address(SHARE, "what"), {"what.request": "About 943 476 5919"})

    assert response.headers["Location"] == address(SHARE, "what")
    assert "This looks like an NHS number" in page(client, address(SHARE, "what"))


def test_a_thought_that_is_too_long_is_shown_again(client: Client, guide: GuideVersion) -> None:
    begin(client)
    client.post(address(SHARE, "what"), {"what.urgency": "now"})
    long = "thought " * 200

    response = client.post(address(SHARE, "check"), {"thought.serious-harm-now": long})

    assert long in content_of(response)


def test_thoughts_can_be_saved_separately(client: Client, guide: GuideVersion) -> None:
    begin(client)
    client.post(address(SHARE, "what"), {"what.urgency": "now"})

    response = client.post(
        address(SHARE, "check"), {"thought.serious-harm-now": "999 first.", "save_thoughts": "yes"}
    )

    assert response.headers["Location"] == address(SHARE, "check")
    assert "999 first." in page(client, address(SHARE, "check"))


def test_two_cases_are_independent(client: Client, guide: GuideVersion) -> None:
    begin(client)
    begin(client, ASKED, "asked")
    client.post(address(SHARE, "why"), {"why.purpose": "To find them"})
    client.post(address(ASKED, "why"), {"why.purpose": "To keep the home"})

    assert "To find them" in page(client, address(SHARE, "why"))
    assert "To keep the home" in page(client, address(ASKED, "why"))


# Marked


def test_every_page_is_marked_as_practice(client: Client, guide: GuideVersion) -> None:
    walk(client)

    for path in [*PAGES, address(SHARE)]:
        soup = soup_of(content_of(client.get(path)))
        (mark,) = soup.select("section[aria-label=Practice]")
        assert MARK in words_of(mark), path
        assert not mark.select(".sw-no-print .govuk-tag"), path
        assert "sw-no-print" not in mark["class"], path
        assert soup.title is not None
        assert "Practice: " in soup.title.get_text(), path


def test_the_record_says_practice_in_each_of_its_headings(client: Client, guide: GuideVersion) -> None:
    walk(client)
    main = main_of(content_of(client.get(address(SHARE, "record"))))
    for aside in main.select(".sw-no-print"):
        aside.decompose()

    headings = [heading.get_text(" ", strip=True) for heading in main.select("h1, h2")]

    assert len(headings) >= 4
    assert all(heading.startswith("Practice: ") for heading in headings), headings
    assert "PRACTICE, round 1" in words_of(main)
    assert "SHA-256" not in words_of(main)


def test_there_is_no_export(client: Client, guide: GuideVersion) -> None:
    walk(client)
    record = client.get(address(SHARE, "record"))

    assert "record.pdf" not in content_of(record)
    assert client.get(f"{address(SHARE)}record.pdf").status_code == 404


# Nothing stored


def test_practice_queries_no_decision(client: Client, guide: GuideVersion, practitioner: User) -> None:
    for who in (None, practitioner):
        if who:
            client.force_login(who)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            walk(client)
            client.post(address(SHARE, "check"), {})
            for path in [*PAGES, address(SHARE)]:
                assert client.get(path).status_code == 200, path
            client.post(HOME)
        # Each page shows the inbox count, which reads the user's own decisions.
        about_decisions = [
            q["sql"] for q in queries if "decisions_" in q["sql"] and "AS waiting" not in q["sql"]
        ]
        assert not about_decisions
    assert not Decision.objects.exists()
    assert not Round.objects.exists()


@pytest.mark.parametrize("path", [*PAGES, address(SHARE)])
def test_a_page_takes_few_queries(
    client: Client, guide: GuideVersion, practitioner: User, path: str, django_assert_max_num_queries: Any
) -> None:
    client.force_login(practitioner)
    walk(client)
    client.get(path)

    with django_assert_max_num_queries(9):
        client.get(path)


def test_reading_creates_no_session(client: Client, guide: GuideVersion) -> None:
    client.get(HOME)
    client.get(address(SHARE, "begin"))

    assert not Session.objects.exists()


def test_clearing_deletes_the_session_of_an_anonymous_visitor(client: Client, guide: GuideVersion) -> None:
    walk(client)
    assert Session.objects.count() == 1

    response = client.post(HOME, follow=True)

    assert "What you wrote in practice is gone." in content_of(response)
    assert not Session.objects.exists()
    assert client.get(address(SHARE, "why")).headers["Location"] == address(SHARE, "begin")


def test_clearing_keeps_the_rest_of_a_signed_in_session(
    client: Client, guide: GuideVersion, practitioner: User
) -> None:
    client.force_login(practitioner)
    walk(client)

    client.post(HOME)

    assert "practice" not in client.session
    assert client.get("/decisions/").status_code == 200


def test_signing_out_ends_practice(client: Client, guide: GuideVersion, practitioner: User) -> None:
    client.force_login(practitioner)
    walk(client)
    assert Session.objects.exists()

    client.post("/accounts/logout/")

    assert not Session.objects.exists()


def test_one_case_can_be_begun_again(client: Client, guide: GuideVersion) -> None:
    walk(client)
    begin(client, ASKED, "asked")

    response = client.post(address(SHARE))

    assert response.headers["Location"] == address(SHARE, "begin")
    begin(client)
    assert ENOUGH["decide.reasoning"] not in page(client, address(SHARE, "decide"))
    assert client.get(address(ASKED, "why")).status_code == 200


def test_the_session_ends_with_the_browser_and_after_half_an_hour(
    client: Client, guide: GuideVersion
) -> None:
    walk(client)

    assert client.cookies["sessionid"]["max-age"] == ""
    expires = Session.objects.get().expire_date
    assert timezone.now() < expires <= timezone.now() + datetime.timedelta(minutes=30)


def test_beginning_deletes_expired_sessions(client: Client, guide: GuideVersion) -> None:
    walk(Client())
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))

    begin(client)

    assert Session.objects.count() == 1


def test_input_after_the_session_expired_is_shown_and_can_be_sent_again(
    client: Client, guide: GuideVersion
) -> None:
    response = client.post(
        address(SHARE, "why"),
        {"why.purpose": "To find the person"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert "To find the person" in content_of(response, 409)
    assert f'href="{address(SHARE, "begin")}"' in content_of(response, 409)


def test_pages_are_not_cached(client: Client, guide: GuideVersion) -> None:
    walk(client)

    assert "no-store" in client.get(address(SHARE, "record")).headers["Cache-Control"]


def test_the_record_has_the_shape_of_a_real_one(
    client: Client, guide: GuideVersion, monkeypatch: Any
) -> None:
    """A new key of the record must appear in practice too."""
    from decisions.practice import rounds

    seen: list[dict[str, Any]] = []
    monkeypatch.setattr(rounds, "record_of", lambda *values: seen.append(record_of(*values)) or seen[-1])
    walk(client)
    client.get(address(SHARE, "record"))

    assert seen[0]["reference"] == "PRACTICE"
    assert seen[0]["decided_by"]["name"] == "You, in practice"
