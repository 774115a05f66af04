"""The list of meetings, the form that convenes one, and the room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, ids
from meetings import policies, selectors, services
from meetings.forms import (
    AgendaItemForm,
    AttendeeForm,
    CallOffForm,
    ConclusionForm,
    ConveneForm,
    InviteForm,
    PublishForm,
    RevisionForm,
)
from meetings.models import Attendance, Conclusion, Meeting
from meetings.services import DeputyCannotPublish
from organizations.models import Post, Unit
from organizations.policies import unit_office
from organizations.selectors import find_unit_of, leader_post, organs_below
from organizations.views.base import Page
from ui.errors import OthersTask

if TYPE_CHECKING:
    from django import forms
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from organizations.models import User

PAGE = 50


class MeetingPage(Page):
    """A page of one meeting; one that the person may not see does not exist for them."""

    def meeting(self) -> Meeting:
        visible = Meeting.objects.visible_to(self.person).select_related(
            "unit", "chair_post", "secretary_post", "previous"
        )
        found: Meeting = get_object_or_404(visible, pk=self.kwargs["pk"])
        return found


class MeetingList(Page):
    """Meetings the person may see, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        unit = find_unit_of(self.actor)
        may_convene = unit is not None and policies.can_convene(self.person, unit, clock.now())
        page = Paginator(selectors.meetings_of(self.person), PAGE).get_page(request.GET.get("page"))
        return render(request, "meetings/list.html", {"page": page, "may_convene": may_convene})


class Convene(Page):
    """Set a briefing down and call the units below."""

    def form(self, data: Any = None) -> ConveneForm:
        unit = self.unit()
        posts = Post.objects.filter(unit_office(unit), is_closed=False)
        leader = leader_post(unit)
        return ConveneForm(
            data,
            posts=posts.select_related("unit").prefetch_related("unit__names").order_by("unit__path", "order", "id"),
            units=self.below(unit) if data is None else organs_below(unit),
            initial={"chair_post": leader.pk if leader else None, "secretary_post": self.actor.post_id},
        )

    def below(self, unit: Unit) -> QuerySet[Unit]:
        return organs_below(unit).filter(depth=unit.depth + 1)

    def unit(self) -> Unit:
        unit = find_unit_of(self.actor)
        if unit is None:
            raise OthersTask(_("You need a post in a unit to convene meetings."))
        if not policies.can_convene(self.person, unit, clock.now()):
            raise OthersTask(_("Only the office of this unit convenes meetings."))
        return unit

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "meetings/convene.html", {"form": self.form(), "receipt_key": ids.new_receipt_key()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            context = {"form": form, "receipt_key": request.POST.get("receipt_key")}
            return render(request, "meetings/convene.html", context, status=422)
        unit, facts = self.unit(), dict(form.cleaned_data)
        if facts.pop("all_below"):
            facts["units"] = self.below(unit)
        meeting = services.convene_meeting(
            unit=unit, actor=self.actor, receipt_key=ids.receipt_key(request.POST.get("receipt_key")), **facts
        )
        return HttpResponseRedirect(reverse("meetings:room", args=[meeting.pk]))


class RoomPage(MeetingPage):
    """The meeting room: agenda, minutes, attendance, conclusions."""

    template = "meetings/room.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return render(request, self.template, room_context(self.meeting(), self.person))


class RoomLive(RoomPage):
    """The parts of the room that change while others look on."""

    template = "meetings/room_update.html"


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What was typed under an item that another hand had saved meanwhile."""

    item_id: int
    text: str


def room_context(
    meeting: Meeting, person: User, *, refused: forms.Form | None = None, unsaved: Unsaved | None = None
) -> dict[str, Any]:
    """What the room's templates need, forms included; `refused` and `unsaved` give back what was typed."""
    room = selectors.meeting_room(meeting, person)
    units = selectors.invited_units(meeting)
    return {
        "room": room,
        "meeting": room.meeting,
        "item_form": _given_back(refused, AgendaItemForm()),
        "invite_form": InviteForm(units=selectors.units_to_invite(meeting))
        if room.may_run and meeting.is_open
        else None,
        "call_off_form": _given_back(refused, CallOffForm()) if room.may_call_off else None,
        "attendee_form": _given_back(refused, AttendeeForm(units=selectors.attending_units(meeting)))
        if room.may_expect
        else None,
        "attendance_states": Attendance.State.choices,
        "conclusion_form": _given_back(refused, ConclusionForm(units=units)) if room.may_conclude else None,
        "conclusions": [(one, _revision(one, room, units, refused)) for one in room.conclusions],
        "publish_form": PublishForm(),
        "why_not_publish": str(DeputyCannotPublish(room.chair_principal)) if room.waits_for_chair else "",
        "receipt_key": ids.new_receipt_key(),
        "person": person,
        "unsaved": unsaved,
    }


def _given_back(refused: forms.Form | None, empty: forms.Form) -> forms.Form:
    """The form with what was typed, if it is of the kind that was refused."""
    return refused if refused and type(refused) is type(empty) else empty


def _revision(
    conclusion: Conclusion, room: selectors.Room, units: QuerySet[Unit], refused: forms.Form | None
) -> RevisionForm | None:
    """The form that changes a conclusion, while it may be changed by the person."""
    if not room.may_conclude or conclusion.state != Conclusion.State.DRAFT:
        return None
    if isinstance(refused, RevisionForm) and refused.conclusion_id == conclusion.pk:
        return refused
    return RevisionForm.of(conclusion, units=units)
