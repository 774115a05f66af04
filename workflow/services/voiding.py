"""An arrival number is struck out: only if nothing was forwarded, and the unit's case ends with it (domain.md 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audit.services import record
from documents.services.access import revoke_many
from documents.services.registration import NumberInUse, guard_void
from workflow.engine.models import DocumentProcess
from workflow.engine.repair import cancel
from workflow.models import Assignment, IncomingCase

if TYPE_CHECKING:
    from audit.models import Actor
    from documents.models import RegisterEntry


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


def _end_reading(case: IncomingCase) -> None:
    """Whoever had the paper by this case, in whatever earlier round, no longer reads it (anti-requirement A4)."""
    given = Assignment.plain.filter(case=case).values_list("pk", flat=True)
    causes = [f"case:{case.pk}", *(f"assignment:{pk}" for pk in given)]
    revoke_many(document=case.document, causes=causes)
