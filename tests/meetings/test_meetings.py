"""A briefing from the invitation to work on a unit's desk (domain.md 18)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from exchange.models import Delivery
from meetings import services
from meetings.models import Attendance, Conclusion, Meeting
from meetings.services.guard import UnitNotInvited, WrongMeetingState
from meetings.services.publishing import IncompleteConclusions, NothingConcluded
from meetings.services.running import MinutesChanged, ReasonMissing
from organizations.policies import NotAllowed
from organizations.services import actor_for
from tests.factories.offices import Office

State = Meeting.State
MOST_QUERIES = 14


def convened(office: Office) -> Meeting:
    return services.convene_meeting(
        unit=office.top, title="Giao ban tháng 11", starts_at=clock.now(), chair_post=office.posts["chair"],
        secretary_post=office.posts["chief"], place="Phòng họp 1", actor=actor_for(office.chief),
    )  # fmt: skip


def running(office: Office) -> Meeting:
    meeting = convened(office)
    services.add_agenda_item(meeting=meeting, title="Số hóa văn bản", actor=actor_for(office.chief))
    services.invite_units(meeting=meeting, units=[office.province, office.ward], actor=actor_for(office.chief))
    services.open_meeting(meeting=meeting, actor=actor_for(office.chief))
    return fresh(meeting)


def closed(office: Office) -> Meeting:
    meeting = running(office)
    services.close_meeting(meeting=meeting, actor=actor_for(office.chair))
    return fresh(meeting)


def fresh(meeting: Meeting) -> Meeting:
    return Meeting.plain.get(pk=meeting.pk)


def conclude(office: Office, meeting: Meeting, **facts: Any) -> Conclusion:
    usual: dict[str, Any] = {"lead": office.province, "due_date": clock.today() + timedelta(days=7)}
    return services.draft_conclusion(
        meeting=meeting, text="Hoàn thành số hóa", actor=actor_for(office.chief), **(usual | facts)
    )


class TestConveneMeeting:
    def test_is_the_offices_alone(self, office: Office) -> None:
        with pytest.raises(NotAllowed):
            services.convene_meeting(
                unit=office.top, title="x", starts_at=clock.now(), chair_post=office.posts["chair"],
                secretary_post=office.posts["chief"], actor=actor_for(office.ward_officer),
            )  # fmt: skip

    def test_a_draft_is_hidden_from_the_invited(self, office: Office) -> None:
        meeting = convened(office)

        assert not Meeting.objects.visible_to(office.province_clerk).exists()
        services.invite_units(meeting=meeting, units=[office.province], actor=actor_for(office.chief))
        assert Meeting.objects.visible_to(office.province_clerk).exists()
        assert not Meeting.objects.visible_to(office.outsider).exists()

    def test_expects_the_leaders_of_the_invited_by_name(self, office: Office) -> None:
        meeting = running(office)

        names = set(meeting.attendance.values_list("name", flat=True))
        assert office.province_chair.full_name in names


class TestMarkAttendance:
    def test_people_mark_themselves(self, office: Office) -> None:
        row = running(office).attendance.get(person=office.province_chair)

        services.mark_attendance(attendance=row, state=Attendance.State.ONLINE, actor=actor_for(office.province_chair))

        row.refresh_from_db()
        assert row.state == Attendance.State.ONLINE

    def test_nobody_marks_somebody_else(self, office: Office) -> None:
        row = running(office).attendance.get(person=office.province_chair)

        with pytest.raises(NotAllowed):
            services.mark_attendance(
                attendance=row, state=Attendance.State.PRESENT, actor=actor_for(office.ward_officer)
            )

    def test_an_excused_absence_says_why(self, office: Office) -> None:
        row = running(office).attendance.get(person=office.province_chair)

        with pytest.raises(ReasonMissing):
            services.mark_attendance(
                attendance=row, state=Attendance.State.ABSENT_EXCUSED, actor=actor_for(office.chief)
            )


class TestWriteMinutes:
    def test_is_the_secretarys_alone(self, office: Office) -> None:
        item = running(office).agenda.get()

        with pytest.raises(NotAllowed):
            services.write_minutes(item=item, text="x", expected_version=1, actor=actor_for(office.province_chair))

    def test_overwrites_nothing_that_changed_meanwhile(self, office: Office) -> None:
        item = running(office).agenda.get()
        services.write_minutes(item=item, text="bản một", expected_version=1, actor=actor_for(office.chief))

        with pytest.raises(MinutesChanged) as conflict:
            services.write_minutes(item=item, text="bản hai", expected_version=1, actor=actor_for(office.chief))

        assert (conflict.value.saved, conflict.value.version) == ("bản một", 2)

    def test_waits_for_the_opening(self, office: Office) -> None:
        meeting = convened(office)
        item = services.add_agenda_item(meeting=meeting, title="x", actor=actor_for(office.chief))

        with pytest.raises(WrongMeetingState):
            services.write_minutes(item=item, text="x", expected_version=1, actor=actor_for(office.chief))


class TestPublishConclusions:
    def test_needs_lead_and_deadline_for_each(self, office: Office) -> None:
        meeting = closed(office)
        conclude(office, meeting, due_date=None)

        with pytest.raises(IncompleteConclusions) as refusal:
            services.publish_conclusions(meeting=meeting, actor=actor_for(office.chair))

        assert refusal.value.numbers == (1,)
        assert not Delivery.plain.exists()

    def test_a_unit_that_was_not_invited_cannot_lead(self, office: Office) -> None:
        with pytest.raises(UnitNotInvited):
            conclude(office, closed(office), lead=office.bureau)

    def test_having_none_is_said_aloud(self, office: Office) -> None:
        meeting = closed(office)
        with pytest.raises(NothingConcluded):
            services.publish_conclusions(meeting=meeting, actor=actor_for(office.chair))

        services.publish_conclusions(meeting=meeting, no_conclusions=True, actor=actor_for(office.chair))

        assert fresh(meeting).has_no_conclusions

    def test_makes_the_minutes_a_numbered_paper_and_each_conclusion_a_directive(self, office: Office) -> None:
        meeting = closed(office)
        conclusion = conclude(office, meeting)

        paper = services.publish_conclusions(meeting=meeting, actor=actor_for(office.chair))

        conclusion.refresh_from_db()
        deliveries = set(Delivery.plain.values_list("unit__code", "role", "dispatch__must_act"))
        assert paper.full_symbol == "01/BB-TLĐ"
        assert deliveries == {("AH", "LEAD", True), ("DT", "FYI", False)}
        assert conclusion.dispatch is not None
        assert conclusion.dispatch.due_date == conclusion.due_date

    def test_who_only_supports_a_cancelled_conclusion_still_gets_the_minutes(self, office: Office) -> None:
        meeting = closed(office)
        struck = conclude(office, meeting, supports=[office.ward])
        services.cancel_conclusion(conclusion=struck, reason="Trùng nội dung", actor=actor_for(office.chief))
        conclude(office, meeting)

        services.publish_conclusions(meeting=meeting, actor=actor_for(office.chair))

        assert set(Delivery.plain.values_list("unit__code", "role")) == {("AH", "LEAD"), ("DT", "FYI")}

    def test_is_the_chairs_alone(self, office: Office) -> None:
        meeting = closed(office)
        conclude(office, meeting)

        with pytest.raises(NotAllowed):
            services.publish_conclusions(meeting=meeting, actor=actor_for(office.chief))

    def test_the_next_briefing_begins_with_what_was_left(self, office: Office) -> None:
        meeting = closed(office)
        conclude(office, meeting)
        services.publish_conclusions(meeting=meeting, actor=actor_for(office.chair))

        following = convened(office)

        assert following.previous == meeting
        assert following.agenda.get().is_follow_up


class TestPages:
    def test_the_list_costs_the_same_for_one_meeting_and_many(
        self, office: Office, client: Any, django_assert_max_num_queries: Any
    ) -> None:
        client.force_login(office.chief)
        for _ in range(4):
            running(office)

        with django_assert_max_num_queries(MOST_QUERIES):
            response = client.get(reverse("meetings:list"))

        assert response.content.decode().count("Giao ban tháng 11") == 4

    def test_the_list_goes_on_for_as_long_as_there_are_meetings(
        self, office: Office, client: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("meetings.views.pages.PAGE", 2)
        oldest, *_newer = [convened(office) for _ in range(3)]
        client.force_login(office.chief)

        first, last = (client.get(reverse("meetings:list"), {"page": page}).content.decode() for page in (1, 2))

        address = reverse("meetings:room", args=[oldest.pk])
        assert (address in first, address in last) == (False, True)
        assert 'href="?page=2"' in first

    @pytest.mark.parametrize("name", ["chief", "chair", "province_chair"])
    def test_the_room_opens_for_those_concerned(self, office: Office, client: Any, name: str) -> None:
        meeting = running(office)
        client.force_login(office.people[name])

        assert client.get(reverse("meetings:room", args=[meeting.pk])).status_code == 200

    def test_the_room_is_not_there_for_others(self, office: Office, client: Any) -> None:
        meeting = running(office)
        client.force_login(office.outsider)

        assert client.get(reverse("meetings:room", args=[meeting.pk])).status_code == 404

    def test_autosave_answers_a_conflict_with_both_texts(self, office: Office, client: Any) -> None:
        meeting = running(office)
        item = meeting.agenda.get()
        client.force_login(office.chief)
        url = reverse("meetings:write", args=[meeting.pk, item.pk])
        first = client.post(url, {"text": "một", "version": 1}, headers={"accept": "application/json"})

        second = client.post(url, {"text": "hai", "version": 1}, headers={"accept": "application/json"})

        assert first.json()["version"] == 2
        assert (second.status_code, second.json()["text"]) == (409, "một")

    def test_refused_publishing_is_said_in_vietnamese(self, office: Office, client: Any) -> None:
        meeting = closed(office)
        conclude(office, meeting, due_date=None)
        client.force_login(office.chair)

        response = client.post(reverse("meetings:publish", args=[meeting.pk]))

        assert response.status_code == 409
        assert "còn thiếu đơn vị chủ trì hoặc thời hạn" in response.content.decode()
