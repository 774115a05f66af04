"""
What each act may ask of the database, locks and savepoints counted: the ceilings of the design, so that no act grows unseen.

Counted is the service with its policy, receipt, version check and audit entry, as a page calls it. An act on N rows may cost so
much per row and no more; sending to units costs the same for one and for many.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock, ids
from documents.models import Document, DocumentType, RegisterEntry
from documents.services.drafting import create_draft
from documents.services.registration import register_arrival
from exchange.models import Delivery
from exchange.services import issue_dispatch
from organizations.models import Role, Unit
from organizations.selectors import organs_below
from organizations.services import actor_for, create_unit
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
from tests.factories.organizations import fresh
from workflow import selectors, services

if TYPE_CHECKING:
    from collections.abc import Callable

    from organizations.models import User

START = 26
DRAFTING = 2  # who drafts is asked too
DIRECT, EACH = 32, 11
JOIN_WAITS, JOIN_GOES_ON = 36, 54
HANDED = 4  # one gateway more than in the design: work may have been handed on (I8)
FINISH, APPROVE = 40, 40
NUMBER, SEND = 46, 34  # numbering and sending are one act here
RECEIVE = START + 26  # the case, and before it the number and 03
INBOX = 3
BEYOND = ("django_session", 'FROM "organizations_user" WHERE "organizations_user"."id" =')


def cost(doing: Callable[[], Any]) -> int:
    """How many statements."""
    with CaptureQueriesContext(connection) as asked:
        doing()
    return len(asked)


def cost_of_act(person: User, document: Document, action: str, **payload: Any) -> int:
    """One action of the person's first task on a paper, by somebody whose rights are not remembered from before."""
    who = fresh(person)
    item = selectors.open_items(document, who, clock.now())[0]
    facts = {
        "task_id": item.pk, "actor": actor_for(who), "action": action, "payload": payload,
        "expected_version": selectors.process_of(item).version, "receipt_key": ids.new_receipt_key(),
    }  # fmt: skip
    return cost(lambda: services.complete(**facts))


def helpers(office: Office, count: int) -> list[str]:
    """Holder keys of so many posts of the bureau."""
    for number in range(count):
        add_person(office, f"aide{number}", office.bureau, f"Chuyên viên {number}", [Role.SPECIALIST])
    return [ids.post_key(office.posts[f"aide{number}"].pk) for number in range(count)]


def presented(office: Office) -> Document:
    document = registered_case(office).document
    act(office.clerk, document, "present", leader_post=office.posts["chair"], note="")
    return document


def directed(office: Office, supporters: list[str]) -> tuple[Document, int]:
    document = presented(office)
    lead = ids.unit_key(office.bureau.pk)
    spent = cost_of_act(office.chair, document, "direct", text="Giao", lead=lead, supporters=supporters)
    return document, spent


def units_below(office: Office, count: int) -> list[Unit]:
    for number in range(count):
        create_unit(
            code=f"X{number}", name=f"CĐ xã {number}", kind="WARD", tier=3, parent=office.province, actor=SETTER
        )
    return list(organs_below(office.top))


class TestStart:
    def test_of_a_case_under_its_number(self, office: Office) -> None:
        document, actor = confirmed_paper(office), actor_for(office.clerk)
        entry = register_arrival(document=document, unit=office.top, received_at=clock.now(), actor=actor)

        spent = cost(lambda: services.start_incoming(document=document, unit=office.top, entry=entry, actor=actor))

        assert spent <= START

    def test_of_a_draft(self, office: Office) -> None:
        document = create_draft(
            unit=office.top, doc_type=DocumentType.objects.get(abbreviation="KH"), subject="Kế hoạch",
            stream=io.BytesIO(blank_pdf()), name="kh.pdf", actor=actor_for(office.chief), secrecy="none",
        )  # fmt: skip

        actor = actor_for(fresh(office.chief))

        spent = cost(
            lambda: services.start_outgoing(
                document=document, signer_post=office.posts["chair"], recipients=[], groups=["ALL_BELOW"], actor=actor,
                receipt_key=ids.new_receipt_key(),
            )
        )  # fmt: skip

        assert spent <= START + DRAFTING


