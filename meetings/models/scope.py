"""Through which units and posts a person meets meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import clock, ids
from organizations.policies import reader_tokens

if TYPE_CHECKING:
    from organizations.models import User


@dataclass(frozen=True, slots=True)
class MeetingScope:
    """The units and posts through which a person meets meetings."""

    office_units: frozenset[int]
    staff_units: frozenset[int]
    posts: frozenset[int]


def meeting_scope(user: User) -> MeetingScope:
    """Read the scope off the person's tokens, so that deputies and lapsed posts follow the one rule."""
    tokens = reader_tokens(user, clock.now())
    offices = {ids.unit_of_token(token) for token in tokens if ":office@" in token}
    staff = {ids.unit_of_token(token) for token in tokens if token.startswith("unit:")}
    posts = {int(token.removeprefix("post:")) for token in tokens if token.startswith("post:")}
    return MeetingScope(frozenset(offices), frozenset(staff), frozenset(posts))
