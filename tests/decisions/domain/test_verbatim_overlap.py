from __future__ import annotations

from decisions.domain.verbatim_overlap import names_found, verbatim_passages

SOURCE = "They went into hospital two nights ago, and their room has stood empty since."


def test_eight_consecutive_words_are_found_ignoring_case_and_punctuation() -> None:
    text = (
        "It was said: THEIR room has stood empty since. Before, “their room has stood empty since” she rang."
    )
    assert verbatim_passages(text, [SOURCE]) == ()
    text = "Somebody went in hospital. Two nights ago and THEIR room has stood: empty since! So we rang."
    assert verbatim_passages(text, [SOURCE]) == (
        "hospital. Two nights ago and THEIR room has stood: empty since",
    )


def test_a_retelling_is_not_found() -> None:
    text = "A person was in hospital for two nights and their room stood empty."
    assert verbatim_passages(text, [SOURCE]) == ()
    assert verbatim_passages(text, [text]) != ()


def test_only_whole_references_of_sufficient_length_are_found() -> None:
    assert names_found("See HO 1042, please", ["HO-1042", "a", ""]) == ("HO-1042",)
    assert names_found("See HO-10423", ["HO-1042"]) == ()
