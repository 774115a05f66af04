"""M9: two people at one conclusion, and a conclusion that was struck out under somebody's hands."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from core import clock
from meetings import services
from meetings.models import Conclusion
from meetings.services.conclusions import ConclusionChanged, ConclusionSettled
from organizations.services import actor_for
from tests.factories.offices import Office
from tests.meetings.test_meetings import closed, conclude

FIRST, SECOND = "Hoàn thành trước ngày 10", "Hoàn thành trước ngày 20"


def revise(office: Office, conclusion: Conclusion, *, text: str = FIRST, version: int = 1) -> Conclusion:
    return services.revise_conclusion(
        conclusion=conclusion, text=text, lead=office.province, supports=[office.ward], due_date=clock.today(), measure="",
        expected_version=version, actor=actor_for(office.chief),
    )  # fmt: skip


def cancel(office: Office, conclusion: Conclusion, reason: str = "Trùng nội dung") -> None:
    services.cancel_conclusion(conclusion=conclusion, reason=reason, actor=actor_for(office.chief))


def form_of(office: Office, **facts: Any) -> dict[str, Any]:
    usual = {"text": SECOND, "lead": office.ward.pk, "due_date": clock.today().isoformat(), "version": 1}
    return usual | facts


def acts() -> set[str]:
    return set(AuditEntry.objects.filter(act__startswith="meetings.conclusion.").values_list("act", flat=True))


class TestReviseConclusion:
    def test_overwrites_nothing_that_changed_meanwhile(self, office: Office) -> None:
        conclusion = conclude(office, closed(office))
        revise(office, conclusion)

        with pytest.raises(ConclusionChanged) as conflict:
            revise(office, conclusion, text=SECOND)

        conclusion.refresh_from_db()
        assert (conclusion.text, conclusion.version) == (FIRST, 2)
        assert conflict.value.conclusion.text == FIRST

    def test_goes_on_from_what_was_seen(self, office: Office) -> None:
        conclusion = revise(office, conclude(office, closed(office)))

        assert revise(office, conclusion, text=SECOND, version=conclusion.version).text == SECOND

    def test_of_a_cancelled_one_is_refused_and_not_recorded(self, office: Office) -> None:
        conclusion = conclude(office, closed(office))
        cancel(office, conclusion)

        with pytest.raises(ConclusionSettled):
            revise(office, conclusion)

        assert not conclusion.supports.exists()
        assert acts() == {"meetings.conclusion.drafted", "meetings.conclusion.cancelled"}


class TestCancelConclusion:
    def test_of_a_cancelled_one_is_refused_and_the_first_reason_stays(self, office: Office) -> None:
        conclusion = conclude(office, closed(office))
        cancel(office, conclusion)

        with pytest.raises(ConclusionSettled):
            cancel(office, conclusion, "Lý do khác")

        conclusion.refresh_from_db()
        assert conclusion.cancel_reason == "Trùng nội dung"
        assert AuditEntry.objects.filter(act="meetings.conclusion.cancelled").count() == 1


class TestPages:
    def test_the_form_carries_the_version_that_was_shown(self, office: Office, client: Any) -> None:
        conclusion = conclude(office, closed(office))
        client.force_login(office.chair)
        url = reverse("meetings:revise", args=[conclusion.meeting_id, conclusion.pk])

        answers = [client.post(url, form_of(office, version=version)).status_code for version in (1, 2, 2)]

        assert answers == [302, 302, 409]

    def test_the_later_of_two_editors_is_told_and_keeps_what_was_typed(self, office: Office, client: Any) -> None:
        conclusion = conclude(office, closed(office))
        revise(office, conclusion)
        client.force_login(office.chair)
        url = reverse("meetings:revise", args=[conclusion.meeting_id, conclusion.pk])

        response = client.post(url, form_of(office))

        page = response.content.decode()
        assert response.status_code == 409
        assert "đã được sửa ở nơi khác" in page
        assert page.count(FIRST) == 1
        assert page.count(SECOND) == 1
        assert client.post(url, form_of(office, version=2)).status_code == 302

    def test_who_changes_what_was_cancelled_is_told_and_keeps_what_was_typed(self, office: Office, client: Any) -> None:
        conclusion = conclude(office, closed(office))
        cancel(office, conclusion)
        client.force_login(office.chair)

        response = client.post(reverse("meetings:revise", args=[conclusion.meeting_id, conclusion.pk]), form_of(office))

        page = response.content.decode()
        assert response.status_code == 409
        assert "“Đã hủy”" in page
        assert page.index("conclude-title") < page.index(SECOND)

    def test_who_cancels_what_was_cancelled_is_told_and_keeps_the_reason(self, office: Office, client: Any) -> None:
        conclusion = conclude(office, closed(office))
        cancel(office, conclusion)
        client.force_login(office.chair)
        url = reverse("meetings:cancel-conclusion", args=[conclusion.meeting_id, conclusion.pk])

        response = client.post(url, {"reason": "Chờ ý kiến cấp trên"})

        assert response.status_code == 409
        assert "Chờ ý kiến cấp trên" in response.content.decode()

    def test_what_was_typed_after_the_publication_is_given_back(self, office: Office, client: Any) -> None:
        conclusion = conclude(office, closed(office))
        services.publish_conclusions(meeting=conclusion.meeting, actor=actor_for(office.chair))
        client.force_login(office.chief)

        response = client.post(reverse("meetings:revise", args=[conclusion.meeting_id, conclusion.pk]), form_of(office))

        assert response.status_code == 409
        assert SECOND in response.content.decode()
