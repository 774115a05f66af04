"""Who a signed-in person is at a moment: the post they work in, as the audit chain will name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.models import Actor
from core import clock
from organizations.selectors import posts_of

if TYPE_CHECKING:
    from datetime import datetime

    from organizations.models import Post, User


def actor_for(user: User, *, at: datetime | None = None, post: Post | None = None, channel: str = "web") -> Actor:
    """
    The person in one of their posts; without `post` in the main one, without any post as themselves alone.

    :param at: aware datetime; now where it is left out
    """
    held = posts_of(user, at or clock.now())
    return describe(user, choose(held, post.pk if post else None), channel=channel)


def choose(held: list[Post], post_id: int | None) -> Post | None:
    """The wanted post if it is still held, otherwise the first."""
    return next((post for post in held if post.pk == post_id), held[0] if held else None)


def describe(user: User, post: Post | None, *, channel: str = "web") -> Actor:
    """Name, post and unit of the day."""
    if post is None:
        return Actor(user_id=user.pk, name=user.full_name, channel=channel)
    return Actor(
        user_id=user.pk, name=user.full_name, post_id=post.pk, post=post.title,
        unit_id=post.unit_id, unit=post.unit.name, channel=channel,
    )  # fmt: skip


def switch_post(user: User, post_id: int, at: datetime) -> Post | None:
    """The post to work in from now on, or None if the person does not hold it."""
    return next((post for post in posts_of(user, at) if post.pk == post_id), None)


def system_actor(name: str) -> Actor:
    """The office itself, such as its reader of scans."""
    return Actor.system(name)
