"""The room as Django knows it."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Name and key type of the room."""

    name = "ui"
    default_auto_field = "django.db.models.BigAutoField"
