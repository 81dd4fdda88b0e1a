"""Every format has the same facts as the page, for any text."""

import io
import json
from pathlib import Path

import jsonschema
import pypdf
import pytest

from decisions import actions
from decisions.record.export import as_json, as_pdf, as_text, chapters, digest
from tests.decisions.factories import ENOUGH_TO_RECORD, recorded_round
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of, page

pytestmark = pytest.mark.usefixtures("guide_throughout")

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs" / "record.schema.json").read_text())
TYPST = '#panic("stop") $x^2$ *bold* _it_ @label <label> [brackets] \\ #{1 + 1} // gone /* gone */ `raw` "quotes" ~'


@pytest.fixture
def round(guide):
    return recorded_round(
        summary="Ward asks if the room is held",
        case_reference="HO-1042",
        answers={
            "what.request": "Whether the room is held.\n\nUntil when, and where.",
            "what.kinds": ["health", "whereabouts"],
            "what.urgency": "now",
            "decide.shared_on": "2026-01-02",
            "why.purpose": TYPST,
        },
    )


def squeezed(text):
    """The text without its spaces and breaks, as lines of a page break anywhere."""
    return "".join(text.replace("\N{ZERO WIDTH SPACE}", "").split())


def text_of_pdf(content):
    return "".join(read.extract_text() for read in pypdf.PdfReader(io.BytesIO(content)).pages)


def facts(record):
    return [
        text for chapter in chapters(record) for line in chapter.lines for text in (line.name, *line.values)
    ]


def test_every_copy_has_the_same_facts_as_the_page(client, round):
    client.force_login(round.author)
    read = page(client.get(round.get_absolute_url())).select_one("main").get_text()
    copies = {
        "page": read,
        "txt": content_of(client.get(f"{round.get_absolute_url()}record.txt")),
        "pdf": text_of_pdf(client.get(f"{round.get_absolute_url()}record.pdf").content),
    }
    assert len(facts(round.record)) > 60
    for name, copy in copies.items():
        squeezed_copy = squeezed(copy)
        for fact in facts(round.record):
            assert squeezed(fact) in squeezed_copy, (name, fact)


def test_every_copy_leads_with_the_decision_and_ends_with_the_digest(client, round):
    client.force_login(round.author)
    read = page(client.get(round.get_absolute_url())).select_one("main").get_text()
    order = [
        ENOUGH_TO_RECORD["decide.reasoning"],
        "2 January 2026",
        "Whether the room is held.",
        "Not answered",
        digest(round.record),
    ]
    for copy in [read, as_text(round.record), text_of_pdf(as_pdf(round.record))]:
        places = [squeezed(copy).lower().index(squeezed(words).lower()) for words in order]
        assert places == sorted(places)
    unanswered = as_text(round.record).split("NOT ANSWERED")[1].split("DIGEST")[0]
    assert len(unanswered.split("\n")) == 6  # its heading, how many, and one line


def test_a_record_made_before_reads_as_before():
    answers = [
        {"key": "decide.outcome", "kind": "one", "question": "What was decided then?", "answer": ["Share"]},
        {"key": "decide.reasoning", "kind": "text", "question": "Why then?", "answer": ["They asked."]},
        {"key": "decide.gone", "kind": "text", "question": "A question no more?", "answer": ["Its answer"]},
        {"key": "decide.open", "kind": "text", "question": "Open then?", "answer": []},
    ]
    record = {
        "format": 1,
        "reference": "SW-2345-6789",
        "round": 1,
        "summary": "A ward asks",
        "organisation": "Northmoor",
        "team": "Housing",
        "direction": "We were asked",
        "changed": "",
        "case_reference": "",
        "urgent": False,
        "recorded_afterwards": False,
        "categories": [],
        "guide": {"date": "2026-03-20", "title": "Sharing well"},
        "decided_by": {"name": "Robin", "job_title": "", "team": "Housing", "organisation": "Northmoor"},
        "started_at": "2026-04-01T09:00:00+00:00",
        "recorded_at": "2026-04-01T09:30:00+00:00",
        "parts": [
            {
                "part": "decide",
                "title": "Decide",
                "answers": [{**answer, "identifier_needed": ""} for answer in answers],
            }
        ],
        "considerations": [
            {"key": "old", "kind": "Think about it", "text": "Is it so?", "passages": [], "thought": "It is."}
        ],
    }
    text = as_text(record)
    for words in [
        "What was decided then?\n  Share\n",
        "Why then?\n  They asked.\n",
        "A question no more?\n  Its answer\n",
        "1 question\n  Open then?\n",
        "Is it so?\n  Noted: It is.\n",
        "1 April 2026, 10:30",
        "c04783cc52883c13b79d26f3e76589fd701da77a38b1a57a3ddc2b26641faa27",
    ]:
        assert words in text, words
    assert pypdf.PdfReader(io.BytesIO(as_pdf(record))).pages


