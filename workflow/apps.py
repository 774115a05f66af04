"""The room as Django knows it."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Name and key type of the room."""

    name = "workflow"
    default_auto_field = "django.db.models.BigAutoField"
