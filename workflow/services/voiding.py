"""
Cases that end before their time: with an arrival number that is struck out, only if nothing was forwarded (domain.md 15); and
with a paper that turns out to be secret (domain.md 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audit.services import record
from documents.services.access import revoke_many
from documents.services.reading import when_locked_away
from documents.services.registration import NumberInUse, guard_void
from documents.services.splitting import READER
from workflow.engine.models import DocumentProcess
from workflow.engine.repair import cancel
from workflow.models import Assignment, IncomingCase, OutgoingCase

if TYPE_CHECKING:
    from audit.models import Actor
    from documents.models import Document, RegisterEntry


class AlreadyForwarded(NumberInUse):
    """Somebody beyond the clerk works on the paper."""

    def __init__(self) -> None:
        super().__init__(
            _("The paper was presented already. Ask the leader to return it before you strike its number out.")
        )


class CameByDelivery(NumberInUse):
    """The sender was told of the arrival; that is not taken back."""

    def __init__(self) -> None:
        super().__init__(_("The sender was told that your unit received this paper, so its number stands."))


@guard_void
def end_case(entry: RegisterEntry, actor: Actor) -> None:
    """
    End the case that began with this number.

    :raises AlreadyForwarded: once it was presented
    :raises CameByDelivery: if the paper came from another unit of this office
    """
    found = IncomingCase.plain.filter(entry=entry).order_by("-id").first()
    if found is None:
        return
    if found.process_id is not None:  # before the case, as every other act on it
        DocumentProcess.objects.select_for_update(no_key=True, of=("self",)).get(pk=found.process_id)
    case = IncomingCase.plain.select_for_update(no_key=True, of=("self",)).get(pk=found.pk)
    if case.delivery_id is not None:
        raise CameByDelivery
    if case.state == IncomingCase.State.VOIDED:
        return
    if case.state != IncomingCase.State.REGISTERED:
        raise AlreadyForwarded
    if case.process_id is not None:
        cancel(case.process_id)
    IncomingCase.plain.filter(pk=case.pk).update(state=IncomingCase.State.VOIDED)
    _end_reading(case)
    record("workflow.case.voided", target=entry.document, actor=actor, data={"case": case.pk}, touches=[case])


@when_locked_away
def end_work(document: Document) -> None:
    """Nobody goes on with a secret paper: what waits of it leaves every inbox."""
    running = DocumentProcess.objects.filter(document=document, is_open=True).order_by("pk")
    for process in running.select_for_update(no_key=True, of=("self",)):
        cancel(process.pk)
        IncomingCase.plain.filter(process=process).update(state=IncomingCase.State.LOCKED)
        OutgoingCase.plain.filter(process=process).update(state=OutgoingCase.State.LOCKED)
        data = {"flow": process.flow_key, "unit": process.unit_id}
        record("workflow.case.locked_away", target=document, actor=READER, data=data)


def _end_reading(case: IncomingCase) -> None:
    """Whoever had the paper by this case, in whatever earlier round, no longer reads it (anti-requirement A4)."""
    given = Assignment.plain.filter(case=case).values_list("pk", flat=True)
    causes = [f"case:{case.pk}", *(f"assignment:{pk}" for pk in given)]
    revoke_many(document=case.document, causes=causes)
