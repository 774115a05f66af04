"""A meeting that will not take place: who says so, and who sees why (domain.md 18)."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from meetings import services
from meetings.models import Meeting
from meetings.services.guard import WrongMeetingState
from organizations.policies import NotAllowed
from organizations.services import actor_for
from tests.factories.offices import Office
from tests.meetings.test_meetings import convened, fresh, running

State = Meeting.State
WHY = "Đồng chí Chủ tịch đi công tác đột xuất"


def invited(office: Office) -> Meeting:
    meeting = convened(office)
    services.invite_units(meeting=meeting, units=[office.province], actor=actor_for(office.chief))
    return fresh(meeting)


class TestCallOffMeeting:
    @pytest.mark.parametrize("name", ["clerk", "chief", "chair"])
    def test_is_the_offices_the_chairs_and_the_secretarys(self, office: Office, name: str) -> None:
        meeting = invited(office)

        services.call_off_meeting(meeting=meeting, reason=WHY, actor=actor_for(office.people[name]))

        assert (fresh(meeting).state, fresh(meeting).cancel_reason) == (State.CANCELLED, WHY)
        assert AuditEntry.objects.get(act="meetings.meeting.called_off").data == {"reason": WHY}

    def test_is_not_the_inviteds(self, office: Office) -> None:
        with pytest.raises(NotAllowed):
            services.call_off_meeting(meeting=invited(office), reason=WHY, actor=actor_for(office.province_chair))

    def test_ends_with_the_opening(self, office: Office) -> None:
        with pytest.raises(WrongMeetingState):
            services.call_off_meeting(meeting=running(office), reason=WHY, actor=actor_for(office.chief))

    def test_leaves_nothing_to_open(self, office: Office) -> None:
        meeting = invited(office)
        services.call_off_meeting(meeting=meeting, reason=WHY, actor=actor_for(office.chief))

        with pytest.raises(WrongMeetingState):
            services.open_meeting(meeting=meeting, actor=actor_for(office.chief))

    def test_tells_the_open_pages(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        meeting, told = invited(office), list[str]()
        monkeypatch.setattr("meetings.services.guard.publish", told.append)

        services.call_off_meeting(meeting=meeting, reason=WHY, actor=actor_for(office.chief))

        assert told == [f"meeting:{meeting.pk}"]


class TestPages:
    def test_the_invited_read_why(self, office: Office, client: Any) -> None:
        meeting = invited(office)
        client.force_login(office.clerk)
        client.post(reverse("meetings:call-off", args=[meeting.pk]), {"reason": WHY})
        client.force_login(office.province_chair)

        for page in ("meetings:room", "meetings:live"):
            assert WHY in client.get(reverse(page, args=[meeting.pk])).content.decode()
        assert "Đã hủy" in client.get(reverse("meetings:list")).content.decode()

    def test_without_a_reason_nothing_is_called_off(self, office: Office, client: Any) -> None:
        meeting = invited(office)
        client.force_login(office.chief)

        response = client.post(reverse("meetings:call-off", args=[meeting.pk]), {"reason": " "})

        assert (response.status_code, fresh(meeting).state) == (422, State.INVITED)

    @pytest.mark.parametrize(("name", "is_there"), [("clerk", True), ("chief", True), ("province_chair", False)])
    def test_the_form_stands_where_it_may_be_used(self, office: Office, client: Any, name: str, is_there: bool) -> None:
        meeting = invited(office)
        client.force_login(office.people[name])

        page = client.get(reverse("meetings:room", args=[meeting.pk])).content.decode()

        assert (reverse("meetings:call-off", args=[meeting.pk]) in page) is is_there
