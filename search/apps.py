"""The room as Django knows it."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Name and key type of the room."""

    name = "search"
    default_auto_field = "django.db.models.BigAutoField"
