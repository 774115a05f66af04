"""M1 to M4: a meeting is set down, with its units and its agenda, by those whose act it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from audit.models import AuditEntry
from core import ids
from meetings import services
from meetings.models import AgendaItem, Meeting
from organizations.services import actor_for
from tests.factories.offices import Office
from tests.meetings.test_meetings import convened, fresh

State = Meeting.State


def form_of(office: Office, **facts: Any) -> dict[str, Any]:
    """What the office types to convene; the chief of office keeps the minutes."""
    usual = {
        "title": "Giao ban tháng 12", "starts_at": "2026-12-01T08:00", "mode": Meeting.Mode.HYBRID, "place": "Phòng họp 1",
        "chair_post": office.posts["chair"].pk, "secretary_post": office.posts["chief"].pk, "units": [office.province.pk],
        "receipt_key": str(ids.new_receipt_key()),
    }  # fmt: skip
    return usual | facts


class TestConvening:
    def test_a_clerk_convenes_for_a_secretary_and_the_units_are_called_at_once(
        self, office: Office, client: Any
    ) -> None:
        client.force_login(office.clerk)

        response = client.post(reverse("meetings:convene"), form_of(office))

        meeting = Meeting.plain.get()
        assert (response.status_code, meeting.state) == (302, State.INVITED)
        assert [invite.unit for invite in meeting.invites.all()] == [office.province]
        assert Meeting.objects.visible_to(office.province_clerk).exists()

    def test_the_same_form_posted_twice_makes_one_meeting(self, office: Office, client: Any) -> None:
        client.force_login(office.clerk)
        form = form_of(office)

        answers = [client.post(reverse("meetings:convene"), form) for _ in range(2)]

        assert {answer.headers["Location"] for answer in answers} == {
            reverse("meetings:room", args=[Meeting.plain.get().pk])
        }
        assert AuditEntry.objects.filter(act="meetings.meeting.units_invited").count() == 1

    def test_without_units_it_stays_a_draft(self, office: Office, client: Any) -> None:
        client.force_login(office.clerk)

        client.post(reverse("meetings:convene"), form_of(office, units=[]))

        assert Meeting.plain.get().state == State.DRAFT

    @pytest.mark.parametrize("length", [201, 1000])
    def test_a_long_link_is_kept_whole(self, office: Office, client: Any, length: int) -> None:
        client.force_login(office.clerk)
        link = "https://hop.example.vn/".ljust(length, "a")

        client.post(reverse("meetings:convene"), form_of(office, link=link))

        assert Meeting.plain.get().link == link

    def test_a_link_that_is_too_long_is_refused_in_vietnamese_and_nothing_typed_is_lost(
        self, office: Office, client: Any
    ) -> None:
        client.force_login(office.clerk)
        link = "https://hop.example.vn/".ljust(1001, "a")

        response = client.post(reverse("meetings:convene"), form_of(office, link=link))

        page = response.content.decode()
        assert response.status_code == 422
        assert "Đường dẫn dài quá 1000 ký tự." in page
        assert link in page
        assert "Giao ban tháng 12" in page
        assert not Meeting.plain.exists()


class TestMoveAgendaItem:
    def test_two_presses_at_once_move_a_point_twice(self, office: Office) -> None:
        meeting, chief = convened(office), actor_for(office.chief)
        for title in ("Một", "Hai", "Ba"):
            services.add_agenda_item(meeting=meeting, title=title, actor=chief)
        seen = [AgendaItem.plain.get(title="Một") for _ in range(2)]

        for item in seen:
            services.move_agenda_item(item=item, up=False, actor=chief)

        connection.check_constraints()
        assert list(fresh(meeting).agenda.order_by("order").values_list("title", flat=True)) == ["Hai", "Ba", "Một"]
