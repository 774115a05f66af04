"""Addresses of the search page, and of what belongs to it."""

from django.urls import path

from search import views
from search.pages import exports, upkeep

app_name = "search"
urlpatterns = [
    path("", views.SearchPage.as_view(), name="page"),
    path("xuat/<str:kind>/", exports.Export.as_view(), name="export"),
    path("chi-muc/", upkeep.Health.as_view(), name="health"),
    path("chi-muc/lap-lai/", upkeep.Rebuild.as_view(), name="rebuild"),
]
