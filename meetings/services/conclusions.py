"""M9: what was decided, who leads, until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from audit import receipts
from audit.services import record
from core.vietnamese import clean
from meetings.models import AgendaItem, Conclusion, ConclusionSupport, Meeting
from meetings.services.guard import UnitNotInvited, as_chair_or_secretary, lock_meeting, tell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from audit.models import Actor
    from organizations.models import Unit

State = Meeting.State


class ConclusionChanged(Exception):
    """Somebody else saved this conclusion since it was shown (as `MinutesChanged` for the minutes)."""

    def __init__(self, conclusion: Conclusion) -> None:
        """Keep the conclusion as it is saved now."""
        super().__init__(
            _(
                "Conclusion %(number)s was changed elsewhere since you opened it. Nothing was overwritten: compare what is "
                "saved with what you typed."
            )
            % {"number": conclusion.number}
        )
        self.conclusion = conclusion


class ConclusionSettled(Exception):
    """The conclusion was cancelled or published meanwhile."""

    def __init__(self, conclusion: Conclusion) -> None:
        """Say where the conclusion stands."""
        super().__init__(
            _("Conclusion %(number)s is “%(state)s” by now and can no longer be changed. Nothing was changed by you.")
            % {"number": conclusion.number, "state": conclusion.get_state_display()}
        )


@transaction.atomic
def draft_conclusion(
    *,
    meeting: Meeting,
    text: str,
    actor: Actor,
    lead: Unit | None = None,
    supports: Sequence[Unit] = (),
    due_date: date | None = None,
    measure: str = "",
    agenda_item: AgendaItem | None = None,
    receipt_key: UUID | None = None,
) -> Conclusion:
    """
    Put a conclusion down; lead and deadline may follow, but not after publication.

    :raises UnitNotInvited: if a named unit is not among the invited
    """
    meeting = lock_meeting(meeting, states=(State.RUNNING, State.CLOSED))
    _person, actor = as_chair_or_secretary(actor, meeting)
    if earlier := receipts.find(receipt_key, actor):
        return Conclusion.objects.system("the same form posted twice").get(pk=earlier["conclusion"])
    _require_invited(meeting, [unit for unit in (lead, *supports) if unit])
    last = meeting.conclusions.aggregate(last=Max("number"))["last"] or 0
    conclusion = Conclusion.plain.create(
        meeting=meeting, agenda_item=agenda_item, number=last + 1, text=clean(text).strip(),
        lead=lead, due_date=due_date, measure=clean(measure).strip(),
    )  # fmt: skip
    _set_supports(conclusion, supports)
    receipts.keep(receipt_key, actor, {"conclusion": conclusion.pk})
    tell(meeting)
    record("meetings.conclusion.drafted", target=meeting, actor=actor, data=_facts(conclusion))
    return conclusion


@transaction.atomic
def revise_conclusion(
    *,
    conclusion: Conclusion,
    text: str,
    lead: Unit | None,
    supports: Sequence[Unit],
    due_date: date | None,
    measure: str,
    expected_version: int,
    actor: Actor,
) -> Conclusion:
    """
    Change a conclusion that is not published yet.

    :param expected_version: the conclusion's version when the form was shown
    :raises ConclusionSettled: if it was cancelled meanwhile
    :raises ConclusionChanged: if its version is another by now; nothing is overwritten
    :raises UnitNotInvited: if a named unit is not among the invited
    """
    meeting = lock_meeting(conclusion.meeting, states=(State.RUNNING, State.CLOSED))
    _person, actor = as_chair_or_secretary(actor, meeting)
    conclusion = _still_open(meeting, conclusion)
    if conclusion.version != expected_version:
        raise ConclusionChanged(conclusion)
    _require_invited(meeting, [unit for unit in (lead, *supports) if unit])
    Conclusion.plain.filter(pk=conclusion.pk).update(
        text=clean(text).strip(), lead=lead, due_date=due_date, measure=clean(measure).strip(), version=F("version") + 1
    )
    conclusion.refresh_from_db()
    _set_supports(conclusion, supports)
    tell(meeting)
    record("meetings.conclusion.revised", target=meeting, actor=actor, data=_facts(conclusion))
    return conclusion


@transaction.atomic
def cancel_conclusion(*, conclusion: Conclusion, reason: str, actor: Actor) -> None:
    """
    Strike a conclusion out with a reason; it keeps its number, and its tasks if it had any (domain.md 18).

    :raises ConclusionSettled: if it was cancelled before
    """
    meeting = lock_meeting(conclusion.meeting, states=(State.RUNNING, State.CLOSED))
    _person, actor = as_chair_or_secretary(actor, meeting)
    conclusion = _still_open(meeting, conclusion)
    Conclusion.plain.filter(pk=conclusion.pk).update(
        state=Conclusion.State.CANCELLED, cancel_reason=clean(reason).strip()
    )
    tell(meeting)
    data = {"conclusion": conclusion.number, "reason": reason}
    record("meetings.conclusion.cancelled", target=meeting, actor=actor, data=data)


def _still_open(meeting: Meeting, conclusion: Conclusion) -> Conclusion:
    """The conclusion as it stands under the meeting's lock, which all that change conclusions take first."""
    fresh: Conclusion = meeting.conclusions.get(pk=conclusion.pk)
    if fresh.state != Conclusion.State.DRAFT:
        raise ConclusionSettled(fresh)
    return fresh


def _require_invited(meeting: Meeting, units: Sequence[Unit]) -> None:
    """A unit that was not called cannot be given a conclusion: it would not see the minutes."""
    invited = set(meeting.invites.values_list("unit_id", flat=True))
    for unit in units:
        if unit.pk not in invited:
            raise UnitNotInvited(unit)


def _set_supports(conclusion: Conclusion, supports: Sequence[Unit]) -> None:
    conclusion.supports.all().delete()
    rows = {unit.pk: unit for unit in supports if unit.pk != conclusion.lead_id}
    ConclusionSupport.plain.bulk_create(ConclusionSupport(conclusion=conclusion, unit=unit) for unit in rows.values())


def _facts(conclusion: Conclusion) -> dict[str, object]:
    return {
        "conclusion": conclusion.number,
        "lead": conclusion.lead_id,
        "due_date": conclusion.due_date.isoformat() if conclusion.due_date else None,
    }
