"""Addresses of the search page."""

from django.urls import path

from search import views

app_name = "search"
urlpatterns = [path("", views.SearchPage.as_view(), name="page")]
