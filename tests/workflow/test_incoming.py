"""The incoming flow, every path through its services (domain.md 15)."""

from __future__ import annotations

from typing import Any

import pytest

from audit.models import AuditEntry
from core import clock, ids
from documents.models import Document
from documents.services.registration import void_entry
from exchange.services import ReasonTooShort
from organizations.models import Role, User
from organizations.services import actor_for
from tests.factories.offices import Office, act, add_person, confirmed_paper, registered_case
from workflow import selectors, services
from workflow.engine.hold import AlreadyDone, StaleVersion
from workflow.engine.registry import UnknownAction
from workflow.models import Assignment, IncomingCase, WorkItem
from workflow.services.incoming import FyiCannotReturn, LeadMissing, NamedTwice

State = IncomingCase.State


def direct(office: Office, case: IncomingCase, **more: object) -> None:
    act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="Kính trình")
    facts = {
        "text": "Giao Văn phòng",
        "lead": ids.unit_key(office.bureau.pk),
        "supporters": [],
        "fyi": [],
        "due_date": clock.today(),
    }
    act(office.chair, case.document, "direct", **(facts | more))


def may_read(person: User, case: IncomingCase) -> bool:
    return Document.objects.visible_to(person).filter(pk=case.document_id).exists()


def state_of(case: IncomingCase) -> str:
    case.refresh_from_db()
    return case.state


class TestRegisterAndStart:
    def test_waits_with_the_clerk_for_presenting(self, office: Office) -> None:
        case = registered_case(office)

        (item,) = selectors.open_items(case.document, office.clerk, clock.now())

        assert (item.node, item.holder) == ("present", ids.post_key(office.posts["clerk"].pk))

    def test_takes_one_number_for_one_form_posted_twice(self, office: Office) -> None:
        document, key = confirmed_paper(office), ids.new_receipt_key()
        facts: dict[str, Any] = {
            "document": document,
            "unit": office.top,
            "received_at": clock.now(),
            "actor": actor_for(office.clerk),
            "receipt_key": key,
        }

        first, second = services.register_and_start(**facts), services.register_and_start(**facts)

        assert first.pk == second.pk


class TestTheWay:
    def test_leads_from_presenting_to_done(self, office: Office) -> None:
        case = registered_case(office)

        direct(office, case)
        act(office.chief, case.document, "report", text="Đã làm")
        act(office.chair, case.document, "finish", note="")

        assert state_of(case) == State.DONE
        assert not WorkItem.objects.filter(state=WorkItem.State.OPEN).exists()
        assert not case.process.is_open if case.process else False

    def test_comes_back_to_the_clerk_with_a_reason(self, office: Office) -> None:
        case = registered_case(office)
        act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="")

        act(office.chair, case.document, "return", reason="Thiếu phụ lục kèm theo")

        (item,) = selectors.open_items(case.document, office.clerk, clock.now())
        assert (item.node, item.note) == ("present", "Thiếu phụ lục kèm theo")

    def test_goes_to_the_leader_again_when_the_lead_gives_it_back(self, office: Office) -> None:
        case = registered_case(office)
        direct(office, case, supporters=[ids.post_key(office.posts["deputy"].pk)])

        act(office.chief, case.document, "return", reason="Không đúng chức năng của Văn phòng")

        assert state_of(case) == State.PRESENTED
        assert [item.node for item in selectors.open_items(case.document, office.chair, clock.now())] == ["direct"]
        assert set(Assignment.plain.values_list("role", "state")) == {("LEAD", "RETURNED"), ("SUPPORT", "CLOSED")}

    @pytest.mark.parametrize("is_struck_out", [False, True])
    def test_takes_the_reading_back_with_the_work(self, office: Office, is_struck_out: bool) -> None:
        add_person(office, "aide", office.bureau, "Chuyên viên", [Role.SPECIALIST])
        case = registered_case(office)
        direct(office, case, supporters=[ids.post_key(office.posts["aide"].pk)])
        assert may_read(office.aide, case)
        if is_struck_out:
            act(office.aide, case.document, "report", text="Ý kiến của tôi")

        act(office.chief, case.document, "return", reason="Không đúng chức năng của Văn phòng")
        if is_struck_out:
            act(office.chair, case.document, "return", reason="Vào sổ nhầm, đề nghị hủy số")
            void_entry(entry=case.entry, reason="Vào sổ nhầm", actor=actor_for(office.clerk))

        assert not may_read(office.aide, case)
        assert may_read(office.chief, case)  # the owner's office keeps its papers

    def test_asks_the_lead_for_more(self, office: Office) -> None:
        case = registered_case(office)
        direct(office, case)
        act(office.chief, case.document, "report", text="Đã làm")

        act(office.chair, case.document, "return", reason="Cần số liệu từng đơn vị")

        (item,) = selectors.open_items(case.document, office.chief, clock.now())
        assert (item.node, item.note) == ("work", "Cần số liệu từng đơn vị")

    def test_closes_what_supporters_left_open_when_the_lead_reports(self, office: Office) -> None:
        case = registered_case(office)
        direct(office, case, fyi=[ids.post_key(office.posts["deputy"].pk)])

        act(office.chief, case.document, "report", text="Đã làm")

        assert not selectors.open_items(case.document, office.deputy, clock.now())
        assert Assignment.plain.get(role="FYI").state == Assignment.State.CLOSED


