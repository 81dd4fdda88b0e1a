from django.urls import path, register_converter

from decisions.domain.references import ALPHABET
from decisions.views import (
    access,
    advice,
    decisions,
    disclosure,
    examples,
    follow_up,
    inbox,
    new_round,
    practice,
    recorded,
    retention,
    reviews,
    rounds,
    sharing,
    statistics,
)


class ReferenceConverter:
    """Matches a decision's reference in upper or lower case."""

    regex = rf"[Ss][Ww]-[{ALPHABET}{ALPHABET.lower()}]{{4}}-[{ALPHABET}{ALPHABET.lower()}]{{4}}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(ReferenceConverter, "reference")

app_name = "decisions"

DECISION = "<reference:reference>/"
ROUND = f"{DECISION}rounds/<int:number>/"
CASE = "practice/<slug:case>/"

urlpatterns = [
    path("", decisions.ShowMyDecisions.as_view(), name="mine"),
    path("team/", decisions.ShowTeamDecisions.as_view(), name="team"),
    path("waiting/", inbox.ShowInbox.as_view(), name="inbox"),
    path("new/", decisions.StartDecision.as_view(), name="start"),
    path("urgent/", decisions.RecordUrgently.as_view(), name="urgent"),
    path("practice/", practice.ShowCases.as_view(), name="practice"),
    path(CASE, practice.ShowCase.as_view(), name="practice-case"),
    path(f"{CASE}begin/", practice.BeginCase.as_view(), name="practice-begin"),
    path(f"{CASE}check/", practice.CheckPractice.as_view(), name="practice-check"),
    path(f"{CASE}record/", practice.ShowPracticeRecord.as_view(), name="practice-record"),
    path(f"{CASE}<slug:part>/", practice.AnswerPracticePart.as_view(), name="practice-part"),
    path("retention/", retention.ListDue.as_view(), name="due"),
    path("retention/proposed/", retention.ListProposed.as_view(), name="proposed"),
    path("retention/held/", retention.ListHeld.as_view(), name="held"),
    path("retention/disposed/", retention.ListDisposed.as_view(), name="disposed"),
    path("retention/rules/", retention.SetRules.as_view(), name="rules"),
    path("patterns/", statistics.ShowStatistics.as_view(), name="statistics"),
    path("patterns/figures.csv", statistics.ShowStatistics.as_view(as_file=True), name="statistics-copy"),
    path("patterns/partnership/", statistics.ShowPartnership.as_view(), name="partnership"),
    path(
        "patterns/partnership/figures.csv",
        statistics.ShowPartnership.as_view(as_file=True),
        name="partnership-copy",
    ),
    path("patterns/guide/", statistics.ShowGuideUse.as_view(), name="guide-use"),
    path("patterns/guide/figures.csv", statistics.ShowGuideUse.as_view(as_file=True), name="guide-use-copy"),
    path("subject-access/", disclosure.FindRecords.as_view(), name="subject-access"),
    path("subject-access/<int:key>/", disclosure.ShowSubjectAccess.as_view(), name="subject-access-found"),
    path(
        "subject-access/<int:key>/records.<slug:kind>",
        disclosure.CopySubjectAccess.as_view(),
        name="subject-access-copy",
    ),
    path("reviews/", reviews.ShowReviews.as_view(), name="reviews"),
    path("reviews/sample/", reviews.SetSample.as_view(), name="sample"),
    path("reviews/exports/", reviews.ListExports.as_view(), name="exports"),
    path(DECISION, decisions.ShowDecision.as_view(), name="decision"),
    path(f"{DECISION}description/", decisions.DescribeDecision.as_view(), name="describe"),
    path(f"{DECISION}compare/", decisions.CompareRounds.as_view(), name="compare"),
    path(f"{DECISION}thread.<slug:kind>", decisions.CopyThread.as_view(), name="thread-copy"),
    path(f"{DECISION}follow-up/", follow_up.AddFollowUp.as_view(), name="follow-up"),
    path(f"{DECISION}look-again/", follow_up.MoveLookAgain.as_view(), name="look-again"),
    path(f"{DECISION}look-again.ics", recorded.DownloadCalendar.as_view(), name="calendar"),
    path(f"{DECISION}close/", follow_up.CloseDecision.as_view(), name="close"),
    path(f"{DECISION}share/", sharing.ShareDecision.as_view(), name="share"),
    path(f"{DECISION}share/<int:share>/end/", sharing.EndShare.as_view(), name="end-share"),
    path(f"{DECISION}hand-over/", sharing.HandOverDecision.as_view(), name="hand-over"),
    path(f"{DECISION}access/", access.ShowAccess.as_view(), name="access"),
    path(f"{DECISION}hold/", retention.HoldDecision.as_view(), name="hold"),
    path(f"{DECISION}disposal/", retention.DisposeOfDecision.as_view(), name="disposal"),
    path(f"{DECISION}disclosure/", disclosure.ShowPassages.as_view(), name="disclosure"),
    path(f"{DECISION}disclosure/<str:passage>/", disclosure.MarkPassage.as_view(), name="passage"),
    path(f"{DECISION}again/", new_round.StartNewRound.as_view(), name="again"),
    path(
        f"{DECISION}again/check/",
        new_round.StartNewRoundWithThoughts.as_view(),
        name="again-with-thoughts",
    ),
    path(f"{DECISION}again/<slug:part>/", new_round.StartNewRoundWithAnswers.as_view(), name="again-with"),
    path(ROUND, rounds.ShowRound.as_view(), name="round"),
    path(f"{ROUND}example/", examples.DraftExample.as_view(), name="example"),
    path(f"{ROUND}review/", reviews.ReviewRound.as_view(), name="review"),
    path(f"{ROUND}changed/", new_round.EditWhatChanged.as_view(), name="changed"),
    path(f"{ROUND}keep/", rounds.KeepDraft.as_view(), name="keep-draft"),
    path(f"{ROUND}guide/", rounds.MoveToCurrentGuide.as_view(), name="move-to-current-guide"),
    path(f"{ROUND}discard/", rounds.DiscardDraft.as_view(), name="discard"),
    path(f"{ROUND}advice/", advice.AskAdvice.as_view(), name="ask"),
    path(f"{ROUND}check/", rounds.CheckAnswers.as_view(), name="check"),
    path(f"{ROUND}recorded/", recorded.ShowConfirmation.as_view(), name="recorded"),
    path(f"{ROUND}message/", recorded.ComposeMessage.as_view(), name="message"),
    path(f"{ROUND}record.<slug:kind>", rounds.CopyRecord.as_view(), name="copy"),
    path(f"{ROUND}withhold/", disclosure.ShowPassagesOfDraft.as_view(), name="withhold"),
    path(
        f"{ROUND}withhold/<str:passage>/",
        disclosure.MarkPassageOfDraft.as_view(),
        name="withhold-passage",
    ),
    path(f"{ROUND}urgent/", rounds.RecordDraftUrgently.as_view(), name="urgent-draft"),
    path(f"{ROUND}<slug:part>/", rounds.AnswerPart.as_view(), name="part"),
]
