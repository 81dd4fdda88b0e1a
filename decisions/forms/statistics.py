"""Filter forms for statistics, read from query parameters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from decisions.domain.periods import Quarter, parse_quarter
from sharingwell.accounts.models import Team
from sharingwell.govuk.forms import ChoiceItem, GovukForm, SelectField

QUARTERS = 12  # offered as choices


class QuarterForm(GovukForm):
    label_size = "s"

    quarter = SelectField(
        label="Quarter",
        items=[],
        required=False,
        error_messages={
            "invalid_choice": "There are no figures for this quarter. Choose one from the list: they are shown once a "
            "quarter is over, for three years."
        },
    )

    def __init__(self, data: Any, *, latest: Quarter) -> None:
        super().__init__(data)
        self.latest = latest
        quarters = reversed(latest.trailing(QUARTERS))
        self.fields["quarter"].items = [ChoiceItem(value=each.key, label=str(each)) for each in quarters]  # type: ignore[attr-defined]

    @property
    def chosen_quarter(self) -> Quarter:
        """The chosen quarter; the latest by default."""
        return parse_quarter(self.cleaned_data.get("quarter", "")) or self.latest


class StatisticsForm(QuarterForm):
    """A quarter, and optionally a team."""

    team = SelectField(
        label="Team",
        items=[],
        required=False,
        error_messages={"invalid_choice": "This is no team of your organisation. Choose one from the list."},
    )

    def __init__(self, data: Any, *, latest: Quarter, teams: Iterable[Team]) -> None:
        super().__init__(data, latest=latest)
        items = [ChoiceItem(value=str(team.pk), label=team.name) for team in teams]
        self.fields["team"].items = [ChoiceItem(value="", label="All teams"), *items]  # type: ignore[attr-defined]

    @property
    def chosen_team(self) -> int | None:
        chosen = self.cleaned_data.get("team", "")
        return int(chosen) if chosen else None


class GuideUseForm(QuarterForm):
    """A quarter and a guide version; the latest version by default."""

    version = SelectField(
        label="Guide version",
        items=[],
        required=False,
        error_messages={"invalid_choice": "This version has not been published. Choose one from the list."},
    )

    def __init__(self, data: Any, *, latest: Quarter, versions: dict[str, str]) -> None:
        super().__init__(data, latest=latest)
        self.fields["version"].items = [  # type: ignore[attr-defined]
            ChoiceItem(value=key, label=name) for key, name in versions.items()
        ]
        self.latest_version = next(iter(versions), "")

    @property
    def chosen_version(self) -> str:
        return self.cleaned_data.get("version") or self.latest_version
