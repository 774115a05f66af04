"""Whoever acts for the chair, the secretary or the office is named with the one they act for, and signs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from core import clock
from documents.models import Document
from exchange.models import Delivery
from meetings import services
from meetings.models import Meeting
from meetings.services import DeputyCannotPublish
from organizations.models import Role
from organizations.services import actor_for
from tests.factories.offices import Office, add_person
from tests.factories.organizations import make_delegation
from tests.meetings.test_meetings import closed, conclude, fresh, running

if TYPE_CHECKING:
    from organizations.models import User


def aide_of(office: Office, principal: User) -> User:
    """Somebody without a right of their own who acts for `principal`."""
    add_person(office, "aide", office.bureau, "Chuyên viên", [Role.SPECIALIST])
    make_delegation(principal, office.aide)
    return office.aide


def principal_in(act: str) -> Any:
    return AuditEntry.objects.filter(act=act).latest("pk").on_behalf_of


class TestActsOfDeputies:
    def test_of_the_chair_are_recorded_on_the_chairs_behalf(self, office: Office) -> None:
        meeting, aide = running(office), aide_of(office, office.chair)

        services.close_meeting(meeting=meeting, actor=actor_for(aide))

        assert principal_in("meetings.meeting.closed")["user_id"] == office.chair.pk

    def test_of_the_secretary_are_recorded_on_the_secretarys_behalf(self, office: Office) -> None:
        meeting, aide = running(office), aide_of(office, office.chief)
        row = meeting.attendance.get(person=office.province_chair)

        services.write_minutes(item=meeting.agenda.get(), text="Đã bàn", expected_version=1, actor=actor_for(aide))
        services.mark_attendance(attendance=row, state="PRESENT", actor=actor_for(aide))

        assert principal_in("meetings.minutes.written")["user_id"] == office.chief.pk
        assert principal_in("meetings.attendance.marked")["user_id"] == office.chief.pk

    def test_of_the_office_are_recorded_on_its_behalf(self, office: Office) -> None:
        aide = aide_of(office, office.clerk)

        services.convene_meeting(
            unit=office.top, title="Giao ban", starts_at=clock.now(), chair_post=office.posts["chair"],
            secretary_post=office.posts["chief"], units=[office.province], actor=actor_for(aide),
        )  # fmt: skip

        assert principal_in("meetings.meeting.convened")["user_id"] == office.clerk.pk
        assert principal_in("meetings.meeting.units_invited")["user_id"] == office.clerk.pk

    def test_are_ones_own_where_ones_own_right_suffices(self, office: Office) -> None:
        meeting = running(office)
        make_delegation(office.chair, office.chief)

        services.add_agenda_item(meeting=meeting, title="Việc khác", actor=actor_for(office.chief))

        assert principal_in("meetings.agenda.item_added") is None

    def test_of_ones_own_attendance_are_ones_own(self, office: Office) -> None:
        meeting = running(office)
        make_delegation(office.chief, office.province_chair)
        row = meeting.attendance.get(person=office.province_chair)

        services.mark_attendance(attendance=row, state="ONLINE", actor=actor_for(office.province_chair))

        assert principal_in("meetings.attendance.marked") is None


class TestPublishingForTheChair:
    def test_is_refused_before_anything_is_changed(self, office: Office) -> None:
        meeting, aide = closed(office), aide_of(office, office.chair)
        conclude(office, meeting)

        with pytest.raises(DeputyCannotPublish, match=str(office.chair)):
            services.publish_conclusions(meeting=meeting, actor=actor_for(aide))

        assert fresh(meeting).state == Meeting.State.CLOSED
        assert not Document.plain.exists()
        assert not Delivery.plain.exists()

    def test_is_explained_where_the_button_would_stand(self, office: Office, client: Any) -> None:
        meeting, aide = closed(office), aide_of(office, office.chair)
        client.force_login(aide)

        page = client.get(reverse("meetings:room", args=[meeting.pk])).content.decode()
        answer = client.post(reverse("meetings:publish", args=[meeting.pk]), {"no_conclusions": "on"})

        assert "người xử lý thay không ký biên bản" in page
        assert reverse("meetings:publish", args=[meeting.pk]) not in page
        assert answer.status_code == 409
        assert "người xử lý thay không ký biên bản" in answer.content.decode()
