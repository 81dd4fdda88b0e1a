from django.urls import path

from decisions.views import advice, advice_lists, advice_steps

app_name = "advice"

urlpatterns = [
    path("", advice_lists.ListWaiting.as_view(), name="mine"),
    path("asked/", advice_lists.ListAsked.as_view(), name="asked"),
    path("queue/", advice_lists.ListQueue.as_view(), name="queue"),
    path("times/", advice_lists.SetAdviceTarget.as_view(), name="times"),
    path("<int:key>/", advice.ShowQuestion.as_view(), name="question"),
    path("<int:key>/take/", advice_steps.TakeQuestion.as_view(), name="take"),
    path("<int:key>/release/", advice_steps.ReleaseQuestion.as_view(), name="release"),
    path("<int:key>/hand-on/", advice_steps.HandOnQuestion.as_view(), name="hand-on"),
    path("<int:key>/send-back/", advice_steps.SendBackQuestion.as_view(), name="send-back"),
    path("<int:key>/answer/", advice_steps.AnswerAdviser.as_view(), name="answer"),
    path("<int:key>/reply/", advice_steps.ReplyToQuestion.as_view(), name="reply"),
    path("<int:key>/withdraw/", advice_steps.WithdrawQuestion.as_view(), name="withdraw"),
    path("<int:key>/followed/", advice_steps.SettleAdvice.as_view(), name="settle"),
]
