"""The papers that lie in the demo office from the first day: scans read by the real services, not rows put in place."""

from __future__ import annotations

import hashlib
import io
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import clock
from demo.acting import act, actor, open_item, post, read_now, unit
from demo.scans import make_scan, sample
from demo.units import AN_HOA, DONG_THANH, TOP
from documents.models import Document, DocumentFile
from documents.services.confirmation import confirm_fields
from documents.services.uploads import receive_upload
from exchange.models import Delivery
from exchange.services import issue_dispatch
from workflow.services.incoming import receive_delivery, register_and_start

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 2026
FIELDS = ("issuer", "number", "symbol", "date", "type", "subject", "signer", "due")
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
    new = [(arrival, content) for arrival in ARRIVALS if not _is_there(arrival, content := _scan(arrival))]
    papers = [(arrival, _upload(arrival, content)) for arrival, content in new]
    for arrival, document in papers:
        read_now(document)
        arrival.goes_on(document, arrival)
        say(
            f"  {sample(arrival.key).number_line} tại {unit(arrival.unit).name} ({time.monotonic() - started:.0f} giây)"
        )
    return len(new)


def _scan(arrival: Arrival) -> bytes:
    return make_scan(sample(arrival.key), seed=SEED)


def _is_there(arrival: Arrival, content: bytes) -> bool:
    sha256 = hashlib.sha256(content).hexdigest()
    files = DocumentFile.objects.system("demo papers are loaded once").filter(sha256=sha256)
    return files.filter(document__owner_unit__code=arrival.unit).exists()


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
    document.refresh_from_db()
    truth = sample(arrival.key).truth
    values = {name: truth[name] or None for name in FIELDS}
    confirm_fields(document=document, values=values, actor=actor(arrival.clerk), expected_version=document.version)
    document.refresh_from_db()


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