def test_the_whole_decision_has_a_pdf(client, round):
    actions.add_follow_up(by=round.author, decision=round.decision, kind="received", note="They rang back.")
    client.force_login(round.author)
    response = client.get(f"{round.decision.get_absolute_url()}thread.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    text = squeezed(text_of_pdf(response.content))
    order = [
        "The decision as it stands: round 1",
        ENOUGH_TO_RECORD["decide.reasoning"],
        "Round 1: The decision",
        "They rang back.",
    ]
    places = [text.index(squeezed(words)) for words in order]
    assert places == sorted(places)


def test_json_is_the_record_with_its_digest_and_follows_its_schema(client, round):
    client.force_login(round.author)
    content = client.get(f"{round.get_absolute_url()}record.json").json()
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(content, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert content == {**round.record, "digest": digest(round.record)}


def test_digest_changes_with_any_word(round):
    changed = {**round.record, "summary": round.record["summary"] + "."}
    assert digest(changed) != digest(round.record)
    assert digest(json.loads(json.dumps(round.record))) == digest(round.record)


def test_text_that_looks_like_typst_is_text(round):
    assert squeezed(TYPST) in squeezed(text_of_pdf(as_pdf(round.record)))


@pytest.mark.parametrize(
    "words",
    [
        "שלום עולם",
        "مرحبا",
        "👩‍👩‍👧 help 🏠",
        "ẞ œ ﬁ ½ …",
        "x" * 4000,
        "word " * 4000,
        "- a\n- b\n\n\n= c",
        "<b>&amp;</b>",
    ],
    ids=["hebrew", "arabic", "emoji", "ligatures", "one long word", "20,000 characters", "lists", "markup"],
)
def test_any_text_can_be_exported_in_every_format(round, words):
    record = json.loads(json.dumps(round.record))
    record["parts"][0]["answers"][0]["answer"] = [words]
    assert pypdf.PdfReader(io.BytesIO(as_pdf(record))).pages
    assert squeezed(words) in squeezed(as_text(record))
    assert json.loads(as_json(record))["parts"][0]["answers"][0]["answer"] == [words]


def test_pdf_is_tagged_for_assistive_technology(round):
    reader = pypdf.PdfReader(io.BytesIO(as_pdf(round.record)))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] is True or catalogue["/MarkInfo"]["/Marked"].value
    assert catalogue["/Lang"] == "en-GB"
    assert "/StructTreeRoot" in catalogue
    assert reader.metadata.title.startswith(round.decision.reference)


class TestWhoGetsACopy:
    @pytest.mark.parametrize("kind", ["pdf", "txt", "json"])
    def test_nobody_who_may_not_read_the_round(self, client, round, kind):
        client.force_login(PersonFactory(team=round.author.team))
        assert client.get(f"{round.get_absolute_url()}record.{kind}").status_code == 404

    @pytest.mark.parametrize("kind", ["pdf", "txt", "json"])
    def test_the_organisations_ig_manager(self, client, round, kind):
        client.force_login(PersonFactory(roles=["ig_manager"], team=round.author.team))
        response = client.get(f"{round.get_absolute_url()}record.{kind}")
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]

    def test_there_is_no_other_kind(self, client, round):
        client.force_login(round.author)
        assert client.get(f"{round.get_absolute_url()}record.doc").status_code == 404
