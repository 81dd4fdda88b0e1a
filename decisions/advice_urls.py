from django.urls import path

from decisions.views import advice, advice_lists

app_name = "advice"

urlpatterns = [
    path("", advice_lists.ListWaiting.as_view(), name="mine"),
    path("asked/", advice_lists.ListAsked.as_view(), name="asked"),
    path("queue/", advice_lists.ListQueue.as_view(), name="queue"),
    path("times/", advice_lists.SetTimes.as_view(), name="times"),
    path("<int:key>/", advice.ShowQuestion.as_view(), name="question"),
    path("<int:key>/take/", advice.Take.as_view(), name="take"),
    path("<int:key>/release/", advice.Release.as_view(), name="release"),
    path("<int:key>/hand-on/", advice.HandOn.as_view(), name="hand-on"),
    path("<int:key>/send-back/", advice.SendBack.as_view(), name="send-back"),
    path("<int:key>/answer/", advice.Answer.as_view(), name="answer"),
    path("<int:key>/reply/", advice.Reply.as_view(), name="reply"),
    path("<int:key>/withdraw/", advice.Withdraw.as_view(), name="withdraw"),
    path("<int:key>/followed/", advice.Settle.as_view(), name="settle"),
]
