"""Whose stream it is, and what they may watch."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Listener:
    """A signed-in person and those topics they may watch at this moment."""

    user_id: int
    topics: frozenset[str]


@sync_to_async
def find_listener(session_key: str, wanted: Sequence[str]) -> Listener | None:
    """None without a living session: signed out, expired, account closed or password changed."""
    close_old_connections()
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key or None)
    user = get_user(request) if session_key else None
    if user is None or user.pk is None:
        return None
    allowed = import_string(settings.LIVE_LISTENER_POLICY)(user.pk, wanted)
    return Listener(user.pk, frozenset(allowed))
