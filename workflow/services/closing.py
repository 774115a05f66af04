"""A post that work waits for, or comes back to, is not taken away: the work would be nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import ids
from organizations.services.posts import guard_close
from organizations.services.refused import Refused
from workflow.models import IncomingCase, OutgoingCase, WorkItem

if TYPE_CHECKING:
    from organizations.models import Post


class WorkWaits(Refused):
    """The post is needed until its work is done."""

    def __init__(self) -> None:
        super().__init__(
            _("Work waits for this post, or will come back to it. Appoint somebody to it until the work is done.")
        )


@guard_close
def require_idle(post: Post) -> None:
    """:raises WorkWaits: for a post that holds an open task, directs an open case or signs a draft"""
    waiting = WorkItem.objects.filter(holder=ids.post_key(post.pk), state=WorkItem.State.OPEN)
    directed = IncomingCase.plain.filter(leader_post=post, process__is_open=True)
    signed = OutgoingCase.plain.filter(signer_post=post, process__is_open=True)
    if waiting.exists() or directed.exists() or signed.exists():
        raise WorkWaits
