"""What the steps of the run share: the scan, the people, and what has come of it so far."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from core import clock
from demo.acting import unit
from demo.units import AN_HOA, DONG_THANH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from documents.models import Document
    from exchange.models import Delivery, Dispatch
    from meetings.models import Meeting
    from organizations.models import Unit
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
