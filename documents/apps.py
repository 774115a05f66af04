"""The room as Django knows it."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Name and key type of the room."""

    name = "documents"
    default_auto_field = "django.db.models.BigAutoField"
