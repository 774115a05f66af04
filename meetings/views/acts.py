"""One act of the meeting room per view: load, one service call, back to the room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, ids
from meetings import selectors, services
from meetings.forms import (
    AgendaItemForm,
    AttendanceForm,
    AttendeeForm,
    CallOffForm,
    ConclusionForm,
    InviteForm,
    MinutesForm,
    PublishForm,
    ReasonForm,
    RevisionForm,
)
from meetings.services.conclusions import ConclusionChanged, ConclusionSettled
from meetings.services.guard import UnitNotInvited, WrongMeetingState
from meetings.services.publishing import DeputyCannotPublish, IncompleteConclusions, NothingConcluded
from meetings.services.running import AlreadyExpected, MinutesChanged, ReasonMissing
from meetings.views.pages import MeetingPage, Unsaved, room_context

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from meetings.models import Meeting

REFUSALS = (
    WrongMeetingState, UnitNotInvited, IncompleteConclusions, NothingConcluded, ReasonMissing, DeputyCannotPublish,
    ConclusionSettled,
)  # fmt: skip
WORDS = ("text", "reason")  # what people think about before they type it


class Act(MeetingPage):
    """Post, do one thing, return to the room; what was refused is said there and nothing is lost."""

    done: str | _StrPromise = ""
    place = ""  # where on the page one goes on

    def get(self, request: HttpRequest, **kwargs: int) -> HttpResponse:
        """Whoever comes back to the address, by history or after signing in again, finds the room."""
        return HttpResponseRedirect(reverse("meetings:room", args=[self.meeting().pk]))

    def post(self, request: HttpRequest, **kwargs: int) -> HttpResponse:
        meeting = self.meeting()
        try:
            self.act(meeting)
        except InvalidForm as invalid:
            return self.refuse(meeting, _("Please correct the marked fields."), invalid.form, status=422)
        except Overtaken as overtaken:
            return self.refuse(meeting, str(overtaken), overtaken.form)
        except REFUSALS as refusal:
            return self.refuse(meeting, str(refusal), None)
        if self.done:
            messages.success(request, str(self.done))
        return HttpResponseRedirect(reverse("meetings:room", args=[meeting.pk]) + self.place)

    def act(self, meeting: Meeting) -> None:
        """Call the one service."""
        raise NotImplementedError

    def valid(self, form: forms.Form) -> dict[str, Any]:
        """The cleaned values, or the form with its errors."""
        if not form.is_valid():
            raise InvalidForm(form)
        return form.cleaned_data

    def refuse(self, meeting: Meeting, why: str, form: forms.Form | None, *, status: int = 409) -> HttpResponse:
        """The room with the reason; words that found no form again stand beside it."""
        typed = "" if form else next((words for name in WORDS if (words := self.request.POST.get(name))), "")
        context = room_context(meeting, self.person, refused=form)
        context |= {"refusal": why, "refused_form": form, "typed": typed}
        return render(self.request, "meetings/room.html", context, status=status)

    def receipt_key(self) -> Any:
        return ids.receipt_key(self.request.POST.get("receipt_key"))


class InvalidForm(Exception):  # not an error of the program
    """Carries a form that did not validate out of an act."""

    def __init__(self, form: forms.Form) -> None:
        """Keep the form."""
        super().__init__()
        self.form = form


class Overtaken(Exception):  # likewise
    """Somebody was faster; carries what was typed out of an act, in the form in which it can be used again."""

    def __init__(self, why: str, form: forms.Form) -> None:
        """Keep the form."""
        super().__init__(why)
        self.form = form


class Open(Act):
    def act(self, meeting: Meeting) -> None:
        services.open_meeting(meeting=meeting, actor=self.actor)


class Close(Act):
    def act(self, meeting: Meeting) -> None:
        services.close_meeting(meeting=meeting, actor=self.actor)


class CallOff(Act):
    done = gettext_lazy("The meeting is called off; everyone who was invited sees the reason.")

    def act(self, meeting: Meeting) -> None:
        facts = self.valid(CallOffForm(self.request.POST))
        services.call_off_meeting(meeting=meeting, reason=facts["reason"], actor=self.actor)


class Invite(Act):
    done = gettext_lazy("The units are invited.")

    def act(self, meeting: Meeting) -> None:
        facts = self.valid(InviteForm(self.request.POST, units=selectors.units_to_invite(meeting)))
        services.invite_units(meeting=meeting, units=facts["units"], actor=self.actor)


class AddItem(Act):
    place = "#agenda-title"

    def act(self, meeting: Meeting) -> None:
        facts = self.valid(AgendaItemForm(self.request.POST))
        services.add_agenda_item(meeting=meeting, actor=self.actor, receipt_key=self.receipt_key(), **facts)


class MoveItem(Act):
    place = "#agenda-title"

    def act(self, meeting: Meeting) -> None:
        item = get_object_or_404(meeting.agenda, pk=self.kwargs["item"])
        services.move_agenda_item(item=item, up=self.request.POST.get("direction") == "up", actor=self.actor)


class Expect(Act):
    """A substitute or guest whom the secretary puts on the roll (M5, M6)."""

    place = "#attendance-title"

    def act(self, meeting: Meeting) -> None:
        form = AttendeeForm(self.request.POST, units=selectors.attending_units(meeting))
        facts = self.valid(form)
        try:
            services.add_attendance(meeting=meeting, actor=self.actor, receipt_key=self.receipt_key(), **facts)
        except AlreadyExpected as already:
            form.add_error("name", str(already))
            raise InvalidForm(form) from already


class Mark(Act):
    place = "#attendance-title"

    def act(self, meeting: Meeting) -> None:
        row = get_object_or_404(meeting.attendance, pk=self.kwargs["attendance"])
        facts = self.valid(AttendanceForm(self.request.POST))
        services.mark_attendance(attendance=row, actor=self.actor, **facts)


class Write(Act):
    """Saves the minutes of one item; answers the autosaving page in JSON, a plain form with the room."""

    place = "#write-title"

    def post(self, request: HttpRequest, **kwargs: int) -> HttpResponse:
        if "application/json" in request.headers.get("Accept", ""):
            return self.answer(self.meeting())
        try:
            return super().post(request, **kwargs)
        except MinutesChanged as conflict:
            return self.compare(conflict)

    def answer(self, meeting: Meeting) -> JsonResponse:
        try:
            version = self.write(meeting)
        except MinutesChanged as conflict:
            facts = {"text": conflict.saved, "version": conflict.version, "who": conflict.who}
            return JsonResponse({"error": str(conflict), **facts}, status=409)
        except (WrongMeetingState, InvalidForm) as refusal:
            return JsonResponse({"error": str(refusal) or _("Please correct the marked fields.")}, status=422)
        return JsonResponse({"version": version, "saved_at": f"{clock.local(clock.now()):%H:%M:%S}"})

    def compare(self, conflict: MinutesChanged) -> HttpResponse:
        """Both texts stand on the page; what was typed is not lost."""
        unsaved = Unsaved(conflict.item.pk, self.request.POST.get("text", ""))
        context = room_context(self.meeting(), self.person, unsaved=unsaved) | {"refusal": str(conflict)}
        return render(self.request, "meetings/room.html", context, status=409)

    def act(self, meeting: Meeting) -> None:
        self.write(meeting)

    def write(self, meeting: Meeting) -> int:
        item = get_object_or_404(meeting.agenda, pk=self.kwargs["item"])
        facts = self.valid(MinutesForm(self.request.POST))
        return services.write_minutes(
            item=item, text=facts["text"], expected_version=facts["version"], actor=self.actor
        )


class Conclude(Act):
    place = "#conclusions-title"

    def act(self, meeting: Meeting) -> None:
        facts = self.valid(ConclusionForm(self.request.POST, units=selectors.invited_units(meeting)))
        services.draft_conclusion(meeting=meeting, actor=self.actor, receipt_key=self.receipt_key(), **facts)


class Revise(Act):
    place = "#conclusions-title"

    def act(self, meeting: Meeting) -> None:
        conclusion = get_object_or_404(meeting.conclusions, pk=self.kwargs["conclusion"])
        units = selectors.invited_units(meeting)
        facts = self.valid(RevisionForm(self.request.POST, units=units, conclusion=conclusion))
        seen = facts.pop("version")
        try:
            services.revise_conclusion(conclusion=conclusion, expected_version=seen, actor=self.actor, **facts)
        except ConclusionChanged as changed:
            form = RevisionForm.against(changed.conclusion, typed=facts, units=units)
            raise Overtaken(str(changed), form) from changed
        except ConclusionSettled as settled:
            hint = _("What you typed stands under “Add a conclusion”.")
            raise Overtaken(f"{settled} {hint}", ConclusionForm(units=units, initial=facts)) from settled


class CancelConclusion(Act):
    place = "#conclusions-title"

    def act(self, meeting: Meeting) -> None:
        conclusion = get_object_or_404(meeting.conclusions, pk=self.kwargs["conclusion"])
        facts = self.valid(ReasonForm(self.request.POST))
        services.cancel_conclusion(conclusion=conclusion, reason=facts["reason"], actor=self.actor)


class Publish(Act):
    def act(self, meeting: Meeting) -> None:
        facts = self.valid(PublishForm(self.request.POST))
        services.publish_conclusions(meeting=meeting, actor=self.actor, no_conclusions=facts["no_conclusions"])
        messages.success(
            self.request, _("Published: the minutes are numbered, every conclusion is on its unit's desk.")
        )
