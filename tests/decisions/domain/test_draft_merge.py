"""Merging texts from two pages never overwrites a change its page had not seen."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from decisions.domain.draft_merge import Page, fingerprint, merge

words = st.one_of(st.text(max_size=8), st.lists(st.sampled_from(["health", "money", "where"]), unique=True))
draft = st.dictionaries(st.sampled_from(["what.request", "what.kinds", "changed"]), words)


def opened(kept, *names):
    return Page.opened(names or kept, kept)


def test_other_questions_are_unchanged():
    page = opened({}, "what.request", "what.context")
    merged = merge({"what.context": "Elsewhere"}, {}, {"what.request": "Here", "what.context": ""}, page)
    assert merged.words == {"what.context": "Elsewhere", "what.request": "Here"}
    assert not merged.in_conflict


def test_a_text_changed_in_both_is_a_conflict():
    page = opened({"what.request": "Before"})
    merged = merge({"what.request": "Elsewhere"}, {}, {"what.request": "Here"}, page)
    assert merged.words == {"what.request": "Elsewhere"}
    assert (merged.accepted, merged.in_conflict) == (frozenset(), {"what.request"})


def test_removing_an_answer_is_a_change():
    page = opened({"what.request": "Before"})
    assert merge({"what.request": "Elsewhere"}, {}, {"what.request": ""}, page).in_conflict
    assert merge({}, {}, {"what.request": "Here"}, page).in_conflict
    assert not merge({}, {}, {"what.request": ""}, page).in_conflict


def test_the_same_change_in_both_is_not_a_conflict():
    page = opened({"what.kinds": []}, "what.kinds")
    merged = merge({"what.kinds": ["money", "health"]}, {}, {"what.kinds": ["health", "money"]}, page)
    assert not merged.in_conflict
    assert set(merged.words["what.kinds"]) == {"health", "money"}


def test_a_page_without_confirmation_does_not_conflict_with_itself():
    page = Page("here", 2, opened({}, "what.request").base_fingerprints)
    saved = {"what.request": {"page": "here", "revision": 1}}
    merged = merge({"what.request": "First"}, saved, {"what.request": "First and second"}, page)
    assert merged.words == {"what.request": "First and second"}


def test_a_submission_that_arrives_late_changes_nothing():
    page = Page("here", 1, opened({}, "what.request").base_fingerprints)
    saved = {"what.request": {"page": "here", "revision": 2}}
    merged = merge({"what.request": "First and second"}, saved, {"what.request": "First"}, page)
    assert merged.words == {"what.request": "First and second"}
    assert not merged.in_conflict


def test_without_a_page_all_is_accepted():
    assert merge({"changed": "Before"}, {}, {"changed": "Now"}).words == {"changed": "Now"}


@given(before=draft, elsewhere=draft, here=draft)
def test_nothing_is_ever_lost(before, elsewhere, here):
    """Each text ends up as one of the two; a conflict keeps the stored one and is reported."""
    page = opened(before, "what.request", "what.kinds", "changed")
    merged = merge(elsewhere, {}, here, page)
    for name, sent in here.items():
        stood, was = fingerprint(elsewhere.get(name)), fingerprint(before.get(name))
        now = fingerprint(merged.words.get(name))
        if now != fingerprint(sent):
            assert now == stood
            assert name in merged.in_conflict or fingerprint(sent) == was
        if now != stood:
            assert stood == was


@given(before=draft, here=draft)
def test_a_single_page_never_conflicts(before, here):
    merged = merge(before, {}, here, opened(before, "what.request", "what.kinds", "changed"))
    assert merged.words == {**before, **here}
    assert not merged.in_conflict


@given(st.dictionaries(st.sampled_from(["_page", "_turn", "_seen"]), st.text()))
@example({"_seen": "[" * 100_000})
@example({"_seen": '["a list"]'})
@example({"_page": "with\0nul", "_turn": "-1", "_seen": "null"})
@example({"_page": "x" * 1000, "_turn": "9" * 1000, "_seen": '{"changed": {"deep": 1}}'})
def test_malformed_hidden_fields_are_not_an_error(data):
    page = Page.sent(data)
    assert 0 <= page.revision < 10**9
    assert not page.id or page.id.isprintable()
    merged = merge({}, {}, {"changed": "Now"}, page)
    assert merged.words == {"changed": "Now"} or merged.in_conflict


def test_page_survives_a_round_trip_through_the_form():
    page = opened({"what.request": "Before"})
    sent = {"_page": page.id, "_turn": "3", "_seen": page.base_fingerprints_json}
    assert Page.sent(sent) == Page(page.id, 3, page.base_fingerprints)
    assert "Before" not in json.dumps(sent)
