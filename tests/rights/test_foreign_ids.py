"""
Every number in a form may be exchanged by hand for one that is not the person's: nothing happens then (reliability.md 3).

One line per form and field: who posts what where. Whatever the answer says, the record must not have grown by an act.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from core import clock, ids
from documents.models import DocumentType
from exchange.services import issue_dispatch
from meetings import services as meetings
from meetings.models import AgendaItem
from organizations.models import Appointment, Role
from organizations.services import actor_for
from tests.factories.fixtures import office
from tests.factories.offices import Office, act, add_person, blank_pdf, confirmed_paper, drafted, registered_case
from tests.factories.organizations import make_delegation
from workflow.models import WorkItem
from workflow.selectors import process_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from documents.models import Document
    from meetings.models import Meeting

__all__ = ["office"]


@dataclass
class Try:
    """A form as somebody might send it by hand; `route` with the numbers of its address."""

    who: str
    route: str
    args: list[Any] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


def task(document: Document, action: str, **data: Any) -> tuple[list[Any], dict[str, Any]]:
    """The open task of a paper as its page would post it."""
    item = WorkItem.objects.get(document=document, state="OPEN")
    named = {f"{action}-{name}": value for name, value in data.items()}
    return [item.pk], {"action": action, "version": process_of(item).version, **named}


def presented(office: Office) -> Document:
    document = registered_case(office).document
    act(office.clerk, document, "present", leader_post=office.posts["chair"], note="")
    return document


def present_to_another_unit(office: Office) -> Try:
    args, data = task(registered_case(office).document, "present", leader_post=office.posts["province_chair"].pk)
    return Try("clerk", "workflow:complete", args, data)


def present_to_somebody_who_leads_nothing(office: Office) -> Try:
    args, data = task(registered_case(office).document, "present", leader_post=office.posts["clerk"].pk)
    return Try("clerk", "workflow:complete", args, data)


def give_the_lead_to_another_unit(office: Office) -> Try:
    args, data = task(presented(office), "direct", text="Làm", lead=ids.unit_key(office.province.pk))
    return Try("chair", "workflow:complete", args, data)


def give_support_to_a_post_of_another_unit(office: Office) -> Try:
    lead, foreign = ids.unit_key(office.bureau.pk), ids.post_key(office.posts["province_clerk"].pk)
    args, data = task(presented(office), "direct", text="Làm", lead=lead, supporters=[foreign])
    return Try("chair", "workflow:complete", args, data)


def inform_a_person(office: Office) -> Try:
    lead, person = ids.unit_key(office.bureau.pk), ids.user_key(office.outsider.pk)
    args, data = task(presented(office), "direct", text="Làm", lead=lead, fyi=[person])
    return Try("chair", "workflow:complete", args, data)


def hand_on_to_another_unit(office: Office) -> Try:
    document = presented(office)
    act(office.chair, document, "direct", text="", lead=ids.unit_key(office.bureau.pk), due_date=None)
    args, data = task(document, "hand_on", post=office.posts["province_clerk"].pk)
    return Try("chief", "workflow:complete", args, data)


def answer_with_another_unit_s_paper(office: Office) -> Try:
    foreign = confirmed_paper(office, by="province_clerk")
    document = presented(office)
    act(office.chair, document, "direct", text="", lead=ids.unit_key(office.bureau.pk), due_date=None)
    args, data = task(document, "report", text="Đã làm", reply_document=foreign.pk)
    return Try("chief", "workflow:complete", args, data)


def do_another_unit_s_work(office: Office) -> Try:
    args, data = task(registered_case(office).document, "present", leader_post=office.posts["chair"].pk)
    return Try("province_clerk", "workflow:complete", args, data)


def submit_to_a_foreign_signer(office: Office) -> Try:
    args, data = task(drafted(office), "submit", signer_post=office.posts["province_chair"].pk)
    return Try("chief", "workflow:complete", args, data)


def a_draft(office: Office, **changed: Any) -> Try:
    plan = SimpleUploadedFile("kh.pdf", blank_pdf("bản thảo"), "application/pdf")
    usual = {
        "secrecy": "none", "doc_type": DocumentType.objects.get(abbreviation="KH").pk, "subject": "Kế hoạch", "file": plan,
        "signer_post": office.posts["province_chair"].pk, "recipients": [office.ward.pk],
    }  # fmt: skip
    return Try("province_clerk", "workflow:draft-new", [], usual | changed)


def draft_for_a_foreign_signer(office: Office) -> Try:
    return a_draft(office, signer_post=office.posts["chair"].pk)


def draft_to_a_unit_that_is_not_below(office: Office) -> Try:
    return a_draft(office, recipients=[office.bureau.pk])


def draft_to_a_group_that_is_not_there(office: Office) -> Try:
    return a_draft(office, groups=["EVERYBODY"])


def version_of_another_unit_s_draft(office: Office) -> Try:
    plan = SimpleUploadedFile("kh.pdf", blank_pdf("bản hai"), "application/pdf")
    return Try("province_clerk", "workflow:draft-version", [drafted(office).pk], {"file": plan})


def delivery(office: Office) -> int:
    dispatch = issue_dispatch(
        document=confirmed_paper(office), sender=office.top, recipients=[office.province], actor=actor_for(office.clerk)
    )
    return int(dispatch.deliveries.get().pk)


def receive_for_another_unit(office: Office) -> Try:
    return Try("ward_officer", "workflow:receive", [delivery(office)])


def receive_what_one_sent(office: Office) -> Try:
    return Try("clerk", "workflow:receive", [delivery(office)])


def refuse_for_another_unit(office: Office) -> Try:
    return Try("ward_officer", "exchange:refuse", [delivery(office)], {"reason": "Không phải của đơn vị này"})


def strike_out_another_unit_s_number(office: Office) -> Try:
    return Try("province_clerk", "documents:void-entry", [registered_case(office).entry_id], {"reason": "Vào sổ nhầm"})


def open_another_unit_s_book(office: Office) -> Try:
    book = registered_case(office).entry.register_id
    facts = {"person": office.province_clerk.pk, "until": "2030-01-01", "reason": "Văn bản đến muộn"}
    return Try("province_chair", "documents:open-book", [book], facts)


def confirm_another_unit_s_paper(office: Office) -> Try:
    document = confirmed_paper(office)
    return Try(
        "province_clerk", "documents:confirm", [document.pk], {"version": document.version, "subject": "Của tôi"}
    )


def correct_a_paper_that_was_sent(office: Office) -> Try:
    delivery(office)
    document = confirmed_paper(office)
    return Try("province_clerk", "documents:correct", [document.pk], {"version": document.version, "reason": "Sửa lại"})


def say_that_a_foreign_paper_is_replaced(office: Office) -> Try:
    theirs = confirmed_paper(office, by="province_clerk", number="03")
    return Try("clerk", "documents:replace", [confirmed_paper(office).pk], {"target": theirs.pk})


def say_that_a_paper_is_replaced_by_a_foreign_one(office: Office) -> Try:
    theirs = confirmed_paper(office, by="province_clerk", number="03")
    return Try("clerk", "documents:replace", [theirs.pk], {"target": confirmed_paper(office).pk})


def meeting(office: Office) -> Meeting:
    found = meetings.convene_meeting(
        unit=office.top, title="Giao ban", starts_at=clock.now(), place="", chair_post=office.posts["chair"],
        secretary_post=office.posts["chief"], actor=actor_for(office.chief),
    )  # fmt: skip
    meetings.add_agenda_item(meeting=found, title="Số hóa", actor=actor_for(office.chief))
    return found


def a_meeting(office: Office, **changed: Any) -> Try:
    usual = {
        "title": "Giao ban", "starts_at": "2026-12-01T08:00", "mode": "HYBRID", "chair_post": office.posts["chair"].pk,
        "secretary_post": office.posts["chief"].pk, "units": [office.province.pk],
    }  # fmt: skip
    return Try("chief", "meetings:convene", [], usual | changed)


def convene_under_a_foreign_chair(office: Office) -> Try:
    return a_meeting(office, chair_post=office.posts["province_chair"].pk)


def convene_a_unit_that_is_not_below(office: Office) -> Try:
    return a_meeting(office, units=[office.bureau.pk])


def write_minutes_of_another_meeting(office: Office) -> Try:
    mine, other = meeting(office), meeting(office)
    item = AgendaItem.plain.filter(meeting=other).latest("pk")
    return Try("chief", "meetings:write", [mine.pk, item.pk], {"text": "Đã bàn", "version": item.text_version})


def conclude_for_a_unit_that_was_not_invited(office: Office) -> Try:
    found = meeting(office)
    meetings.open_meeting(meeting=found, actor=actor_for(office.chief))
    facts = {"text": "Hoàn thành", "lead": office.province.pk, "due_date": "2026-12-31"}
    return Try("chief", "meetings:conclude", [found.pk], facts)


def appoint_to_a_foreign_post(office: Office) -> Try:
    add_person(office, "admin", office.province, "Quản trị", [Role.UNIT_ADMIN])
    facts = {"post": office.posts["clerk"].pk, "user": "admin", "valid_from": "2026-01-01"}
    return Try("admin", "organizations:unit-appoint", [office.province.pk], facts)


def end_a_foreign_appointment(office: Office) -> Try:
    add_person(office, "admin", office.province, "Quản trị", [Role.UNIT_ADMIN])
    row, post = Appointment.objects.get(user=office.clerk), office.posts["province_clerk"]
    facts = {f"end-{row.pk}-valid_to": "2026-11-30"}
    return Try("admin", "organizations:end-appointment", [post.pk, row.pk], facts)


def give_a_foreign_person_a_password(office: Office) -> Try:
    add_person(office, "admin", office.province, "Quản trị", [Role.UNIT_ADMIN])
    return Try("admin", "organizations:person", [office.clerk.pk], {"password": "mat-khau-moi-cua-ban-1"})


def revoke_somebody_else_s_delegation(office: Office) -> Try:
    row = make_delegation(office.chair, office.deputy, valid_to=clock.now() + timedelta(days=1))
    return Try("province_chair", "organizations:revoke-delegation", [row.pk])


TRIES: tuple[Callable[[Office], Try], ...] = (
    present_to_another_unit, present_to_somebody_who_leads_nothing, give_the_lead_to_another_unit,
    give_support_to_a_post_of_another_unit, inform_a_person, hand_on_to_another_unit, answer_with_another_unit_s_paper,
    do_another_unit_s_work, submit_to_a_foreign_signer, draft_for_a_foreign_signer, draft_to_a_unit_that_is_not_below,
    draft_to_a_group_that_is_not_there, version_of_another_unit_s_draft, receive_for_another_unit, receive_what_one_sent,
    refuse_for_another_unit, strike_out_another_unit_s_number, open_another_unit_s_book, confirm_another_unit_s_paper,
    correct_a_paper_that_was_sent, convene_under_a_foreign_chair, convene_a_unit_that_is_not_below,
    write_minutes_of_another_meeting, conclude_for_a_unit_that_was_not_invited, appoint_to_a_foreign_post,
    end_a_foreign_appointment, give_a_foreign_person_a_password, revoke_somebody_else_s_delegation,
    say_that_a_foreign_paper_is_replaced, say_that_a_paper_is_replaced_by_a_foreign_one,
)  # fmt: skip
# The same forms with the person's own numbers: what proves that the tries fail by their numbers and by nothing else.
RIGHT: tuple[tuple[str, Callable[[Office], Try], dict[str, Callable[[Office], Any]]], ...] = (
    ("present", present_to_another_unit, {"present-leader_post": lambda office: office.posts["chair"].pk}),
    ("direct", give_the_lead_to_another_unit, {"direct-lead": lambda office: ids.unit_key(office.bureau.pk)}),
    ("hand on", hand_on_to_another_unit, {"hand_on-post": lambda office: office.posts["clerk"].pk}),
    ("submit", submit_to_a_foreign_signer, {"submit-signer_post": lambda office: office.posts["deputy"].pk}),
    ("draft", draft_for_a_foreign_signer, {"signer_post": lambda office: office.posts["province_chair"].pk}),
    ("convene", convene_under_a_foreign_chair, {"chair_post": lambda office: office.posts["chair"].pk}),
)


def post(attempt: Try, office: Office) -> tuple[int, int]:
    """The answer's code, and by how many acts the record has grown."""
    client = Client()
    client.force_login(office.people[attempt.who])  # an act of its own
    before = AuditEntry.objects.count()
    answer = client.post(reverse(attempt.route, args=attempt.args), attempt.data)
    return answer.status_code, AuditEntry.objects.count() - before


class TestForeignIds:
    @pytest.mark.parametrize("make", TRIES, ids=lambda make: make.__name__)
    def test_do_nothing(self, office: Office, make: Callable[[Office], Try]) -> None:
        code, acts = post(make(office), office)

        assert acts == 0
        assert code in {302, 403, 404, 409, 422}

    @pytest.mark.parametrize(("name", "make", "right"), RIGHT, ids=[name for name, _make, _right in RIGHT])
    def test_are_all_that_is_wrong_with_the_form(
        self, office: Office, name: str, make: Callable[[Office], Try], right: dict[str, Callable[[Office], Any]]
    ) -> None:
        attempt = make(office)
        attempt.data |= {field: value(office) for field, value in right.items()}

        code, acts = post(attempt, office)

        assert (code, acts > 0) == (302, True), name
