"""The room as Django knows it."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Name and key type of the room."""

    name = "live"
    default_auto_field = "django.db.models.BigAutoField"
