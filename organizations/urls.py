"""Addresses below /quan-tri/."""

from django.urls import path

from organizations.views import own

app_name = "organizations"
urlpatterns = [
    path("chuc-danh/", own.switch, name="switch-post"),
]
