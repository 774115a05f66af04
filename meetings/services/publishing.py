"""M10 to M12: the minutes become a numbered paper, each conclusion a tracked directive."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core import clock
from documents.models import DocumentType
from documents.services.papers import PaperContent, create_paper
from exchange.models import DeliveryRole
from exchange.services import issue_dispatch
from meetings.models import Attendance, Conclusion, Meeting
from meetings.services.guard import as_chair, lock_meeting, tell
from organizations.selectors import holders_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.models import Actor
    from documents.models import Document
    from organizations.models import Post

State = Meeting.State
MINUTES = "BB"
LONGEST_LABEL = 400


class DeputyCannotPublish(Exception):
    """The minutes name the chair as their signer, and who acts for a signer does not sign (domain.md 13, 18 M10)."""

    def __init__(self, principal: str) -> None:
        """Say whom everybody waits for."""
        super().__init__(
            _(
                "You act for %(principal)s, and a deputy does not sign the minutes. Nothing was published: the conclusions "
                "wait until the chair is back."
            )
            % {"principal": principal}
        )


class IncompleteConclusions(Exception):
    """Conclusions without lead or deadline cannot be tracked, so they cannot be published (M9)."""

    def __init__(self, numbers: Sequence[int]) -> None:
        """Name them."""
        super().__init__(
            _("Nothing was published: conclusions %(numbers)s still need a lead unit and a deadline.")
            % {"numbers": ", ".join(map(str, numbers))}
        )
        self.numbers = tuple(numbers)


class NothingConcluded(Exception):
    """A meeting without conclusions says so explicitly (M14)."""

    def __init__(self) -> None:
        """Say how to go on."""
        super().__init__(_("There is no conclusion yet. Add one, or mark the meeting as having none."))


@transaction.atomic
def publish_conclusions(*, meeting: Meeting, actor: Actor, no_conclusions: bool = False) -> Document:
    """
    Number the minutes, file them and send each conclusion to those who carry it out.

    Invited units that got no conclusion receive the minutes for information, absent ones too (M11).

    :param no_conclusions: says aloud that there is none (M14)
    :raises DeputyCannotPublish: for whoever acts for the chair
    :raises IncompleteConclusions: if one lacks lead or deadline; nothing is published
    :raises NothingConcluded: if there is none and `no_conclusions` is not set
    """
    meeting = lock_meeting(meeting, states=(State.CLOSED,))
    _person, actor = as_chair(actor, meeting)
    if actor.on_behalf_of_id is not None:
        raise DeputyCannotPublish(actor.on_behalf_of)
    conclusions = _publishable(meeting, no_conclusions=no_conclusions)
    paper = create_paper(
        unit=meeting.unit,
        doc_type=DocumentType.objects.get(abbreviation=MINUTES),
        content=_minutes(meeting, conclusions),
        issued_on=clock.today(),
        actor=actor,
    )
    for conclusion in conclusions:
        _send_conclusion(conclusion, meeting, paper, actor)
    _send_for_information(meeting, paper, actor)
    Meeting.plain.filter(pk=meeting.pk).update(
        state=State.PUBLISHED, minutes_document=paper, has_no_conclusions=not conclusions
    )
    tell(meeting)
    data = {"conclusions": [c.number for c in conclusions], "minutes": paper.full_symbol}
    record("meetings.conclusions.published", target=meeting, actor=actor, data=data, touches=[paper])
    return paper


def _publishable(meeting: Meeting, *, no_conclusions: bool) -> list[Conclusion]:
    drafts = meeting.conclusions.filter(state=Conclusion.State.DRAFT).select_related("lead")
    conclusions = list(drafts.prefetch_related("supports__unit").order_by("number"))
    if not conclusions and not no_conclusions:
        raise NothingConcluded
    if incomplete := [c.number for c in conclusions if not c.is_complete]:
        raise IncompleteConclusions(incomplete)
    return conclusions


def _send_conclusion(conclusion: Conclusion, meeting: Meeting, paper: Document, actor: Actor) -> None:
    supports = [support.unit for support in conclusion.supports.all()]
    roles = {conclusion.lead_id: DeliveryRole.LEAD} | {unit.pk: DeliveryRole.SUPPORT for unit in supports}
    dispatch = issue_dispatch(
        document=paper,
        sender=meeting.unit,
        recipients=[unit for unit in (conclusion.lead, *supports) if unit],
        roles=roles,
        must_act=True,
        due_date=conclusion.due_date,
        source_label=_label(conclusion, meeting),
        actor=actor,
    )
    Conclusion.plain.filter(pk=conclusion.pk).update(state=Conclusion.State.PUBLISHED, dispatch=dispatch)


def _label(conclusion: Conclusion, meeting: Meeting) -> str:
    """What the receiving units and the tracker call it: the minutes may hold several conclusions."""
    where = _("Conclusion no. %(number)s, %(meeting)s") % {"number": conclusion.number, "meeting": meeting}
    return shorten(f"{where}: {conclusion.text}", LONGEST_LABEL, placeholder="…")


def _send_for_information(meeting: Meeting, paper: Document, actor: Actor) -> None:
    """To every invited unit that no conclusion reached; the convening unit holds the original."""
    published = meeting.conclusions.filter(state=Conclusion.State.PUBLISHED)
    reached = {unit for pair in published.values_list("lead", "supports__unit") for unit in pair}
    invites = meeting.invites.exclude(unit__in=reached - {None}).exclude(unit=meeting.unit).select_related("unit")
    units = [invite.unit for invite in invites]
    if not units:
        return
    issue_dispatch(
        document=paper, sender=meeting.unit, recipients=units, must_act=False, due_date=None,
        roles=dict.fromkeys([unit.pk for unit in units], DeliveryRole.FYI),
        source_label=_("Minutes of %(meeting)s") % {"meeting": meeting}, actor=actor,
    )  # fmt: skip


def _minutes(meeting: Meeting, conclusions: Sequence[Conclusion]) -> PaperContent:
    """Lay the minutes out in the order of a Biên bản: who came, what was discussed, what was concluded."""
    body = [*_opening(meeting), *_discussion(meeting), *_decisions(conclusions)]
    signers = [(meeting.secretary_post, "THƯ KÝ"), (meeting.chair_post, "CHỦ TRÌ")]
    return PaperContent(
        subject=meeting.title,
        paragraphs=tuple(body),
        recipients=("Các đơn vị được mời họp", "Lưu: VT"),
        signers=tuple((label, _holder_name(post)) for post, label in signers),
    )


def _holder_name(post: Post) -> str:
    holders = holders_of(post, clock.now())
    return holders[0].full_name if holders else ""


def _opening(meeting: Meeting) -> list[str]:
    at = clock.local(meeting.starts_at)
    here = {Attendance.State.PRESENT, Attendance.State.ONLINE, Attendance.State.LATE}
    rows = list(meeting.attendance.order_by("unit__path", "id"))
    present = [f"{row.name} ({row.position})" if row.position else row.name for row in rows if row.state in here]
    absent = [f"{row.name}: {row.reason or row.get_state_display()}" for row in rows if row.state not in here]
    lines = [
        f"Thời gian: {at:%H} giờ {at:%M}, ngày {at:%d/%m/%Y}. Địa điểm: {meeting.place or 'trực tuyến'}.",
        f"Có mặt {len(present)} đại biểu: {'; '.join(present) or 'không có'}.",
    ]
    return lines + ([f"Vắng mặt {len(absent)} đại biểu: {'; '.join(absent)}."] if absent else [])


def _discussion(meeting: Meeting) -> list[str]:
    lines: list[str] = []
    for item in meeting.agenda.order_by("order"):
        lines.append(f"{item.order}. {item.title}")
        lines += [line.strip() for line in item.text.splitlines() if line.strip()]
    return lines


def _decisions(conclusions: Sequence[Conclusion]) -> list[str]:
    if not conclusions:
        return ["Cuộc họp không có kết luận."]
    lines = ["KẾT LUẬN"]
    for conclusion in conclusions:
        supports = ", ".join(support.unit.name for support in conclusion.supports.all())
        with_whom = f"; phối hợp: {supports}" if supports else ""
        due = conclusion.due_date.strftime("%d/%m/%Y") if conclusion.due_date else ""
        lead = conclusion.lead.name if conclusion.lead else ""
        lines.append(f"{conclusion.number}. {conclusion.text} (Chủ trì: {lead}{with_whom}; thời hạn: {due}.)")
    return lines
