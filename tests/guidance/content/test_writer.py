"""Round trip of a version through its folder."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import DrawFn, SearchStrategy, booleans, composite, dates, integers, lists, sets
from hypothesis.strategies import sampled_from as one_of_these
from hypothesis.strategies import text as any_text

from guidance.choices import Direction, Part
from guidance.content.from_rows import draft_from_rows, guide_from_rows
from guidance.content.reader import read_folder
from guidance.content.schema import (
    Condition,
    Consideration,
    DraftGuide,
    Example,
    Guide,
    Message,
    Option,
    OptionWording,
    Principle,
    Question,
    QuestionWording,
    Resource,
    Section,
    Wording,
)
from guidance.content.writer import write_folder
from guidance.editing.drafts import read_draft
from guidance.editing.loading import VersionTaken, load_draft, load_guide
from guidance.models import GuideVersion
from guidance.models import Option as OptionRow
from guidance.models import Question as QuestionRow
from tests.guidance.factories import FIRST_VERSION, GuideVersionFactory

Kind = QuestionRow.Kind
AWKWARD = [
    ": ", "#", " #", "- ", "'", '"', "“", "”", "{", "}", "[^", "%", "&", "*", "!", "|", ">", "@", "`", "\\", "no",
    "null", "~", "2026-03-20", "1e3", "0x1f", "<script>", "</div>", "\t", "  ", "é", "e\u0301", "日本", "🙂", "\u00a0",
    "\u2028", "\ufeff", "\u200b", "?", "---", "...",
]  # fmt: skip
PIECES = [*"abcdefgh   XYZ.,;", *AWKWARD]
STANDS_FOR = {chr(0xE000 + number): piece for number, piece in enumerate(PIECES)}
EVERY = list(Direction)
NO_BRACES = str.maketrans("{}", "()")  # of messages: they are placeholders


def words(min_size: int, max_size: int) -> SearchStrategy[str]:
    """So many words, each drawn as one letter, which is cheaper to draw."""
    letters = any_text(sorted(STANDS_FOR), min_size=min_size, max_size=max_size)
    return letters.map(lambda text: "".join(STANDS_FOR[letter] for letter in text))


@cache
def lines() -> SearchStrategy[str]:
    """One line, as the schema's `Line` holds."""
    return words(1, 20).map(lambda line: f"x{line}".strip().strip("\ufeff").strip()[:150].strip())


@cache
def bodies() -> SearchStrategy[str]:
    """Markdown paragraphs, without surrounding empty lines."""
    line = one_of_these(
        ["", "- item", "  - below", "> quote", "1. one", "**bold** *it*", "[a](#)", "    deep"]
    )
    return lists(line | lines().map(lambda text: f" {text}" if len(text) % 2 else text), max_size=8).map(
        trimmed
    )


def trimmed(rows: list[str]) -> str:
    while rows and not rows[0].strip():
        rows = rows[1:]
    while rows and not rows[-1].strip():
        rows = rows[:-1]
    return "\n".join(rows)


@cache
def texts() -> SearchStrategy[str]:
    """Any text that YAML can hold, with leading and trailing spaces."""
    return lists(
        lines() | one_of_these(["", "  indented", "trailing  ", "\ttab"]), min_size=1, max_size=5
    ).map(lambda rows: "\n".join(rows) or "x")


@cache
def long_texts() -> SearchStrategy[str]:
    """Texts that are folded in a file."""
    return words(100, 250).map(lambda text: f"x{' '.join(text.split())}x")


@composite
def wordings(draw: DrawFn, shape: type[Wording]) -> dict[Direction, Wording]:
    directions = draw(lists(one_of_these(EVERY), unique=True))
    said = sets(one_of_these(list(shape.model_fields)), min_size=1).map(sorted)
    return {each: shape(**{name: draw(lines()) for name in draw(said)}) for each in directions}


