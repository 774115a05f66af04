"""The room as Django knows it."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Name and key type of the room."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"
