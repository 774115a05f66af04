"""The papers that lie in the demo office from the first day: scans read by the real services, not rows put in place."""

from __future__ import annotations

import hashlib
import io
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import clock
from demo.acting import act, actor, confirm_as, open_item, post, read_now, unit
from demo.scans import make_scan, sample
from demo.units import AN_HOA, DONG_THANH, TOP
from documents.models import Document, DocumentFile
from documents.services.uploads import receive_upload
from exchange.models import Delivery
from exchange.services import issue_dispatch
from workflow.services.incoming import receive_delivery, register_and_start

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 2026
RECIPIENTS_OF_THE_DIRECTIVE = ("LDLD-SL", "LDLD-VH", "CD-SN", "CDN-CD")
"""An Hòa gets it on paper, which `demo_river` scans; Tân Giang never gets it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A sample that arrives on paper at a unit's clerk, and what has been done with it since."""

    key: str
    unit: str
    clerk: str
    goes_on: Callable[[Document, Arrival], None]


def load_papers(say: Callable[[str], None]) -> int:
    """Scan, upload, read and work on the papers that are missing; return how many were new."""
    started = time.monotonic()
    papers = [(arrival, document) for arrival in ARRIVALS if (document := _unfinished(arrival))]
    for arrival, document in papers:
        read_now(document)
        arrival.goes_on(document, arrival)
        say(
            f"  {sample(arrival.key).number_line} tại {unit(arrival.unit).name} ({time.monotonic() - started:.0f} giây)"
        )
    return len(papers)


def _unfinished(arrival: Arrival) -> Document | None:
    """The paper if this run has work to do on it: new, or left unconfirmed by a run that broke off."""
    content = make_scan(sample(arrival.key), seed=SEED)
    files = DocumentFile.objects.system("demo papers are loaded once").select_related("document")
    there = files.filter(sha256=hashlib.sha256(content).hexdigest(), document__owner_unit__code=arrival.unit).first()
    if there is None:
        return _upload(arrival, content)
    is_done = there.document.is_confirmed or arrival.goes_on is _wait_for_the_clerk
    return None if is_done else there.document


def _upload(arrival: Arrival, content: bytes) -> Document:
    received = receive_upload(
        stream=io.BytesIO(content),
        name=sample(arrival.key).file_name,
        unit=unit(arrival.unit),
        actor=actor(arrival.clerk),
        secrecy="none",
    )
    return received.document


def _wait_for_the_clerk(_document: Document, _arrival: Arrival) -> None:
    """Read, not confirmed: it waits on the clerk's list."""


def _confirm(document: Document, arrival: Arrival) -> None:
    """The clerk compares with the paper and confirms what it says."""
    confirm_as(arrival.clerk, document, sample(arrival.key).truth)


def _register(document: Document, arrival: Arrival) -> None:
    """Confirmed and numbered: it waits to be presented."""
    _confirm(document, arrival)
    register_and_start(document=document, unit=unit(arrival.unit), received_at=clock.now(), actor=actor(arrival.clerk))


def _present(document: Document, arrival: Arrival) -> None:
    """Presented: it waits for the leader's direction."""
    _register(document, arrival)
    leader = {TOP: "lanh-dao-tld", AN_HOA: "lanh-dao-an-hoa"}[arrival.unit]
    item = open_item(document, unit(arrival.unit), "present")
    act(arrival.clerk, item, "present", {"leader_post": post(leader), "note": "Kính trình đồng chí."})


def _send_down(document: Document, arrival: Arrival) -> None:
    """The top tier's own directive, signed on paper: sent to the tier below, where Sơn Lâm has received it."""
    _confirm(document, arrival)
    recipients = [unit(code) for code in RECIPIENTS_OF_THE_DIRECTIVE]
    dispatch = issue_dispatch(
        document=document,
        sender=unit(TOP),
        recipients=recipients,
        must_act=True,
        due_date=document.due_date,
        actor=actor(arrival.clerk),
    )
    delivery = Delivery.objects.system("demo story").get(dispatch=dispatch, unit=unit("LDLD-SL"))
    receive_delivery(delivery=delivery, received_at=clock.now(), actor=actor("van-thu-son-lam"))


ARRIVALS = (
    Arrival("01", TOP, "van-thu-tld", _send_down),
    Arrival("12", TOP, "van-thu-tld", _present),
    Arrival("08", AN_HOA, "van-thu-an-hoa", _wait_for_the_clerk),
    Arrival("11", DONG_THANH, "van-thu-dong-thanh", _register),
)
