"""Addresses of the search page."""

app_name = "search"
urlpatterns: list[object] = []
