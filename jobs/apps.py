"""The room as Django knows it."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Name and key type of the room."""

    name = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
