from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.content.document import CONTAINER, HEADING, NOTE_REFERENCE, Document, DocumentError, join, split
from guidance.content.schema import Example, Section
from tests.guidance.factories import FIRST_VERSION

FIRST_GUIDE = (FIRST_VERSION / "guide.md").read_text()

words = st.text(alphabet="ab ‘’“”*_[]()<>&#-:.é", min_size=1, max_size=30).map(str.strip).filter(bool)
slugs = st.from_regex(r"[a-z]{1,6}(-[a-z0-9]{1,3}){0,2}", fullmatch=True).filter(
    lambda slug: not slug.startswith("note-") and slug not in {"contents", "main-content", "guide-title"}
)


def is_prose(line: str) -> bool:
    return not (HEADING.match(line) or CONTAINER.match(line) or ":::" in line or NOTE_REFERENCE.search(line))


lines = st.one_of(words.filter(is_prose), st.just(""), words.map("  {}".format).filter(is_prose))
texts = st.lists(lines, max_size=6).map("\n".join).map(lambda text: text.strip("\n"))
some_text = texts.filter(bool)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    anchors = draw(st.lists(slugs, min_size=1, max_size=8, unique=True))
    split_at = draw(st.integers(min_value=1, max_value=len(anchors)))
    section_slugs, example_slugs = anchors[:split_at], anchors[split_at:]
    bodies = {slug: [text] if (text := draw(texts)) else [] for slug in section_slugs}
    examples = []
    for slug in example_slugs:
        section = draw(st.sampled_from(section_slugs))
        prefix = draw(st.sampled_from(["", "- ", "1. ", "  - "]))
        bodies[section].append(f"{prefix}::: example {slug}\n{' ' * len(prefix)}:::")
        examples.append(Example(slug=slug, title=draw(words), body=draw(some_text), section=section))
    examples.sort(key=lambda example: section_slugs.index(example.section))
    return Document(
        draw(words),
        draw(st.one_of(st.just(""), words.filter(is_prose))),
        tuple(
            Section(
                slug=slug,
                title=draw(words),
                level=2 if index == 0 else draw(st.sampled_from([2, 3])),
                body="\n\n".join(bodies[slug]),
            )
            for index, slug in enumerate(section_slugs)
        ),
        tuple(examples),
    )


@given(documents())
def test_splitting_undoes_joining(document: Document) -> None:
    """And so joining undoes splitting."""
    assert split(join(document)) == document


def test_the_first_version_is_written_as_it_was_read() -> None:
    assert join(split(FIRST_GUIDE)) == FIRST_GUIDE


def test_a_section_names_its_examples_and_leaves_their_words_to_them() -> None:
    document = split(FIRST_GUIDE)
    who = next(section for section in document.sections if section.slug == "who-is-asking")
    neighbour = next(example for example in document.examples if example.section == "who-is-asking")

    assert who.body.endswith("- ::: example neighbour-raises-a-concern\n  :::")
    assert neighbour.body.startswith("**For example**, someone genuinely concerned for their neighbour")
    assert "neighbour" not in who.body.replace("neighbour-raises-a-concern", "")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "there is no title"),
        ("# Title\n", 1, "there are no sections"),
        ("## First {#first}\n\n# Title\n", 3, "stands once, on the first line"),
        ("# Title\n\n## No anchor\n", 3, "has no anchor"),
        ("# Title\n\n## {#empty}\n", 3, "“title” is empty"),
        ("# Title\n\n## Odd {#Not An Anchor}\n", 3, "“slug” is “Not An Anchor”"),
        ("# Title\n\n### Below {#below}\n", 3, "a heading level is skipped"),
        ("# Title\n\n## One {#one}\n\n#### Deep {#deep}\n", 5, "headings have two levels"),
        ("# Title\n\n## One {#one}\n\n## Two {#one}\n", 5, "“one” is already used on line 3"),
        ("# Title\n\n## One {#main-content}\n", 3, "taken by the page itself"),
        ("# Title\n\n::: remember\n- a\n:::\n\n## One {#one}\n", 3, "write a heading before it"),
        ('# Title\n\n## One {#one}\n\n::: example e "E"\nWords\n', 5, "is never closed"),
        ("# Title\n\n## One {#one}\n\n::: note 1\nWords\n\n## Two {#two}\n", 5, "is never closed"),
        ("# Title\n\n## One {#one}\n\n::: warning\nWords\n:::\n", 5, "“::: warning” is not known"),
        ("# Title\n\n## One {#one}\n\n::: stand-in a-cat\nWords\n:::\n", 5, "there is no such drawing"),
        ("# Title\n\n## One {#one}\n\n:::\n", 5, "closes nothing"),
        ("# Title\n\n## One {#one}\n\n> ::: remember\n> - a\n", 5, "must stand at the beginning"),
        ("# Title\n\n## One {#one}\n\n::: example e\nWords\n:::\n", 5, "a key and a title"),
        (
            '# Title\n\n## One {#one}\n\n::: example one "E"\nWords\n:::\n',
            5,
            "“one” is already used on line 3",
        ),
        ('# Title\n\n## One {#one}\n\n::: example e "E"\n:::\n', 5, "“body” is empty"),
        ('# Title\n\n## One {#one}\n\n- ::: example e "E"\nWords\n  :::\n', 6, "indent this line"),
        ('# Title\n\n## One {#one}\n\n- ::: example e "E"\n  Words\n:::\n', 7, "indent this “:::”"),
        ("# Title\n\n## One {#one}\n\nSee[^2].\n", 5, "a note that is not there"),
        (
            "# Title\n\n## One {#one}\n\n::: note 1\nA\n:::\n\n::: note 1\nB\n:::\n",
            9,
            "note 1 already stands on line 5",
        ),
        (f"# Title\n\n## {'Long ' * 50}{{#long}}\n", 3, "longer than 200 characters"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(DocumentError) as error:
        split(text)

    assert [problem.line for problem in error.value.problems if words in problem.message] == [line]


def test_everything_wrong_is_named_at_once() -> None:
    with pytest.raises(DocumentError) as error:
        split("# Title\n\n## No anchor\n\n::: warning\n:::\n\n#### Deep {#deep}\n")

    assert [problem.line for problem in error.value.problems] == [3, 5, 8]


def test_an_example_that_stands_nowhere_is_not_written() -> None:
    section = Section(slug="one", title="One", body="Words.")
    example = Example(slug="lost", title="Lost", body="Words.", section="one")

    with pytest.raises(ValueError, match="stands nowhere in the text: lost"):
        join(Document("Title", "", (section,), (example,)))


def test_an_example_that_is_not_there_is_not_written() -> None:
    section = Section(slug="one", title="One", body="::: example gone\n:::")

    with pytest.raises(ValueError, match="names an example that is not there: gone"):
        join(Document("Title", "", (section,), ()))