@composite
def options(draw: DrawFn, kind: Kind, key: str) -> Option:
    return Option(
        key=key,
        text=draw(lines()),
        hint=draw(one_of_these([""]) | lines()),
        directions=tuple(draw(lists(one_of_these(EVERY), unique=True))) if kind != Kind.ONE else (),
        category=draw(one_of_these(list(OptionRow.Category))),
        exclusive=draw(booleans()) if kind == Kind.SEVERAL else False,
        days=draw(integers(0, 3_660)) if kind == Kind.DATE else None,
        wording=draw(wordings(OptionWording)),
    )


@composite
def questions(draw: DrawFn, key: str, kind: Kind, cites: list[str], *, required: bool = False) -> Question:
    offered = [] if kind == Kind.TEXT else [f"option-{n}" for n in range(draw(integers(1, 3)))]
    return Question(
        key=key,
        kind=kind,
        text=draw(lines()),
        hint=draw(one_of_these([""]) | texts() | long_texts()),
        statement=draw(one_of_these([""]) | lines()),
        required=required or draw(booleans()),
        beside_previous=draw(booleans()),
        max_length=draw(integers(1, 20_000)) if kind == Kind.TEXT else None,
        options=tuple(draw(options(kind, option)) for option in offered),
        wording=draw(wordings(QuestionWording)),
        cites=tuple(draw(lists(one_of_these(cites), max_size=3))),
    )


@composite
def text_of_guides(draw: DrawFn) -> tuple[tuple[Section, ...], tuple[Example, ...]]:
    sections, examples = [], []
    for number in range(draw(integers(1, 4))):
        slug = f"section-{number}"
        pieces = [draw(bodies())]
        for at in range(draw(integers(0, 2))):
            example = f"example-{number}-{at}"
            prefix = draw(one_of_these(["", "- ", "1. ", "  - "]))
            body = draw(bodies()) or "Something."
            examples.append(Example(slug=example, title=draw(lines()), body=body, section=slug))
            pieces += ["", f"{prefix}::: example {example}", f"{' ' * len(prefix)}:::"]
        pieces += draw(one_of_these([[], ["", "::: remember", "- Act", ":::"], ["", "::: resources", ":::"]]))
        sections.append(
            Section(
                slug=slug,
                title=draw(lines()),
                level=draw(one_of_these([2, 3])) if number else 2,
                body=trimmed("\n".join(pieces).split("\n")),
            )
        )
    return tuple(sections), tuple(examples)


@composite
def guides(draw: DrawFn) -> Guide:
    sections, examples = draw(text_of_guides())
    principles = tuple(
        Principle(number=number, title=draw(lines()), explanation=draw(texts() | long_texts()))
        for number in sorted(draw(lists(integers(1, 99), unique=True, max_size=3)))
    )
    cites = [
        *(f"section:{each.slug}" for each in sections),
        *(f"example:{each.slug}" for each in examples),
        *(f"principle:{each.number}" for each in principles),
    ]
    asked = [
        draw(questions(f"{part}.question_{number}", draw(one_of_these(list(Kind))), cites))
        for part in Part
        for number in range(draw(integers(0, 2)))
    ]
    asked += [
        draw(questions("decide.outcome", Kind.ONE, cites, required=True)),
        draw(questions("decide.reasoning", Kind.TEXT, cites, required=True)),
    ]
    asked = [
        each.model_copy(update={"required": True}) if each.key.startswith("decide.") else each
        for each in asked
    ]
    conditions = [
        {"all": [{"question": "direction", "is": "told"}]},
        {"any": [{"question": "decide.reasoning", "unanswered": True}]},
        {
            "all": [{"question": "direction", "is_not": "ask"}],
            "any": [{"question": "decide.outcome", "is": "option-0"}],
        },
    ]
    considerations = tuple(
        Consideration(
            key=f"consideration-{part}",
            part=part,
            kind=draw(one_of_these(["think", "act", "advice"])),
            text=draw(texts() | long_texts()),
            condition=Condition.model_validate(draw(one_of_these(conditions))),
            cites=tuple(draw(lists(one_of_these(cites), min_size=1, max_size=5))),
        )
        for part in Part
        if draw(booleans())
    )
    return Guide(
        date=draw(dates(datetime.date(2000, 1, 1), datetime.date(2199, 12, 31))),
        significance=draw(one_of_these(list(GuideVersion.Significance))),
        change_note=draw(texts() | long_texts()),
        title=draw(lines()),
        subtitle=draw(one_of_these([""]) | lines()),
        sections=sections,
        examples=examples,
        principles_url="https://example.org/principles?a=1&b=%20#c",
        principles=principles,
        resources=tuple(
            Resource(title=draw(lines()), url="https://example.org/") for _ in range(draw(integers(0, 2)))
        ),
        questions=tuple(asked),
        considerations=considerations,
        messages=tuple(
            Message(
                key=f"message-{number}",
                title=draw(lines()),
                text=draw(texts() | long_texts()).translate(NO_BRACES),
                condition=Condition.model_validate(draw(one_of_these(conditions))),
            )
            for number in range(draw(integers(0, 2)))
        ),
    )


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(guide=guides())
def test_what_is_written_to_a_folder_reads_the_same(guide: Guide) -> None:
    with TemporaryDirectory() as name:
        write_folder(guide, Path(name))
        assert read_folder(Path(name)) == guide


