from __future__ import annotations

from collections.abc import Sequence
from cProfile import Profile
from itertools import combinations

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from guidance.content.from_rows import guide_from_rows, text_from_rows
from guidance.content.reader import read_folder
from guidance.content.schema import (
    Condition,
    Consideration,
    Example,
    Option,
    Principle,
    Question,
    Resource,
    Section,
)
from guidance.diff.blocks import blocks_of
from guidance.diff.text import (
    Change,
    Line,
    Lines,
    Unchanged,
    compare_blocks,
    compare_markdown,
    compare_plain,
)
from guidance.diff.versions import (
    Differences,
    EntryDifference,
    GroupDifference,
    GuideText,
    compare,
    longest_increasing,
)
from guidance.models import Consideration as ConsiderationRow
from guidance.models import Question as QuestionRow
from tests.guidance.factories import (
    FIRST_VERSION,
    ExampleFactory,
    GuideVersionFactory,
    SectionFactory,
    load_first_version,
)
from tests.guidance.pages import soup_of, words_of

FIRST = read_folder(FIRST_VERSION)


def marked(lines: Lines) -> list[str]:
    """Compact notation of a difference: {+inserted+}, {-deleted-}, and (3) for three unchanged blocks."""
    signs = {Change.INSERTED: "{{+{}+}}", Change.DELETED: "{{-{}-}}", Change.SAME: "{}"}
    return [
        f"({line.count})"
        if isinstance(line, Unchanged)
        else "".join(
            f"{' ' if run.spaced else ''}{signs[run.change].format(run.text)}" for run in line.runs
        ).strip()
        for line in lines
    ]


def sections(*titles: str, body: str = "Some words.") -> tuple[Section, ...]:
    return tuple(Section(slug=title.lower(), title=title, body=body) for title in titles)


def group(differences: Differences, name: str) -> GroupDifference:
    (found,) = [group for group in differences.groups if group.name == name]
    return found


def only(differences: Differences, name: str) -> EntryDifference:
    """The only difference."""
    assert [group.name for group in differences.changed_groups] == [name]
    (entry,) = group(differences, name).entries
    return entry


class TestWords:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (
                "You should act on it now.",
                "You should act on it today.",
                ["You should act on it {-now-}{+today+}."],
            ),
            ("Act.", "Act. Then record it.", ["Act. {+Then record it.+}"]),
            ("Ask first, then act.", "Then act.", ["{-Ask first, then-} {+Then+} act."]),
            ("One.\n\nTwo.", "One.\n\nTwo.\n\nThree.", ["(2)", "{+Three.+}"]),
            ("One.\n\nTwo.\n\nThree.", "One.\n\nThree.", ["(1)", "{-Two.-}", "(1)"]),
            ("- One\n- Two", "- One\n- Two more", ["(1)", "Two {+more+}"]),
            ("Act **now**.", "Act now.", ["Act {-now-} {+now+}."]),
            (
                "[Read](/a/) it.",
                "[Read](/b/) it.",
                ["Read {-(/a/)-} {+(/b/)+} it."],
            ),
            ("Write to us.", "Write to <us@example.org>.", ["Write to {-us-} {+us@example.org+}."]),
            ("don't wait", "don’t wait", ["{-don't-} {+don’t+} wait"]),
        ],
    )
    def test_what_changed_is_marked_word_by_word(self, old: str, new: str, expected: list[str]) -> None:
        found = [line.replace("-}{+", "-} {+") for line in marked(compare_markdown(old, new))]

        assert found == [line.replace("-}{+", "-} {+") for line in expected]

    def test_a_text_laid_out_otherwise_reads_the_same(self) -> None:
        assert compare_markdown("One\ntwo.\n\n\n* three", "One two.\n\n- three\n") == ()
        assert compare_markdown("One\ntwo.\n\n\n* three", "One two.\n\n- four\n") != ()

    def test_an_example_that_stands_elsewhere_in_the_text_is_named(self) -> None:
        lines = compare_markdown(
            "One.\n\n::: example a\n:::\n\nTwo.", "One.\n\nTwo.", {"a": "The neighbour’s call"}
        )

        assert marked(lines) == ["(1)", "{-Example: The neighbour’s call-}", "(1)"]

    def test_a_paragraph_rewritten_throughout_is_deleted_and_inserted_whole(self) -> None:
        lines = compare_markdown("Wait until you are told.", "Nobody may hold back what helps.")

        assert marked(lines) == ["{-Wait until you are told.-}", "{+Nobody may hold back what helps.+}"]

    def test_words_that_happen_to_agree_do_not_break_up_a_change(self) -> None:
        lines = compare_markdown(
            "Before you share anything, think of the harm of it and write it down.",
            "Before you share anything, ask whether the person knows and write it down.",
        )

        (line,) = marked(lines)
        assert "{-think of the harm of it-} {+ask whether the person knows+}" in line


