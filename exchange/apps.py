"""The room as Django knows it."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Name and key type of the room."""

    name = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
