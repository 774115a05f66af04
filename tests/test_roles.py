"""Who may do what in a unit: the matrix of domain.md 13, each act tried by each role."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from core import clock, ids
from documents import store
from documents.models import Document, DocumentFile, DocumentType, ReadState
from documents.services.access import grant_office
from documents.services.confirmation import confirm_fields
from documents.services.drafting import create_draft
from documents.services.uploads import attach, receive_upload
from exchange.models import Dispatch
from exchange.services import issue_dispatch
from meetings import services as meetings
from meetings.models import AgendaItem, Meeting
from organizations.models import Role
from organizations.services import actor_for, create_unit
from tests.factories.fixtures import office
from tests.factories.offices import (
    SETTER,
    Office,
    act,
    add_person,
    blank_pdf,
    confirmed_paper,
    drafted,
    registered_case,
)
from workflow import selectors, services
from workflow.models import OutgoingCase, WorkItem
from workflow.services.incoming import register_and_start

if TYPE_CHECKING:
    from collections.abc import Callable

    from organizations.models import User

__all__ = ["office"]

ROLES = (
    Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER, Role.DEPT_HEAD, Role.SPECIALIST, Role.SECRETARY, Role.ARCHIVIST,
    Role.ASSISTANT, Role.UNIT_ADMIN, Role.SYS_ADMIN, Role.SECURITY_OFFICER,
)  # fmt: skip
CLERK, CHIEF, LEADER, HEAD, SPECIALIST, SECRETARY, ASSISTANT = (
    Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER, Role.DEPT_HEAD, Role.SPECIALIST, Role.SECRETARY, Role.ASSISTANT,
)  # fmt: skip
IN_THE_BUREAU = {Role.OFFICE_CHIEF, Role.SECRETARY, Role.ARCHIVIST, Role.ASSISTANT}


@dataclass
class Staff:
    """An organ with one seat for each role, and nobody with two."""

    office: Office
    clerk: User
    leader: User

    def of(self, role: Role) -> User:
        return self.clerk if role == CLERK else self.office.people[f"one_{role.value}"]

    def post(self, role: Role) -> int:
        return self.office.posts[f"one_{role.value}"].pk


@pytest.fixture
def staff(office: Office) -> Staff:
    department = create_unit(
        code="TLD-TG", name="Ban Tuyên giáo", kind="DEPARTMENT", tier=1, parent=office.top, actor=SETTER
    )
    for role in set(ROLES) - {CLERK}:  # a unit's clerk post is one
        unit = office.bureau if role in IN_THE_BUREAU else department
        add_person(office, f"one_{role.value}", office.top if role == LEADER else unit, f"Ghế {role.value}", [role])
    return Staff(office, office.clerk, office.chair)


def unread(staff: Staff) -> Document:
    """Taken in and read; nobody has confirmed it."""
    document = Document.plain.create(owner_unit=staff.office.top, created_by=staff.clerk, read_state=ReadState.READ)
    kept = store.keep(io.BytesIO(blank_pdf(f"chưa xác nhận {document.pk}")))
    attach(document=document, kept=kept, name="giay.pdf", kind=DocumentFile.Kind.SCAN)
    grant_office(document)
    return document


def upload(staff: Staff, person: User) -> None:
    stream = io.BytesIO(blank_pdf("giấy mới"))
    receive_upload(stream=stream, name="a.pdf", unit=staff.office.top, actor=actor_for(person), secrecy="none")


def confirm(staff: Staff, person: User) -> None:
    document = unread(staff)
    values = {"doc_type": DocumentType.objects.get(abbreviation="CT"), "number": "05", "subject": "về việc chung"}
    confirm_fields(document=document, values=values, actor=actor_for(person), expected_version=document.version)


def register(staff: Staff, person: User) -> None:
    document = confirmed_paper(staff.office)
    register_and_start(document=document, unit=staff.office.top, received_at=clock.now(), actor=actor_for(person))


def presented(staff: Staff) -> Document:
    document = registered_case(staff.office).document
    act(staff.clerk, document, "present", leader_post=staff.office.posts["one_leader"], note="")
    return document


def do(document: Document, person: User, holder: str, action: str, **payload: object) -> None:
    """The task that waits for `holder`, by whoever tries."""
    item = WorkItem.objects.get(document=document, state="OPEN", holder=holder)
    services.complete(
        task_id=item.pk, actor=actor_for(person), action=action, payload=payload,
        expected_version=selectors.process_of(item).version, receipt_key=None,
    )  # fmt: skip


def direct(staff: Staff, person: User) -> None:
    lead = ids.post_key(staff.post(SPECIALIST))
    leader = ids.post_key(staff.post(LEADER))
    do(presented(staff), person, leader, "direct", text="Giao Ban làm", lead=lead, due_date=None)


def hand_on(staff: Staff, person: User) -> None:
    """Within the department that was given the work."""
    document = presented(staff)
    department = staff.office.posts["one_dept_head"].unit
    lead = ids.unit_key(department.pk)
    act(staff.of(LEADER), document, "direct", text="Giao Ban làm", lead=lead, due_date=None)
    do(document, person, lead, "hand_on", post=staff.office.posts["one_specialist"], note="", due_date=None)


def draft(staff: Staff, person: User) -> None:
    create_draft(
        unit=staff.office.top, doc_type=DocumentType.objects.get(abbreviation="KH"), subject="Kế hoạch",
        stream=io.BytesIO(blank_pdf("dự thảo mới")), name="kh.pdf", actor=actor_for(person), secrecy="none",
    )  # fmt: skip


def approve(staff: Staff, person: User) -> None:
    document = drafted(staff.office)
    OutgoingCase.plain.filter(document=document).update(signer_post_id=staff.post(LEADER))
    act(staff.office.chief, document, "submit", comment="", version=1)
    do(document, person, ids.post_key(staff.post(LEADER)), "approve", comment="", version=1)


def issue(staff: Staff, person: User) -> None:
    document = drafted(staff.office)
    act(staff.office.chief, document, "submit", comment="", version=1)
    act(staff.leader, document, "approve", comment="", version=1)
    item = WorkItem.objects.get(document=document, state="OPEN", node="issue")
    do(document, person, item.holder, "issue", issued_on=clock.today())


def meeting_of(staff: Staff) -> Meeting:
    found = meetings.convene_meeting(
        unit=staff.office.top, title="Giao ban", starts_at=clock.now(), place="",
        chair_post=staff.office.posts["one_leader"], secretary_post=staff.office.posts["one_secretary"],
        actor=actor_for(staff.clerk),
    )  # fmt: skip
    meetings.add_agenda_item(meeting=found, title="Số hóa văn bản", actor=actor_for(staff.of(SECRETARY)))
    meetings.open_meeting(meeting=found, actor=actor_for(staff.of(SECRETARY)))
    return Meeting.plain.get(pk=found.pk)


def write_minutes(staff: Staff, person: User) -> None:
    item = AgendaItem.plain.filter(meeting=meeting_of(staff)).last()
    assert item is not None
    meetings.write_minutes(item=item, text="Đã bàn", expected_version=item.text_version, actor=actor_for(person))


def close_and_publish(staff: Staff, person: User) -> None:
    meeting = meeting_of(staff)
    meetings.close_meeting(meeting=meeting, actor=actor_for(staff.of(LEADER)))
    meetings.publish_conclusions(meeting=Meeting.plain.get(pk=meeting.pk), actor=actor_for(person), no_conclusions=True)


def look_below(staff: Staff, person: User) -> None:
    """Whether the office's directive, with what became of it below, is there for the person."""
    dispatch = issue_dispatch(
        document=confirmed_paper(staff.office), sender=staff.office.top, recipients=[staff.office.province],
        actor=actor_for(staff.clerk), due_date=clock.today() + timedelta(days=3),
    )  # fmt: skip
    refused_unless(Dispatch.objects.visible_to(person).filter(pk=dispatch.pk).exists())


