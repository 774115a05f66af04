"""Who may hear that something changed: the question that `live` cannot answer itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import clock
from documents.models import Document
from exchange.models import Dispatch
from meetings.models import Meeting
from organizations.models import User
from organizations.policies import holder_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model

VISIBLE: dict[str, type[Model]] = {"document": Document, "meeting": Meeting, "dispatch": Dispatch}


def allowed_topics(user_id: int, topics: Iterable[str]) -> set[str]:
    """Those of `topics` that the person may watch now: rows they may see, keys they hold."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return set()
    keys = {f"holder:{key}" for key in holder_keys(user, clock.now())}
    return {topic for topic in topics if topic in keys or _is_visible(user, topic)}


def _is_visible(user: User, topic: str) -> bool:
    kind, _sep, number = topic.partition(":")
    model = VISIBLE.get(kind)
    if model is None or not number.isdecimal():
        return False
    visible: Callable[..., bool] = model.objects.visible_to(user).filter(pk=int(number)).exists  # type: ignore[attr-defined]
    return visible()
