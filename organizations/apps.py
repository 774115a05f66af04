"""The room as Django knows it."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """People, units, posts."""

    name = "organizations"
    default_auto_field = "django.db.models.BigAutoField"