@pytest.mark.django_db
@settings(
    max_examples=10,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
@given(guide=guides())
def test_what_is_loaded_and_dumped_is_the_same(guide: Guide) -> None:
    with TemporaryDirectory() as name:
        write_folder(guide, Path(name) / "written")
        version = GuideVersion.objects.filter(date=guide.date).first()
        if version:  # of an example before this one
            return
        load_guide(Path(name) / "written", today=datetime.date.max)
        call_command("dump_guide", f"{guide.date}", Path(name) / "dumped", verbosity=0, stdout=_Silence())
        for file in (Path(name) / "written").iterdir():
            assert (Path(name) / "dumped" / file.name).read_text() == file.read_text()
        asked_for_later: dict[str, Any] = {"date": None, "significance": None, "change_note": ""}
        draft = load_draft(DraftGuide(**{**dict(guide), **asked_for_later})).version
        call_command("dump_guide", f"{draft.pk}", Path(name) / "draft", "--draft", stdout=_Silence())
        again = load_guide(Path(name) / "draft", as_draft=True).version
        assert draft_from_rows(again) == draft_from_rows(draft)


class _Silence:
    def write(self, text: str) -> None:
        pass


class TestTheFirstVersion:
    def test_comes_out_equal_in_content(self, guide: GuideVersion, tmp_path: Path) -> None:
        call_command("dump_guide", "2026-03-20", tmp_path / "dumped", stdout=_Silence())

        for file in FIRST_VERSION.iterdir():
            dumped = (tmp_path / "dumped" / file.name).read_text()
            if file.suffix == ".md":
                assert dumped == file.read_text()
            else:
                assert yaml.load(dumped, yaml.BaseLoader) == yaml.load(file.read_text(), yaml.BaseLoader)

    def test_reads_well(self, guide: GuideVersion, tmp_path: Path) -> None:
        call_command("dump_guide", "2026-03-20", tmp_path, stdout=_Silence())
        questions = (tmp_path / "questions.yaml").read_text()

        assert "  - key: what.urgency\n    kind: one\n    text: How urgent is the matter?\n" in questions
        assert max(map(len, questions.split("\n"))) <= 130


class TestTheCommand:
    def test_names_the_dates_there_are(self, guide: GuideVersion, tmp_path: Path) -> None:
        with pytest.raises(
            CommandError, match=r"no published version of 2026-03-21. There are: 2026-03-20\."
        ):
            call_command("dump_guide", "2026-03-21", tmp_path / "new")
        assert not (tmp_path / "new").exists()

    def test_overwrites_nothing(self, guide: GuideVersion, tmp_path: Path) -> None:
        (tmp_path / "mine.txt").write_text("mine")
        with pytest.raises(CommandError, match="is there already and is not an empty folder"):
            call_command("dump_guide", "2026-03-20", tmp_path)
        assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]

    def test_says_what_is_no_date(self, db: None, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="“yesterday” is not a date such as 2026-03-20"):
            call_command("dump_guide", "yesterday", tmp_path / "new")


