"""The room as Django knows it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Name and key type of the room."""

    name = "demo"
    default_auto_field = "django.db.models.BigAutoField"
