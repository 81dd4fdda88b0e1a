from django.urls import path, register_converter

from decisions import views
from decisions.references import ReferenceConverter

register_converter(ReferenceConverter, "reference")

app_name = "decisions"
urlpatterns = [
    path("", views.ShowMyDecisions.as_view(), name="mine"),
    path("new/", views.StartDecision.as_view(), name="start"),
    path("<reference:reference>/", views.ShowDecision.as_view(), name="decision"),
    path("<reference:reference>/description/", views.DescribeDecision.as_view(), name="describe"),
    path("<reference:reference>/rounds/<int:number>/", views.ShowRound.as_view(), name="round"),
    path("<reference:reference>/rounds/<int:number>/check/", views.CheckAnswers.as_view(), name="check"),
    path("<reference:reference>/rounds/<int:number>/<slug:part>/", views.AnswerPart.as_view(), name="part"),
]