prose = st.lists(
    st.sampled_from(
        [
            "Share",
            "share",
            "what",
            "is",
            "needed",
            ".",
            ",",
            "**now**",
            "*then*",
            "[here](/x/)",
            "’",
            "<b>",
            "\n\n",
            "\n- ",
            "\n1. ",
            "\n> ",
            "\n::: remember\n",
            "\n:::\n",
            "`a`",
            "[^1]",
            "é",
            "🙂",
        ]
    ),
    max_size=40,
).map(" ".join)


def both(lines: Lines, old: str, new: str) -> tuple[list[str], list[str]]:
    """Old and new text, restored from the difference."""
    before, after = [block.text for block in blocks_of(old)], [block.text for block in blocks_of(new)]
    was: list[str] = []
    now: list[str] = []
    for line in lines:
        if isinstance(line, Unchanged):
            stayed = before[len(was) : len(was) + line.count]
            assert stayed == after[len(now) : len(now) + line.count]
            was += stayed
            now += stayed
        else:
            was += [] if line.change == Change.INSERTED else [line.old]
            now += [] if line.change == Change.DELETED else [line.new]
    return was, now


class TestPropertiesOfWords:
    @given(old=prose, new=prose)
    def test_the_difference_gives_back_both_texts(self, old: str, new: str) -> None:
        lines = compare_markdown(old, new)
        if not lines:
            assert blocks_of(old) == blocks_of(new)
            return
        was, now = both(lines, old, new)

        assert now == [block.text for block in blocks_of(new)]
        assert ["".join(text.split()) for text in was] == [
            "".join(block.text.split()) for block in blocks_of(old)
        ]

    @given(text=prose)
    def test_a_text_does_not_differ_from_itself(self, text: str) -> None:
        assert compare_markdown(text, text) == ()
        assert compare_blocks(blocks_of(text), blocks_of(text)) == ()
        assert compare_plain(text, text) == ()
        assert compare_plain(text, f"{text} more") != ()

    @given(text=st.text(max_size=80))
    def test_any_text_can_be_compared(self, text: str) -> None:
        assert all(isinstance(line, Line) for line in compare_markdown("", text))
        assert "".join(block.text for block in blocks_of(text)) is not None


MOST_CALLS = 20_000_000  # of functions: the same on every machine, as seconds are not