class TestDirect:
    @pytest.mark.parametrize("count", [1, 3, 10])
    def test_costs_so_much_and_so_much_for_each(self, office: Office, count: int) -> None:
        _document, spent = directed(office, helpers(office, count - 1))

        assert spent <= DIRECT + EACH * count


class TestReport:
    def test_of_a_supporter_leaves_the_others_alone(self, office: Office) -> None:
        document, _spent = directed(office, helpers(office, 3))

        assert cost_of_act(office.people["aide0"], document, "report", text="Ý kiến") <= JOIN_WAITS

    @pytest.mark.parametrize("waiting", [0, 3])
    def test_of_the_lead_leads_to_the_end(self, office: Office, waiting: int) -> None:
        document, _spent = directed(office, helpers(office, waiting))

        assert cost_of_act(office.chief, document, "report", text="Đã làm") <= JOIN_GOES_ON + HANDED + EACH * waiting

    def test_is_finished(self, office: Office) -> None:
        document, _spent = directed(office, [])
        act(office.chief, document, "report", text="Đã làm")

        assert cost_of_act(office.chair, document, "finish", note="") <= FINISH


class TestOutgoing:
    def approved(self, office: Office) -> Document:
        document = drafted(office)
        act(office.chief, document, "submit", comment="")
        act(office.chair, document, "approve", version=1)
        return document

    def test_is_approved(self, office: Office) -> None:
        document = drafted(office)
        act(office.chief, document, "submit", comment="")

        assert cost_of_act(office.chair, document, "approve", version=1) <= APPROVE

    @pytest.mark.parametrize("count", [0, 40])
    def test_is_numbered_and_sent_to_many_units_as_to_few(self, office: Office, count: int) -> None:
        units_below(office, count)
        document = self.approved(office)

        spent = cost_of_act(office.clerk, document, "issue", issued_on=clock.today())

        assert Delivery.plain.count() == count + 2
        assert spent <= NUMBER + SEND

    def test_is_sent_in_bulk(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("exchange.services.BATCH", 10)
        document, units = confirmed_paper(office), units_below(office, 40)
        actor = actor_for(office.clerk)

        spent = cost(lambda: issue_dispatch(document=document, sender=office.top, recipients=units, actor=actor))

        assert spent <= SEND + len(units) / 10


class TestReceive:
    def test_takes_a_number_sends_03_and_begins_a_case(self, office: Office) -> None:
        for number in ("1", "2"):
            issue_dispatch(
                document=confirmed_paper(office, number=number), sender=office.top, recipients=[office.province],
                actor=actor_for(office.clerk),
            )  # fmt: skip
        first, second = Delivery.plain.select_related("unit", "dispatch").order_by("pk")
        actor = actor_for(fresh(office.province_clerk))
        services.receive_delivery(delivery=first, received_at=clock.now(), actor=actor)  # the year's book is begun

        spent = cost(
            lambda: services.receive_delivery(
                delivery=second, received_at=clock.now(), actor=actor, receipt_key=ids.new_receipt_key()
            )
        )

        assert RegisterEntry.objects.count() == 2
        assert spent <= RECEIVE


class TestInbox:
    def asked(self, person: User) -> list[str]:
        """What the page asks beyond session and user."""
        client = Client()
        client.force_login(person)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("desk:inbox")).status_code == 200
        return [query["sql"] for query in asked if not any(words in query["sql"] for words in BEYOND)]

    def test_costs_the_same_for_one_piece_of_work_and_a_page_of_it(self, office: Office) -> None:
        registered_case(office)
        few = self.asked(office.clerk)
        for number in range(4):
            registered_case(office, number=str(number + 10), subject=f"Văn bản {number}")

        many = self.asked(office.clerk)

        assert len(few) == len(many) <= INBOX
