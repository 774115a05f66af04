"""The room as Django knows it."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Name and key type of the room."""

    name = "organizations"
    default_auto_field = "django.db.models.BigAutoField"