class TestLongTexts:
    LONG = 10_000

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("the " * LONG, "the and " * (LONG // 2)),
            ("word\n\n" * LONG, "other\n\nword\n\n" * (LONG // 2)),
            (" ".join(map(str, range(LONG))), " ".join(map(str, reversed(range(LONG))))),
            (
                "\n\n".join(f"{n} " + "to be or not " * 12 for n in range(400)),
                "\n\n".join(f"{n} " + "to be and not " * 12 for n in range(400)),
            ),
            (
                " ".join(f"a{n} b{n}" for n in range(LONG // 2)),
                " ".join(f"a{n} c{n}" for n in range(LONG // 2)),
            ),
        ],
        ids=["one word", "many paragraphs", "turned round", "each paragraph changed", "every other word"],
    )
    def test_are_compared_in_a_few_million_calls(self, old: str, new: str) -> None:
        with Profile() as profile:
            lines = compare_markdown(old, new)

        assert lines
        assert sum(each.callcount for each in profile.getstats()) < MOST_CALLS

    def test_one_word_changed_in_a_long_text_is_found(self) -> None:
        words = [f"word{n}" for n in range(self.LONG)]
        old = " ".join(words)
        words[2_345] = "changed"
        (line,) = compare_markdown(old, " ".join(words))

        assert isinstance(line, Line)
        assert [run.text for run in line.runs if run.change != Change.SAME] == ["word2345", "changed"]


class TestSections:
    def test_that_stayed_are_counted(self) -> None:
        old = GuideText(sections=sections("One", "Two", "Three"))
        new = GuideText(sections=(*sections("One", "Two"), *sections("Three", body="Other words.")))

        found = group(compare(old, new), "sections")

        assert [entry.key for entry in found.entries] == ["three"]
        assert (found.unchanged, found.changed, found.added, found.removed) == (2, 1, 0, 0)

    def test_that_came_and_went_are_shown_whole_where_they_stand(self) -> None:
        old = GuideText(sections=sections("One", "Two", "Three"))
        new = GuideText(sections=sections("New", "One", "Three"))

        entries = group(compare(old, new), "sections").entries

        assert [(entry.title, entry.status) for entry in entries] == [("New", "added"), ("Two", "removed")]
        assert [marked(text.lines) for entry in entries for text in entry.texts] == [
            ["{+Some words.+}"],
            ["{-Some words.-}"],
        ]

    def test_one_that_moved_says_from_where_to_where(self) -> None:
        old = GuideText(sections=sections("One", "Two", "Three", "Four"))
        new = GuideText(sections=sections("Four", "One", "Two", "Three"))

        entry = only(compare(old, new), "sections")

        assert (entry.title, entry.texts) == ("Four", ())
        assert entry.moved
        assert (entry.moved.after_old, entry.moved.after_new) == ("Three", "")

    def test_one_beside_which_another_came_has_not_moved(self) -> None:
        differences = compare(
            GuideText(sections=sections("One", "Two")), GuideText(sections=sections("New", "One", "Two"))
        )

        assert only(differences, "sections").title == "New"

    def test_a_new_heading_and_its_kind_are_shown(self) -> None:
        old = GuideText(sections=(Section(slug="a", title="What we need", level=2),))
        new = GuideText(sections=(Section(slug="a", title="What we all need", level=3),))

        entry = only(compare(old, new), "sections")

        assert marked(entry.title_lines) == ["What we {+all+} need"]
        assert [(fact.label, fact.old, fact.new) for fact in entry.facts] == [
            ("Kind of heading", "Heading", "Subheading")
        ]

    def test_what_the_guide_is_called_is_compared_too(self) -> None:
        entry = only(
            compare(GuideText(title="Sharing", subtitle="A guide"), GuideText(title="Sharing well")), "front"
        )

        assert marked(entry.title_lines) == ["Sharing {+well+}"]
        assert [(text.label, marked(text.lines)) for text in entry.texts] == [("Subtitle", ["{-A guide-}"])]


class TestMoves:
    @given(st.lists(st.integers(0, 6), unique=True, max_size=7))
    def test_as_few_as_can_be(self, numbers: list[int]) -> None:
        found = [numbers[at] for at in longest_increasing(numbers)]
        longest = next(
            size
            for size in range(len(numbers), -1, -1)
            if any(list(some) == sorted(some) for some in combinations(numbers, size))
        )

        assert found == sorted(found)
        assert len(found) == longest


class TestOtherPieces:
    QUESTION = Question(
        key="what.urgency",
        kind=QuestionRow.Kind.ONE,
        text="How urgent is it?",
        hint="Think of today.",
        options=(Option(key="now", text="Now"), Option(key="days", text="Within days")),
        cites=("section:one",),
    )
    CONSIDERATION = Consideration.model_validate(
        {
            "key": "act-now",
            "part": "what",
            "kind": "think",
            "text": "Act on what you know.",
            "condition": {"all": [{"question": "what.urgency", "is": "now"}]},
            "cites": ["section:one"],
        }
    )

    def asked(self, **changes: object) -> EntryDifference:
        base = GuideText(sections=sections("One", "Two"), questions=(self.QUESTION,))
        changed = self.QUESTION.model_copy(update=changes)
        return only(
            compare(base, GuideText(sections=base.sections, questions=(changed,))),
            "questions",
        )

    def test_the_wording_of_a_question_and_its_hint(self) -> None:
        entry = self.asked(text="How urgent is this?", hint="Think of tomorrow.")

        assert marked(entry.title_lines) == ["How urgent is {-it-} {+this+}?"]
        assert marked(entry.texts[0].lines) == ["Think of {-today-} {+tomorrow+}."]

    @pytest.mark.parametrize(
        ("changes", "fact"),
        [
            ({"required": True}, ("Must be answered", "No", "Yes")),
            ({"beside_previous": True}, ("Beside the question before it", "No", "Yes")),
            ({"kind": QuestionRow.Kind.SEVERAL}, ("Kind", "One choice", "Several choices")),
            ({"max_length": 200}, ("Longest answer", "none", "200 characters")),
            ({"cites": ("section:two",)}, ("Passages beside it", "“One”", "“Two”")),
            ({"cites": ("section:gone",)}, ("Passages beside it", "“One”", "“section:gone”")),
        ],
    )
    def test_each_fact_of_a_question(self, changes: dict[str, object], fact: tuple[str, str, str]) -> None:
        entry = self.asked(**changes)

        assert [(each.label, each.old, each.new) for each in entry.facts] == [fact]
        assert not entry.title_lines + entry.texts
        assert entry.options is None

    def options(self, *options: Option) -> tuple[EntryDifference, ...]:
        found = self.asked(options=options).options
        assert found is not None
        return found.entries

    def test_options_that_came_went_moved_and_read_otherwise(self) -> None:
        now, days = self.QUESTION.options

        (added,) = self.options(now, days, Option(key="never", text="Never"))
        (removed,) = self.options(now)
        (reworded,) = self.options(now, days.model_copy(update={"text": "Within some days"}))
        (moved,) = self.options(days, now)

        assert (added.key, added.status) == ("never", "added")
        assert (removed.key, removed.status) == ("days", "removed")
        assert marked(reworded.title_lines) == ["Within {+some+} days"]
        assert moved.moved is not None

    @pytest.mark.parametrize(
        ("changes", "fact"),
        [
            ({"directions": ("told",)}, ("Offered when", "always", "Someone has told us something")),
            (
                {"category": "special_category"},
                ("What the law makes of it", "Personal data", "Special category data"),
            ),
            ({"exclusive": True}, ("Chosen alone", "No", "Yes")),
            ({"days": 0}, ("Stands for", "none", "0 days from today")),
            ({"reveals": "what.urgency"}, ("Then asks", "none", "“How urgent is it?”")),
        ],
    )
    def test_each_fact_of_an_option(self, changes: dict[str, object], fact: tuple[str, str, str]) -> None:
        now, days = self.QUESTION.options
        (option,) = self.options(now.model_copy(update=changes), days)

        assert [(each.label, each.old, each.new) for each in option.facts] == [fact]

    def test_a_consideration_its_condition_and_its_grounds(self) -> None:
        base = GuideText(
            sections=sections("One", "Two"), questions=(self.QUESTION,), considerations=(self.CONSIDERATION,)
        )
        condition = Condition.model_validate(
            {
                "any": [
                    {"question": "what.urgency", "is_not": "days"},
                    {"question": "direction", "is": "told"},
                    {"question": "who.asking", "unanswered": True},
                ]
            }
        )
        changed = self.CONSIDERATION.model_copy(
            update={
                "text": "Act today on what you know.",
                "kind": ConsiderationRow.Kind.ACT,
                "condition": condition,
                "cites": ("section:two",),
            }
        )
        new = GuideText(sections=base.sections, questions=base.questions, considerations=(changed,))

        entry = only(compare(base, new), "considerations")

        asked, way, told = "“How urgent is it?”", "“Which way it goes”", "Someone has told us something"
        assert entry.title == "Act now"
        assert marked(entry.texts[0].lines) == ["Act {+today+} on what you know."]
        assert [(fact.label, fact.old, fact.new) for fact in entry.facts] == [
            ("Kind", "Think about it", "Act now"),
            (
                "Shown when",
                "“How urgent is it?” is “Now”",
                f"{asked} is not “Within days” or {way} is “{told}” or “who.asking” has no answer",
            ),
            ("Grounded in", "“One”", "“Two”"),
        ]

    def test_a_question_asked_in_better_words_leaves_the_conditions_that_name_it_alone(self) -> None:
        old = GuideText(questions=(self.QUESTION,), considerations=(self.CONSIDERATION,))
        question = self.QUESTION.model_copy(update={"text": "How urgent is the matter?"})

        only(compare(old, GuideText(questions=(question,), considerations=old.considerations)), "questions")

    def test_principles_and_examples(self) -> None:
        old = GuideText(
            sections=sections("One", "Two"),
            principles=(Principle(number=1, title="Justify", explanation="Say why."),),
            examples=(Example(slug="a", title="A call", body="They called.", section="one"),),
        )
        new = GuideText(
            sections=old.sections,
            principles=(Principle(number=1, title="Justify", explanation="Say why you share."),),
            examples=(Example(slug="a", title="A call", body="They called.", section="two"),),
        )
        differences = compare(old, new)

        assert [group.name for group in differences.changed_groups] == ["examples", "principles"]
        (principle,) = group(differences, "principles").entries
        (example,) = group(differences, "examples").entries
        assert marked(principle.texts[0].lines) == ["Say why {+you share+}."]
        assert [(fact.label, fact.old, fact.new) for fact in example.facts] == [
            ("Stands in", "“One”", "“Two”")
        ]

    @pytest.mark.parametrize(
        "changes", [{"title": "The Principles"}, {"url": "https://example.org/principles"}]
    )
    def test_a_resource_keeps_its_place_under_another_title_or_address(self, changes: dict[str, str]) -> None:
        one, two = (
            Resource(title="One", url="https://example.org/1"),
            Resource(title="Two", url="https://example.org/2"),
        )
        differences = compare(
            GuideText(resources=(one, two)), GuideText(resources=(one, two.model_copy(update=changes)))
        )

        assert only(differences, "resources").status == "changed"


class TestWholeGuides:
    def test_a_guide_does_not_differ_from_itself(self) -> None:
        differences = compare(FIRST, FIRST)

        assert not differences
        assert [group.unchanged for group in differences.groups][:4] == [
            1,
            len(FIRST.sections),
            len(FIRST.examples),
            8,
        ]

    @given(
        st.permutations(range(6)),
        st.permutations(range(6)),
        st.integers(0, 6),
        st.integers(0, 6),
        st.sets(st.integers(0, 5)),
    )
    def test_every_section_is_accounted_for_once(
        self, before: Sequence[int], after: Sequence[int], old_size: int, new_size: int, edited: set[int]
    ) -> None:
        old = GuideText(sections=sections(*(f"S{n}" for n in before[:old_size])))
        new = GuideText(
            sections=tuple(
                Section(slug=f"s{n}", title=f"S{n}", body="Other words." if n in edited else "Some words.")
                for n in after[:new_size]
            )
        )
        found = group(compare(old, new), "sections")
        stayed = {f"s{n}" for n in before[:old_size]} & {f"s{n}" for n in after[:new_size]}

        assert found.unchanged + found.changed == len(stayed)
        assert found.added == new_size - len(stayed)
        assert found.removed == old_size - len(stayed)
        assert {entry.key for entry in found.entries if entry.texts and entry.status == "changed"} == {
            key for key in stayed if int(key[1:]) in edited
        }

    @pytest.mark.django_db
    def test_a_stored_version_reads_as_its_folder(self) -> None:
        version = load_first_version()

        assert not compare(FIRST, guide_from_rows(version))
        assert not compare(FIRST, text_from_rows(version))
        assert not compare(text_from_rows(version), FIRST)
        assert len(guide_from_rows(version).sections) == len(FIRST.sections) > 0

    @pytest.mark.django_db
    def test_a_draft_is_compared_as_it_stands_however_broken(self) -> None:
        draft = GuideVersionFactory.create(draft=True, title="", principles_url="nonsense")
        section = SectionFactory.create(version=draft, slug="Not A Slug", title="", body="::: example gone")
        ExampleFactory.create(section=section, body="")
        draft.questions.create(
            part="what", key="what.", kind="text", text="", max_length=9_999_999, cites=["x"], position=1
        )
        for position, condition in enumerate([{}, [], "now", {"all": "x"}, {"all": [1, {"is": 3}]}, 0]):
            draft.considerations.create(
                part="what",
                key=f"k{position}",
                kind="think",
                text="",
                condition=condition,
                cites=[],
                position=position,
            )

        differences = compare(FIRST, text_from_rows(draft))

        assert group(differences, "considerations").added == 6
        assert group(differences, "sections").removed == len(FIRST.sections)
        assert render_to_string("guidance/components/differences.html", {"differences": differences})

    def test_a_key_given_twice_is_two_pieces(self) -> None:
        old = GuideText(sections=sections("One", "One"))

        assert not compare(old, old)
        assert group(compare(old, GuideText(sections=sections("One"))), "sections").removed == 1


def shown(old: GuideText, new: GuideText) -> str:
    return render_to_string("guidance/components/differences.html", {"differences": compare(old, new)})


class TestTheComponent:
    def test_marks_what_came_and_went_for_eye_and_ear(self) -> None:
        soup = soup_of(
            shown(
                GuideText(sections=sections("One", body="Share it now.")),
                GuideText(sections=sections("One", body="Share it today.")),
            )
        )
        (line,) = soup.select(".sw-line")

        assert [ins.get_text() for ins in line.select("ins")] == ["[inserted: today]"]
        assert [gone.get_text() for gone in line.select("del")] == ["[deleted: now]"]
        assert words_of(line) == "Share it [deleted: now] [inserted: today]."

    def test_says_that_nothing_changed(self) -> None:
        assert "Nothing: they read the same" in shown(GuideText(), GuideText())

    def test_shows_script_as_words(self) -> None:
        script = "<script>alert(1)</script>"
        new = GuideText(
            title=script,
            sections=(Section(slug="a", title=script, body=script),),
            resources=(Resource.model_construct(title=script, url=script),),
        )

        soup = soup_of(shown(GuideText(), new))

        assert not soup.select("script")
        assert soup.get_text().replace(" ", "").count(script) >= 4

    def test_a_section_that_moved_is_shown_as_moved(self) -> None:
        soup = soup_of(
            shown(
                GuideText(sections=sections("One", "Two", "Three")),
                GuideText(sections=sections("Three", "One", "Two")),
            )
        )

        assert [words_of(note) for note in soup.select(".sw-difference__moved")] == [
            "Moved from after “Two” to the beginning."
        ]
        assert not soup.select(".sw-difference :is(ins, del)")
