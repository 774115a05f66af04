"""The room as Django knows it."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Name and key type of the room."""

    name = "desk"
    default_auto_field = "django.db.models.BigAutoField"
