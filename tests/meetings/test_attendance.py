"""M5, M6: somebody comes instead of somebody else, or as a guest."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from core import ids
from meetings import services
from meetings.models import Attendance
from meetings.services.guard import UnitNotInvited
from meetings.services.running import AlreadyExpected
from organizations.policies import NotAllowed
from organizations.services import actor_for
from tests.factories.offices import Office
from tests.meetings.test_meetings import closed, running

GUEST = "Trần Thị Đi Thay"


def form_of(office: Office, **facts: Any) -> dict[str, Any]:
    usual = {
        "name": GUEST, "position": "Phó Chủ tịch", "unit": office.province.pk, "receipt_key": str(ids.new_receipt_key()),
    }  # fmt: skip
    return usual | facts


class TestAddAttendance:
    def test_is_the_secretarys_alone(self, office: Office) -> None:
        with pytest.raises(NotAllowed):
            services.add_attendance(
                meeting=running(office), unit=office.province, name=GUEST, actor=actor_for(office.province_chair)
            )

    def test_is_for_units_that_take_part(self, office: Office) -> None:
        meeting, chief = running(office), actor_for(office.chief)

        services.add_attendance(meeting=meeting, unit=office.top, name=GUEST, actor=chief)

        with pytest.raises(UnitNotInvited):
            services.add_attendance(meeting=meeting, unit=office.bureau, name=GUEST, actor=chief)

    def test_expects_each_name_of_a_unit_once(self, office: Office) -> None:
        meeting, chief = running(office), actor_for(office.chief)
        services.add_attendance(meeting=meeting, unit=office.province, name=GUEST, actor=chief)

        with pytest.raises(AlreadyExpected):
            services.add_attendance(meeting=meeting, unit=office.province, name=f" {GUEST} ", actor=chief)


class TestPages:
    def test_the_secretary_adds_a_substitute_and_marks_them(self, office: Office, client: Any) -> None:
        meeting = running(office)
        client.force_login(office.chief)

        client.post(reverse("meetings:expect", args=[meeting.pk]), form_of(office))

        row = meeting.attendance.get(name=GUEST)
        assert (row.position, row.unit, row.person) == ("Phó Chủ tịch", office.province, None)
        client.post(reverse("meetings:mark", args=[meeting.pk, row.pk]), {"state": "PRESENT"})
        row.refresh_from_db()
        assert row.state == Attendance.State.PRESENT

    def test_a_double_click_adds_one_person(self, office: Office, client: Any) -> None:
        meeting = running(office)
        client.force_login(office.chief)
        form = form_of(office)

        answers = [client.post(reverse("meetings:expect", args=[meeting.pk]), form).status_code for _ in range(2)]

        assert answers == [302, 302]
        assert AuditEntry.objects.filter(act="meetings.attendance.added").count() == 1

    def test_a_name_that_is_there_is_said_beside_the_field_and_nothing_typed_is_lost(
        self, office: Office, client: Any
    ) -> None:
        meeting = running(office)
        client.force_login(office.chief)
        client.post(reverse("meetings:expect", args=[meeting.pk]), form_of(office))

        response = client.post(reverse("meetings:expect", args=[meeting.pk]), form_of(office, position="Ủy viên"))

        page = response.content.decode()
        assert response.status_code == 422
        assert "đã có trong danh sách dự họp" in page
        assert 'value="Ủy viên"' in page

    @pytest.mark.parametrize(("name", "is_there"), [("chief", True), ("chair", False), ("province_chair", False)])
    def test_the_form_stands_in_the_secretarys_room(
        self, office: Office, client: Any, name: str, is_there: bool
    ) -> None:
        meeting = running(office)
        client.force_login(office.people[name])

        page = client.get(reverse("meetings:room", args=[meeting.pk])).content.decode()

        labels = [f'<label for="id_{field}">' in page for field in ("name", "position", "unit")]
        assert labels == [is_there] * 3

    def test_the_form_ends_with_the_session(self, office: Office, client: Any) -> None:
        meeting = closed(office)
        client.force_login(office.chief)

        assert reverse("meetings:expect", args=[meeting.pk]) + '"' not in (
            client.get(reverse("meetings:room", args=[meeting.pk])).content.decode()
        )
