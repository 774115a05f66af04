"""I8: who directs a unit hands its work on within the unit; parts come back or report for the whole (domain.md 13, 15)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from core import clock, ids
from documents.models import Document, DocumentAccess
from organizations.models import Role
from organizations.policies import NotAllowed
from tests.factories.offices import Office, act, add_person, registered_case
from workflow import selectors
from workflow.engine.repair import differences
from workflow.models import Assignment, IncomingCase
from workflow.services.incoming import AfterTheWhole

if TYPE_CHECKING:
    from django.test import Client

    from organizations.models import User

State = Assignment.State


@pytest.fixture
def specialist(office: Office) -> User:
    add_person(office, "specialist", office.bureau, "Chuyên viên", [Role.SPECIALIST])
    return office.specialist


@pytest.fixture
def case(office: Office, specialist: User) -> IncomingCase:
    """Given to the bureau to lead and to the deputy to support."""
    found = registered_case(office)
    act(office.clerk, found.document, "present", leader_post=office.posts["chair"], note="")
    act(
        office.chair, found.document, "direct", text="Giao Văn phòng", lead=ids.unit_key(office.bureau.pk),
        supporters=[ids.post_key(office.posts["deputy"].pk)], fyi=[], due_date=clock.today() + timedelta(days=5),
    )  # fmt: skip
    return found


def hand_on(office: Office, case: IncomingCase, **more: Any) -> None:
    facts = {"post": office.posts["specialist"], "note": "Lập danh sách các cơ sở", "due_date": None} | more
    act(office.chief, case.document, "hand_on", **facts)


def states(case: IncomingCase, role: str = Assignment.Role.LEAD) -> list[str]:
    return list(Assignment.plain.filter(case=case, role=role).order_by("id").values_list("state", flat=True))


class TestHandOn:
    def test_puts_the_work_on_the_desk_of_the_post(self, office: Office, case: IncomingCase) -> None:
        hand_on(office, case)

        (item,) = selectors.open_items(case.document, office.specialist, clock.now())
        assert (item.node, item.role, item.note) == ("work", "LEAD", "Lập danh sách các cơ sở")
        assert item.sent_by == office.chief.full_name
        assert item.due_at is not None
        assert clock.office_date(item.due_at) == clock.today() + timedelta(days=5)
        assert states(case) == [State.HANDED_ON, State.OPEN]
        assert selectors.open_items(case.document, office.chief, clock.now()) == []
        assert list(differences()) == []

    def test_lets_the_post_read_the_paper(self, office: Office, case: IncomingCase) -> None:
        hand_on(office, case)

        assert Document.objects.visible_to(office.specialist).filter(pk=case.document_id).exists()

    def test_tells_the_sender_that_the_work_is_in_progress(self, office: Office, case: IncomingCase) -> None:
        hand_on(office, case)

        case.refresh_from_db()
        assert case.state == IncomingCase.State.IN_PROGRESS

    def test_is_not_due_after_the_whole(self, office: Office, case: IncomingCase) -> None:
        with pytest.raises(AfterTheWhole):
            hand_on(office, case, due_date=clock.today() + timedelta(days=6))

    def test_stays_within_the_unit(self, office: Office, case: IncomingCase) -> None:
        with pytest.raises(NotAllowed):
            hand_on(office, case, post=office.posts["province_chair"])

    def test_is_not_for_whoever_does_not_direct_the_unit(self, office: Office, case: IncomingCase) -> None:
        hand_on(office, case)

        with pytest.raises(NotAllowed):
            act(office.specialist, case.document, "hand_on", post=office.posts["clerk"], note="")

    def test_is_offered_to_the_head_alone(self, office: Office, case: IncomingCase, client: Client) -> None:
        client.force_login(office.chief)
        page = client.get(reverse("desk:paper", args=[case.document_id])).content.decode()
        hand_on(office, case)
        client.force_login(office.specialist)
        other = client.get(reverse("desk:paper", args=[case.document_id])).content.decode()

        assert ("Giao lại trong đơn vị" in page, "Giao lại trong đơn vị" in other) == (True, False)


class TestParts:
    def test_report_for_the_whole(self, office: Office, case: IncomingCase) -> None:
        hand_on(office, case)

        act(office.specialist, case.document, "report", text="Đã lập danh sách")

        assert states(case) == [State.DONE, State.DONE]
        (item,) = selectors.open_items(case.document, office.chair, clock.now())
        assert item.node == "finish"

    def test_go_back_to_who_handed_them_on(self, office: Office, case: IncomingCase) -> None:
        hand_on(office, case)

        act(office.specialist, case.document, "return", reason="Không đúng lĩnh vực phụ trách")

        (item,) = selectors.open_items(case.document, office.chief, clock.now())
        assert (item.node, item.note) == ("work", "Không đúng lĩnh vực phụ trách")
        assert states(case) == [State.OPEN, State.RETURNED]

    def test_are_handed_on_again(self, office: Office, case: IncomingCase) -> None:
        hand_on(office, case)
        act(office.specialist, case.document, "return", reason="Không đúng lĩnh vực phụ trách")

        hand_on(office, case, post=office.posts["clerk"])

        assert states(case) == [State.HANDED_ON, State.RETURNED, State.OPEN]
        act(office.clerk, case.document, "report", text="Đã làm")
        assert states(case) == [State.DONE, State.RETURNED, State.DONE]

    def test_of_a_supporter_are_closed_when_the_lead_reports(self, office: Office, case: IncomingCase) -> None:
        act(office.deputy, case.document, "hand_on", post=office.posts["specialist"], note="Góp ý")

        act(office.chief, case.document, "report", text="Đã làm")

        assert states(case, Assignment.Role.SUPPORT) == [State.CLOSED, State.CLOSED]
        assert selectors.open_items(case.document, office.specialist, clock.now()) == []
        assert list(differences()) == []

    def test_open_again_when_the_leader_wants_more(self, office: Office, case: IncomingCase) -> None:
        hand_on(office, case)
        act(office.specialist, case.document, "report", text="Đã lập danh sách")

        act(office.chair, case.document, "return", reason="Bổ sung số liệu của ba phường")

        (item,) = selectors.open_items(case.document, office.specialist, clock.now())
        assert (item.node, item.note) == ("work", "Bổ sung số liệu của ba phường")

    def test_and_their_wholes_are_taken_back_together_after_that(self, office: Office, case: IncomingCase) -> None:
        """The whole waits again too; otherwise its reading right would outlive the work."""
        hand_on(office, case)
        act(office.specialist, case.document, "report", text="Đã lập danh sách")
        act(office.chair, case.document, "return", reason="Bổ sung số liệu của ba phường")
        assert states(case) == [State.HANDED_ON, State.OPEN]

        act(office.specialist, case.document, "report", text="Đã bổ sung")

        assert states(case) == [State.DONE, State.DONE]

    def test_that_were_given_back_stay_with_who_did_the_work_then(self, office: Office, case: IncomingCase) -> None:
        hand_on(office, case)
        act(office.specialist, case.document, "return", reason="Không đúng lĩnh vực phụ trách")
        act(office.chief, case.document, "report", text="Đã tự làm")

        act(office.chair, case.document, "return", reason="Bổ sung số liệu của ba phường")

        assert [item.node for item in selectors.open_items(case.document, office.chief, clock.now())] == ["work"]
        assert states(case) == [State.OPEN, State.RETURNED]

    def test_are_taken_back_with_the_whole(self, office: Office, case: IncomingCase) -> None:
        act(office.deputy, case.document, "hand_on", post=office.posts["specialist"], note="Góp ý")

        act(office.chief, case.document, "return", reason="Không đúng chức năng của Văn phòng")

        assert states(case, Assignment.Role.SUPPORT) == [State.CLOSED, State.CLOSED]
        granted = DocumentAccess.objects.filter(document=case.document, cause__startswith="assignment:")
        assert not granted.exists()


class TestWholes:
    def test_come_back_to_the_leader_through_the_head(self, office: Office, case: IncomingCase) -> None:
        hand_on(office, case)
        act(office.specialist, case.document, "return", reason="Không đúng lĩnh vực phụ trách")

        act(office.chief, case.document, "return", reason="Văn phòng không có người làm")

        (item,) = selectors.open_items(case.document, office.chair, clock.now())
        assert item.node == "direct"
        assert states(case) == [State.RETURNED, State.RETURNED]