@pytest.mark.django_db
class TestLoadingAsADraft:
    def test_keeps_it_for_the_editors(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("load_guide", folder, "--draft")

        draft = GuideVersion.objects.get()
        assert capsys.readouterr().out == f"Loaded as draft {draft.pk}: Sharing well, 20 March 2026.\n"
        assert not draft.is_published
        assert read_draft(draft).errors == ()
        assert guide_from_rows(draft) == read_folder(folder)

    def test_refuses_a_date_that_is_published(self, guide: GuideVersion, folder: Path) -> None:
        with pytest.raises(VersionTaken, match="The guide of 20 March 2026 is already published"):
            load_guide(folder, as_draft=True)
        assert GuideVersion.objects.count() == 1

    def test_refuses_the_date_of_another_draft(self, folder: Path) -> None:
        GuideVersionFactory.create(draft=True, date=datetime.date(2026, 3, 20))
        with pytest.raises(VersionTaken, match="There is a draft dated 20 March 2026"):
            load_guide(folder, as_draft=True)
        assert GuideVersion.objects.count() == 1


class TestDumpingADraft:
    def test_lets_it_be_reviewed_as_files_and_loaded_again(
        self, draft: GuideVersion, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        section = draft.sections.get(slug="why")
        section.body += "\n\nOther words."
        section.save()

        call_command("dump_guide", f"{draft.pk}", tmp_path / "draft", "--draft")
        call_command("load_guide", tmp_path / "draft", "--draft")

        again = GuideVersion.objects.order_by("pk").last()
        assert again is not None
        assert again.pk != draft.pk
        assert draft_from_rows(again) == draft_from_rows(draft)
        assert "Other words." in (tmp_path / "draft" / "guide.md").read_text()
        assert f"Loaded as draft {again.pk}: Sharing well, draft without a date." in capsys.readouterr().out

    def test_says_what_files_cannot_hold(self, draft: GuideVersion, tmp_path: Path) -> None:
        draft.questions.filter(key="what.urgency").update(cites=["section:nowhere"])
        draft.sections.filter(slug="why").update(body="## A heading inside")

        with pytest.raises(CommandError) as refusal:
            call_command("dump_guide", f"{draft.pk}", tmp_path / "draft", "--draft")

        assert "question “How urgent is the matter?”: “section:nowhere” leads nowhere" in str(refusal.value)
        assert "section “Why?”: Line 1: a heading is a section of its own" in str(refusal.value)
        assert not (tmp_path / "draft").exists()

    def test_names_the_drafts_there_are(
        self, guide: GuideVersion, draft: GuideVersion, tmp_path: Path
    ) -> None:
        known = (
            rf"There is no draft {guide.pk}\. There are: {draft.pk} \(Sharing well, draft without a date\)\."
        )
        with pytest.raises(CommandError, match=known):
            call_command("dump_guide", f"{guide.pk}", tmp_path / "draft", "--draft")

    def test_cannot_be_published_without_what_is_asked_for_on_publishing(
        self, draft: GuideVersion, tmp_path: Path
    ) -> None:
        call_command("dump_guide", f"{draft.pk}", tmp_path / "draft", "--draft", stdout=_Silence())

        with pytest.raises(CommandError, match=r"version\.yaml, line 1: “date” is missing"):
            call_command("load_guide", tmp_path / "draft")
