"""What the steps of the run share: the scan, the people, and what has come of it so far."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from core import clock
from demo.river.steps import StepFailed
from demo.units import AN_HOA, DONG_THANH
from organizations.models import Unit, User
from organizations.selectors import find_unit, posts_of
from organizations.services import actor_for
from workflow.models import WorkItem
from workflow.services import complete

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.models import Actor
    from documents.models import Document
    from exchange.models import Delivery, Dispatch
    from meetings.models import Meeting
    from organizations.models import Post
    from workflow.models import IncomingCase, OutgoingCase

CLERK, CHAIR, OFFICE = "van-thu-an-hoa", "lanh-dao-an-hoa", "chanh-vp-an-hoa"
POLICY, FINANCE, SECRETARY = "truong-ban-cs-an-hoa", "truong-ban-tc-an-hoa", "thu-ky-an-hoa"
WARD_CLERK, WARD_CHAIR, WARD_DEPUTY = "van-thu-dong-thanh", "chu-tich-dong-thanh", "pho-chu-tich-dong-thanh"
OUTSIDER = "van-thu-tan-giang"


class Tale:
    """
    One run: who acts comes from the demo office, what is acted upon grows from step to step.

    `truth` holds the fields of the built-in sample, so that the clerk can correct what was misread; with a paper from
    outside it is empty and the clerk keeps what was read.
    """

    document: Document
    case: IncomingCase
    draft: Document
    outgoing: OutgoingCase
    dispatch: Dispatch
    delivery: Delivery
    below: IncomingCase
    meeting: Meeting
    conclusion_dispatch: Dispatch

    def __init__(self, *, name: str, content: bytes, truth: Mapping[str, Any], is_own: bool) -> None:
        self.name, self.content, self.truth, self.is_own = name, content, truth, is_own
        self.today: date = clock.office_date(clock.now())

    @property
    def office(self) -> Unit:
        """The provincial federation in which the scan arrives."""
        return unit(AN_HOA)

    @property
    def ward(self) -> Unit:
        """The ward union that receives the answer."""
        return unit(DONG_THANH)

    def due(self, days: int) -> date:
        """A deadline some days from now."""
        return self.today + timedelta(days=days)


def unit(code: str) -> Unit:
    """Find a unit of the demo office."""
    return find_unit(code)


@cache
def user(username: str) -> User:
    """Find a person of the demo office."""
    return User.objects.get(username=username)


def post(username: str, unit_code: str | None = None) -> Post:
    """Return the post a person holds, in a unit if they hold several."""
    held = posts_of(user(username), clock.now())
    return next(post for post in held if unit_code is None or post.unit.code == unit_code)


def actor(username: str, unit_code: str | None = None) -> Actor:
    """Let a person act in the post they hold in a unit, otherwise in their first one."""
    return actor_for(user(username), post=post(username, unit_code), channel="command")


def open_item(document: Document, holder_unit: Unit, node: str, **filters: Any) -> WorkItem:
    """Find the one open work item on a paper at a node."""
    rows = WorkItem.objects.filter(document=document, unit=holder_unit, node=node, state="OPEN", **filters)
    item = rows.order_by("id").first()
    if item is None:
        raise StepFailed(f"Không có việc đang mở ở bước “{node}” của {holder_unit.name}.")
    return item


def act(username: str, item: WorkItem, action: str, payload: Mapping[str, Any], *, post_of: str | None = None) -> None:
    """Complete a work item as a person would by its form."""
    complete(
        task_id=item.task_id,
        actor=actor(username, post_of),
        action=action,
        payload=dict(payload),
        expected_version=item.process_version,
        receipt_key=uuid.uuid4(),
    )