class TestRefusals:
    def test_a_direction_names_its_lead(self, office: Office) -> None:
        with pytest.raises(LeadMissing):
            direct(office, registered_case(office), lead="")

    def test_nobody_gets_two_roles(self, office: Office) -> None:
        with pytest.raises(NamedTwice):
            direct(office, registered_case(office), fyi=[ids.unit_key(office.bureau.pk)])

    def test_a_return_says_why(self, office: Office) -> None:
        case = registered_case(office)
        act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="")

        with pytest.raises(ReasonTooShort):
            act(office.chair, case.document, "return", reason="sai")

    def test_a_paper_for_information_is_not_returned(self, office: Office) -> None:
        case = registered_case(office)
        direct(office, case, fyi=[ids.post_key(office.posts["deputy"].pk)])

        with pytest.raises(FyiCannotReturn):
            act(office.deputy, case.document, "return", reason="Không liên quan đến tôi")

    @pytest.mark.parametrize(("name", "action"), [("chief", "acknowledge"), ("deputy", "report")])
    def test_work_ends_with_a_report_and_information_with_a_nod(self, office: Office, name: str, action: str) -> None:
        case = registered_case(office)
        direct(office, case, fyi=[ids.post_key(office.posts["deputy"].pk)])

        with pytest.raises(UnknownAction):
            act(office.people[name], case.document, action, text="Đã xem")

        assert state_of(case) == State.ASSIGNED

    def test_the_second_learns_who_was_first(self, office: Office) -> None:
        case = registered_case(office)
        (item,) = selectors.open_items(case.document, office.clerk, clock.now())
        act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="")

        with pytest.raises(AlreadyDone) as refusal:
            services.complete(
                task_id=item.pk,
                actor=actor_for(office.clerk),
                action="present",
                payload={"leader_post": office.posts["chair"]},
                expected_version=1,
                receipt_key=None,
            )

        assert office.clerk.full_name in str(refusal.value)

    def test_an_old_page_is_refused(self, office: Office) -> None:
        case = registered_case(office)
        (item,) = selectors.open_items(case.document, office.clerk, clock.now())

        with pytest.raises(StaleVersion):
            services.complete(
                task_id=item.pk,
                actor=actor_for(office.clerk),
                action="present",
                payload={"leader_post": office.posts["chair"]},
                expected_version=7,
                receipt_key=None,
            )


class TestRecords:
    def test_every_step_stands_in_the_chain(self, office: Office) -> None:
        case = registered_case(office)
        direct(office, case)

        acts = list(
            AuditEntry.objects.filter(act="workflow.item.completed")
            .order_by("id")
            .values_list("data__action", flat=True)
        )

        assert acts == ["present", "direct"]