def look_into_another_unit(staff: Staff, person: User) -> None:
    """A paper that the province took in by itself."""
    document = confirmed_paper(staff.office, by="province_clerk")
    refused_unless(Document.objects.visible_to(person).filter(pk=document.pk).exists())


def refused_unless(seen: bool) -> None:
    if not seen:
        raise PermissionDenied


MATRIX: dict[Callable[[Staff, User], None], set[Role]] = {
    upload: {CLERK, CHIEF},
    register: {CLERK, CHIEF},
    confirm: {CLERK, CHIEF},
    direct: {LEADER},
    hand_on: {HEAD},
    draft: {CLERK, CHIEF, LEADER, HEAD, SPECIALIST, ASSISTANT},
    approve: {LEADER},
    issue: {CLERK},
    write_minutes: {SECRETARY},
    close_and_publish: {LEADER},
    look_below: {CLERK, CHIEF, LEADER},
    look_into_another_unit: set(),
}


class TestMatrix:
    @pytest.mark.parametrize("attempt", MATRIX, ids=lambda attempt: attempt.__name__)
    def test_lets_these_roles_and_refuses_all_others_loudly(
        self, staff: Staff, attempt: Callable[[Staff, User], None]
    ) -> None:
        from django.db import transaction

        done = set()
        for role in ROLES:
            place = transaction.savepoint()
            try:
                attempt(staff, staff.of(role))
                done.add(role)
            except PermissionDenied:
                pass
            transaction.savepoint_rollback(place)

        assert done == MATRIX[attempt]


class TestSmallUnit:
    """Where one officer wears every hat (domain.md 13)."""

    def test_one_person_does_the_whole_way_and_each_step_is_written_down(self, office: Office) -> None:
        from audit.models import AuditEntry

        document = confirmed_paper(office)
        dispatch = issue_dispatch(
            document=document, sender=office.top, recipients=[office.ward], actor=actor_for(office.clerk)
        )
        officer, key = office.ward_officer, ids.post_key(office.posts["ward_officer"].pk)
        services.receive_delivery(
            delivery=dispatch.deliveries.select_related("unit", "dispatch").get(), received_at=clock.now(),
            actor=actor_for(officer),
        )  # fmt: skip
        act(officer, document, "present", leader_post=office.posts["ward_officer"], note="")
        act(officer, document, "direct", text="Tự làm", lead=key, due_date=None)
        act(officer, document, "report", text="Đã làm")
        act(officer, document, "finish", note="")

        steps = AuditEntry.objects.filter(act="workflow.item.completed").order_by("id")
        assert [entry.data["action"] for entry in steps] == ["present", "direct", "report", "finish"]
        assert dispatch.deliveries.get().state == "06"


class TestMenu:
    def test_of_whoever_serves_the_machine_shows_no_paper(self, staff: Staff, client: Client) -> None:
        registered_case(staff.office)
        for role in (Role.UNIT_ADMIN, Role.SYS_ADMIN):
            client.force_login(staff.of(role))
            page = client.get(reverse("desk:inbox")).content.decode()
            assert "05/CT-TLĐ" not in page
