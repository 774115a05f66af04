"""The room as Django knows it."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Name and key type of the room."""

    name = "meetings"
    default_auto_field = "django.db.models.BigAutoField"
