"""Views of statistics for an organisation, the partnership and a guide version.

They show no decision, so no access is logged.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from decisions import policies
from decisions.domain.periods import Quarter, last_complete_quarter
from decisions.forms.statistics import GuideUseForm, QuarterForm, StatisticsForm
from decisions.statistics.counts import (
    GUIDE_TOPICS,
    QUARTER_TOPICS,
    TREND_TOPICS,
    Cell,
    all_cells,
    by_organisation,
    by_quarter,
    organisation_cells,
)
from decisions.statistics.figures import Figures, OrganisationQuarter, sum_across_organisations, sum_figures
from decisions.statistics.labels import Labels, load_labels
from decisions.statistics.report import Section
from decisions.statistics.spreadsheet import as_csv
from decisions.statistics.tables import guide_sections, sections
from sharingwell.accounts.models import Team
from sharingwell.requests import AuthenticatedRequest

TREND_QUARTERS = 8


class ShowFigures(View):
    """Shows a filter form (GET) and the figures below it, or the figures as CSV."""

    request: AuthenticatedRequest
    template_name: ClassVar[str]
    as_file: ClassVar[bool] = False
    figures: Figures

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        self.check()
        self.labels = load_labels()
        form = self.form(last_complete_quarter(timezone.localdate()))
        if not form.is_valid():
            return render(request, self.template_name, {"form": form}, status=400)
        found = list(self.sections(form))
        if self.as_file:
            return self.spreadsheet(form, found)
        context = {"form": form, "quarter": form.chosen_quarter, "sections": found, "figures": self.figures}
        return render(request, self.template_name, context)

    def spreadsheet(self, form: Any, found: Sequence[Section]) -> HttpResponse:
        name = f"sharing-well-{form.chosen_quarter.key}.csv"
        header_rows = [
            *self.header_rows(form),
            ("Quarter", str(form.chosen_quarter)),
            *self.extra_header_rows(),
        ]
        return HttpResponse(
            "\ufeff" + as_csv(header_rows, found),  # byte order mark, for spreadsheets
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def extra_header_rows(self) -> list[tuple[str, str]]:
        return []

    @abstractmethod
    def check(self) -> None:
        """Raises NotAllowed."""

    @abstractmethod
    def form(self, latest: Quarter) -> QuarterForm: ...

    @abstractmethod
    def sections(self, form: Any) -> Sequence[Section]:
        """The tables to show. Sets `figures`."""

    @abstractmethod
    def header_rows(self, form: Any) -> list[tuple[str, str]]:
        """Rows at the head of the CSV file that name its subject."""


class ShowStatistics(ShowFigures):
    """Statistics of an IG manager's organisation, or one of its teams."""

    template_name = "decisions/statistics/organisation.html"

    def check(self) -> None:
        policies.check_can_see_statistics(self.request.user)

    def form(self, latest: Quarter) -> StatisticsForm:
        self.teams = list(Team.objects.filter(organisation=self.request.user.organisation))
        return StatisticsForm(self.request.GET, latest=latest, teams=self.teams)

    def sections(self, form: StatisticsForm) -> Sequence[Section]:
        order = self.labels.order
        quarters = form.chosen_quarter.trailing(TREND_QUARTERS)
        earlier = by_quarter(organisation_cells(quarters[0], form.chosen_quarter, TREND_TOPICS))
        now = organisation_cells(form.chosen_quarter, form.chosen_quarter, QUARTER_TOPICS)

        def figures_of(cells: Sequence[Cell]) -> Figures:
            quarter = OrganisationQuarter(cells, order)
            return quarter.of_team(form.chosen_team) if form.chosen_team else quarter.whole()

        self.figures = figures_of(now)
        over_time = {quarter: figures_of(earlier.get(quarter, [])) for quarter in quarters}
        return list(sections(self.figures, over_time, self.labels))

    def header_rows(self, form: StatisticsForm) -> list[tuple[str, str]]:
        names = {team.pk: team.name for team in self.teams}
        return [
            ("Organisation", str(self.request.user.organisation)),
            ("Team", names[form.chosen_team] if form.chosen_team else "All teams"),
        ]


class ShowPartnership(ShowFigures):
    """Statistics across organisations, for partnership leads."""

    template_name = "decisions/statistics/partnership.html"

    def check(self) -> None:
        policies.check_can_see_partnership(self.request.user)

    def form(self, latest: Quarter) -> QuarterForm:
        return QuarterForm(self.request.GET, latest=latest)

    def sections(self, form: QuarterForm) -> Sequence[Section]:
        quarters = form.chosen_quarter.trailing(TREND_QUARTERS)
        earlier = by_quarter(all_cells(quarters[0], form.chosen_quarter, TREND_TOPICS))
        now = all_cells(form.chosen_quarter, form.chosen_quarter, QUARTER_TOPICS)
        self.figures = sum_across_organisations(figures_by_organisation(now, self.labels))
        over_time = {
            quarter: sum_across_organisations(figures_by_organisation(earlier.get(quarter, []), self.labels))
            for quarter in quarters
        }
        return list(sections(self.figures, over_time, self.labels))

    def header_rows(self, form: QuarterForm) -> list[tuple[str, str]]:
        return [("Organisations", "The partnership")]

    def extra_header_rows(self) -> list[tuple[str, str]]:
        return [
            ("Organisations counted", str(self.figures.organisations)),
            ("Organisations with too few to count", str(self.figures.too_few)),
        ]


class ShowGuideUse(ShowFigures):
    """Usage of a guide version, for guide editors."""

    template_name = "decisions/statistics/guide.html"

    def check(self) -> None:
        policies.check_can_see_guide_use(self.request.user)

    def form(self, latest: Quarter) -> GuideUseForm:
        return GuideUseForm(self.request.GET, latest=latest, versions=self.labels.versions)

    def sections(self, form: GuideUseForm) -> Sequence[Section]:
        cells = all_cells(form.chosen_quarter, form.chosen_quarter, GUIDE_TOPICS)
        self.figures = sum_figures(figures_by_organisation(cells, self.labels))
        return list(guide_sections(self.figures, form.chosen_version, self.labels))

    def header_rows(self, form: GuideUseForm) -> list[tuple[str, str]]:
        return [("Guide version", self.labels.versions.get(form.chosen_version, ""))]


def figures_by_organisation(cells: Sequence[Cell], labels: Labels) -> list[Figures]:
    """Each organisation's figures after suppression."""
    order = labels.order
    return [OrganisationQuarter(each, order).whole() for each in by_organisation(cells)]
