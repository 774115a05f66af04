"""Addresses of sending and tracking."""

from django.urls import path

from exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.Directives.as_view(), name="directives"),
    path("cho-tiep-nhan/", views.Waiting.as_view(), name="waiting"),
    path("cho-tiep-nhan/<int:delivery>/tu-choi/", views.Refuse.as_view(), name="refuse"),
    path("<int:pk>/", views.TrackerPage.as_view(), name="tracker"),
]
