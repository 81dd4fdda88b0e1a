"""Figures over HTTP: of an organisation, of the partnership, and of a guide version.

They show no decision, so they leave nothing in the access log.
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
    OF_A_QUARTER,
    OF_THE_GUIDE,
    OVER_TIME,
    Cell,
    by_organisation,
    by_quarter,
    cells_everywhere,
    cells_here,
)
from decisions.statistics.figures import Figures, OrganisationQuarter, across, added_up
from decisions.statistics.labels import Wording, wording
from decisions.statistics.report import Section
from decisions.statistics.spreadsheet import as_csv
from decisions.statistics.tables import of_the_guide, sections
from sharingwell.accounts.models import Team
from sharingwell.requests import AuthenticatedRequest

QUARTERS_OVER_TIME = 8


class ShowFigures(View):
    """A form for what to show, in the address, and below it the figures; or the same as CSV."""

    request: AuthenticatedRequest
    template_name: ClassVar[str]
    copy: ClassVar[bool] = False
    figures: Figures

    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        self.check()
        self.words = wording()
        form = self.form(last_complete_quarter(timezone.localdate()))
        if not form.is_valid():
            return render(request, self.template_name, {"form": form}, status=400)
        found = list(self.sections(form))
        if self.copy:
            return self.spreadsheet(form, found)
        context = {"form": form, "quarter": form.chosen_quarter, "sections": found, "figures": self.figures}
        return render(request, self.template_name, context)

    def spreadsheet(self, form: Any, found: Sequence[Section]) -> HttpResponse:
        name = f"sharing-well-{form.chosen_quarter.key}.csv"
        about = [*self.about(form), ("Quarter", str(form.chosen_quarter)), *self.counted()]
        return HttpResponse(
            "\ufeff" + as_csv(about, found),  # by which a spreadsheet knows that it is UTF-8
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def counted(self) -> list[tuple[str, str]]:
        return []

    @abstractmethod
    def check(self) -> None:
        """Raises NotAllowed."""

    @abstractmethod
    def form(self, latest: Quarter) -> QuarterForm: ...

    @abstractmethod
    def sections(self, form: Any) -> Sequence[Section]:
        """What is shown; `figures` are what it is made of."""

    @abstractmethod
    def about(self, form: Any) -> list[tuple[str, str]]:
        """Of what the figures are, for the head of a file."""


class ShowStatistics(ShowFigures):
    """Of the organisation of an IG manager, or one of its teams."""

    template_name = "decisions/statistics/organisation.html"

    def check(self) -> None:
        policies.check_can_see_statistics(self.request.user)

    def form(self, latest: Quarter) -> StatisticsForm:
        self.teams = list(Team.objects.filter(organisation=self.request.user.organisation))
        return StatisticsForm(self.request.GET, latest=latest, teams=self.teams)

    def sections(self, form: StatisticsForm) -> Sequence[Section]:
        order = self.words.order
        quarters = form.chosen_quarter.trailing(QUARTERS_OVER_TIME)
        earlier = by_quarter(cells_here(quarters[0], form.chosen_quarter, OVER_TIME))
        now = cells_here(form.chosen_quarter, form.chosen_quarter, OF_A_QUARTER)

        def of(cells: Sequence[Cell]) -> Figures:
            quarter = OrganisationQuarter(cells, order)
            return quarter.of_team(form.chosen_team) if form.chosen_team else quarter.whole()

        self.figures = of(now)
        over_time = {quarter: of(earlier.get(quarter, [])) for quarter in quarters}
        return list(sections(self.figures, over_time, self.words))

    def about(self, form: StatisticsForm) -> list[tuple[str, str]]:
        names = {team.pk: team.name for team in self.teams}
        return [
            ("Organisation", str(self.request.user.organisation)),
            ("Team", names[form.chosen_team] if form.chosen_team else "All teams"),
        ]


class ShowPartnership(ShowFigures):
    """Of all organisations together, for partnership leads."""

    template_name = "decisions/statistics/partnership.html"

    def check(self) -> None:
        policies.check_can_see_partnership(self.request.user)

    def form(self, latest: Quarter) -> QuarterForm:
        return QuarterForm(self.request.GET, latest=latest)

    def sections(self, form: QuarterForm) -> Sequence[Section]:
        quarters = form.chosen_quarter.trailing(QUARTERS_OVER_TIME)
        earlier = by_quarter(cells_everywhere(quarters[0], form.chosen_quarter, OVER_TIME))
        now = cells_everywhere(form.chosen_quarter, form.chosen_quarter, OF_A_QUARTER)
        self.figures = across(of_each(now, self.words))
        over_time = {quarter: across(of_each(earlier.get(quarter, []), self.words)) for quarter in quarters}
        return list(sections(self.figures, over_time, self.words))

    def about(self, form: QuarterForm) -> list[tuple[str, str]]:
        return [("Organisations", "The partnership")]

    def counted(self) -> list[tuple[str, str]]:
        return [
            ("Organisations counted", str(self.figures.organisations)),
            ("Organisations with too few to count", str(self.figures.too_few)),
        ]


class ShowGuideUse(ShowFigures):
    """How a guide version is used, for guide editors, to improve the next."""

    template_name = "decisions/statistics/guide.html"

    def check(self) -> None:
        policies.check_can_see_guide_use(self.request.user)

    def form(self, latest: Quarter) -> GuideUseForm:
        return GuideUseForm(self.request.GET, latest=latest, versions=self.words.versions)

    def sections(self, form: GuideUseForm) -> Sequence[Section]:
        cells = cells_everywhere(form.chosen_quarter, form.chosen_quarter, OF_THE_GUIDE)
        self.figures = added_up(of_each(cells, self.words))
        return list(of_the_guide(self.figures, form.chosen_version, self.words))

    def about(self, form: GuideUseForm) -> list[tuple[str, str]]:
        return [("Guide version", self.words.versions.get(form.chosen_version, ""))]


def of_each(cells: Sequence[Cell], words: Wording) -> list[Figures]:
    """What each organisation would be shown of itself, and nothing else."""
    order = words.order
    return [OrganisationQuarter(each, order).whole() for each in by_organisation(cells)]
