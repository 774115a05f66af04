"""The room as Django knows it."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out


class LiveConfig(AppConfig):
    """Name and key type of the room."""

    name = "live"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Streams end when their person signs out."""
        user_logged_out.connect(ask_again, dispatch_uid="live.ask_again")


def ask_again(user: Any, **_kwargs: Any) -> None:
    """Receiver of `user_logged_out`: the person's streams look at once whether their session lives."""
    from live.services import publish  # models are ready only now

    if user is not None:
        publish(f"user:{user.pk}")
