"""Two at once: on real locks, exactly one wins, the other learns what happened, and nothing is half done."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from bench.completion import Race, races, second_officer
from core import clock, ids
from documents.checks import numbers_run
from documents.models import Document, ReadState, Register, RegisterEntry
from documents.services.drafting import NotADraft, add_version
from documents.services.registration import AlreadyVoid, NumberInUse, void_entry
from exchange.models import Delivery, DeliveryState
from exchange.services import DeliveryMoved, issue_dispatch, refuse
from organizations.models import Role, User
from organizations.services import actor_for
from tests.factories.offices import (
    Office,
    act,
    add_person,
    blank_pdf,
    confirmed_paper,
    drafted,
    registered_case,
)
from tests.processes import somebody_waits, wait_for
from workflow import selectors, services
from workflow.checks import items_mirror_tasks
from workflow.engine.hold import AlreadyDone, Busy, StaleVersion
from workflow.models import DocumentProcess, IncomingCase, OutgoingCase, WorkItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS = 5  # bin/bench completion makes fifty
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gave or refused, all begun at the same moment in threads of their own."""
    start = threading.Barrier(len(acts))

    def run(one: Callable[[], Any]) -> Any:
        try:
            start.wait(10)
            return one()
        except Exception as refusal:  # noqa: BLE001  # the refusal is the answer
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, one) for one in acts]]


@contextmanager
def held(rows: Any) -> Iterator[None]:
    """Somebody else holds rows for the time of a block."""
    is_held, is_over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(rows.select_for_update(no_key=True, of=("self",)))
            is_held.set()
            is_over.wait(30)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert is_held.wait(10)
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def patient() -> None:
    """Stamping a paper may take longer than anybody waits in the office."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '60s'")


@pytest.fixture
def impatient() -> Iterator[None]:
    """This test's connection waits a fifth of a second instead of three."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("3s",)
        cursor.execute("SET lock_timeout = '200ms'")
        yield
        cursor.execute("RESET lock_timeout")


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def item_for(person: User, document: Document) -> WorkItem:
    return selectors.open_items(document, person, clock.now())[0]


def post_presenting(client: Client, item: WorkItem, office: Office, **more: Any) -> Any:
    fields = {"action": "present", "version": 1, "present-leader_post": office.posts["chair"].pk, "present-note": ""}
    return client.post(reverse("workflow:complete", args=[item.pk]), fields | more)


def present(person: User, item: WorkItem, office: Office, key: Any = None) -> Any:
    return services.complete(
        task_id=item.pk, actor=actor_for(person), action="present", payload={"leader_post": office.posts["chair"]},
        expected_version=1, receipt_key=key,
    )  # fmt: skip


class TestTwoOfficers:
    @pytest.mark.parametrize("second", ["colleague", "deputy"])
    def test_one_wins_and_the_other_reads_the_winner_s_name(self, office: Office, second: str) -> None:
        """`colleague` sits in the same post, `deputy` acts for its holder."""
        runs = list(races(office, second_officer(office, second), RUNS))

        assert runs == [Race(winners=1, losers=1, wrong="")] * RUNS

    def test_a_form_posted_twice_at_once_has_one_answer(self, office: Office) -> None:
        case = registered_case(office)
        item, key = item_for(office.clerk, case.document), ids.new_receipt_key()

        first, second = at_once(*[lambda: present(office.clerk, item, office, key)] * 2)

        assert first == second
        assert first.task_id == item.pk


class TestTheLastOfMany:
    def test_six_supporters_at_once_meet_in_one_step(self, office: Office) -> None:
        """The engine's own default makes a join for each (section 8 of the design): the lock makes them queue."""
        names = [f"aide{number}" for number in range(6)]
        for name in names:
            add_person(office, name, office.bureau, f"Chuyên viên {name}", [Role.SPECIALIST])
        document = registered_case(office).document
        act(office.clerk, document, "present", leader_post=office.posts["chair"], note="")
        keys = [ids.post_key(office.posts[name].pk) for name in names]
        act(office.chair, document, "direct", text="Cùng làm", lead=ids.unit_key(office.bureau.pk), supporters=keys)

        answers = at_once(*[partial(retried, office, name, document) for name in names])

        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        act(office.chief, document, "report", text="Đã làm")
        assert [item.node for item in WorkItem.objects.filter(state=WorkItem.State.OPEN)] == ["finish"]
        assert items_mirror_tasks().violations == []


def retried(office: Office, name: str, document: Document) -> None:
    """Each report makes the forms of the others old: they look again, as people do."""
    for _attempt in range(20):
        try:
            return act(office.people[name], document, "report", text=f"Ý kiến của {name}")
        except StaleVersion:
            continue
    raise AssertionError(name)


class TestTakenBack:
    def test_striking_out_and_presenting_do_not_both_happen(self, office: Office) -> None:
        for number in range(RUNS):
            case = registered_case(office, number=str(number + 1), subject=f"Văn bản {number}")
            item = item_for(office.clerk, case.document)

            voided, presented = at_once(
                partial(void_entry, entry=case.entry, reason="Vào sổ nhầm", actor=actor_for(office.clerk)),
                partial(present, office.clerk, item, office),
            )

            case.refresh_from_db()
            if isinstance(voided, NumberInUse):
                assert (case.state, presented.action) == (IncomingCase.State.PRESENTED, "present")
            else:
                assert voided is None
                assert case.state == IncomingCase.State.VOIDED
                assert isinstance(presented, AlreadyDone)
        assert items_mirror_tasks().violations == numbers_run().violations == []

    def test_a_number_is_struck_out_by_one(self, office: Office) -> None:
        case = registered_case(office)

        answers = at_once(
            *[lambda: void_entry(entry=case.entry, reason="Vào sổ nhầm", actor=actor_for(office.clerk))] * 2
        )

        assert sorted(map(type, answers), key=str) == sorted([type(None), AlreadyVoid], key=str)


class TestReceiving:
    @pytest.fixture
    def delivery(self, office: Office) -> Delivery:
        issue_dispatch(
            document=confirmed_paper(office),
            sender=office.top,
            recipients=[office.province],
            actor=actor_for(office.clerk),
        )
        return Delivery.plain.select_related("unit", "dispatch").get()

    def receive(self, delivery: Delivery, person: User) -> IncomingCase:
        fresh = Delivery.plain.select_related("unit", "dispatch").get(pk=delivery.pk)
        return services.receive_delivery(delivery=fresh, received_at=clock.now(), actor=actor_for(person))

    def test_twice_gives_one_number(self, office: Office, delivery: Delivery) -> None:
        add_person(office, "chief2", office.province, "Chánh Văn phòng", [Role.OFFICE_CHIEF])
        people = [office.province_clerk, office.people["chief2"]]

        answers = at_once(*[partial(self.receive, delivery, one) for one in people])

        assert sorted(type(answer).__name__ for answer in answers) == ["DeliveryMoved", "IncomingCase"]
        assert RegisterEntry.objects.count() == IncomingCase.plain.count() == 1

    def test_two_sendings_of_one_paper_gives_one_number(self, office: Office, delivery: Delivery) -> None:
        add_person(office, "chief2", office.province, "Chánh Văn phòng", [Role.OFFICE_CHIEF])
        document = Document.plain.get(pk=delivery.dispatch.document_id)
        issue_dispatch(
            document=document, sender=office.top, recipients=[office.province], actor=actor_for(office.clerk)
        )
        people = [office.province_clerk, office.people["chief2"]]
        sent = Delivery.plain.order_by("pk")

        answers = at_once(*[partial(self.receive, one, who) for one, who in zip(sent, people, strict=True)])

        assert sorted(type(answer).__name__ for answer in answers) == ["DeliveryMoved", "IncomingCase"]
        assert RegisterEntry.objects.count() == IncomingCase.plain.count() == 1
        assert set(Delivery.plain.values_list("state", flat=True)) == {DeliveryState.REGISTERED}

    def test_and_refusing_do_not_both_happen(self, office: Office, delivery: Delivery) -> None:
        fresh = Delivery.plain.select_related("unit", "dispatch").get(pk=delivery.pk)
        reason, clerk = "Văn bản gửi nhầm đơn vị", actor_for(office.province_clerk)

        received, refused = at_once(
            lambda: self.receive(delivery, office.province_clerk),
            lambda: refuse(delivery=fresh, reason=reason, actor=clerk),
        )

        delivery.refresh_from_db()
        if refused is None:
            assert isinstance(received, DeliveryMoved)
            assert (delivery.state, RegisterEntry.objects.count()) == (DeliveryState.REFUSED, 0)
        else:
            assert isinstance(refused, DeliveryMoved)
            assert (delivery.state, RegisterEntry.objects.count()) == (DeliveryState.REGISTERED, 1)


class TestBusy:
    def test_is_said_when_the_case_stays_locked(self, office: Office, impatient: None) -> None:
        case = registered_case(office)
        item = item_for(office.clerk, case.document)

        with held(DocumentProcess.objects.filter(pk=case.process_id)):
            with pytest.raises(Busy):
                present(office.clerk, item, office)
            answer = post_presenting(browser(office.clerk), item, office, **{"present-note": "Kính trình đồng chí"})

        assert answer.status_code == 503
        assert "Kính trình đồng chí" in answer.content.decode()
        assert item_for(office.clerk, case.document) == item

    def test_is_said_when_the_book_stays_locked(self, office: Office, impatient: None) -> None:
        registered_case(office)
        document = confirmed_paper(office, number="6")
        fields = {
            "version": document.version, "number": "6", "symbol": "CT-TLĐ", "issuer": "Tổng Liên đoàn",
            "subject": "Một trích yếu đã gõ", "urgency": 0,
        }  # fmt: skip

        with held(Register.objects.all()):
            answer = browser(office.clerk).post(reverse("workflow:register", args=[document.pk]), fields)

        assert answer.status_code == 503
        assert "Một trích yếu đã gõ" in answer.content.decode()
        assert RegisterEntry.objects.filter(document=document).count() == 0

    def test_is_a_page_where_no_form_is_kept(self, office: Office, impatient: None) -> None:
        case = registered_case(office)
        url = reverse("documents:void-entry", args=[case.entry_id])

        with held(DocumentProcess.objects.filter(pk=case.process_id)):
            answer = browser(office.clerk).post(url, {"reason": "Vào sổ nhầm"})

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert RegisterEntry.objects.get().state == RegisterEntry.State.USED


class TestStaleVersion:
    def test_is_told_and_keeps_what_was_typed(self, office: Office) -> None:
        document = registered_case(office).document
        act(office.clerk, document, "present", leader_post=office.posts["chair"], note="")
        helper = ids.post_key(office.posts["deputy"].pk)
        act(office.chair, document, "direct", text="Giao", lead=ids.unit_key(office.bureau.pk), supporters=[helper])
        item = item_for(office.chief, document)
        shown = selectors.process_of(item).version
        act(office.deputy, document, "report", text="Ý kiến phối hợp")

        answer = browser(office.chief).post(
            reverse("workflow:complete", args=[item.pk]),
            {"action": "report", "version": shown, "report-text": "Một báo cáo dài"},
        )

        assert answer.status_code == 409
        assert "Một báo cáo dài" in answer.content.decode()
        assert item_for(office.chief, document) == item


class TestIssuing:
    def test_numbers_the_version_that_was_approved_whatever_comes_in_meanwhile(self, office: Office) -> None:
        document = drafted(office)
        act(office.chief, document, "submit", comment="")
        act(office.chair, document, "approve", version=1)
        Register.objects.create(unit=office.top, year=clock.today().year, direction=Register.Direction.OUT)

        def issue() -> None:
            act(office.clerk, document, "issue", issued_on=clock.today())

        def slip_in() -> None:
            assert wait_for(somebody_waits)
            patient()
            stream = io.BytesIO(blank_pdf("2"))
            add_version(document=document, stream=stream, name="2.pdf", comment="", actor=actor_for(office.chief))
            Document.plain.filter(pk=document.pk).update(read_state=ReadState.READ)

        with ThreadPoolExecutor(1) as pool:
            with held(Register.objects.all()):
                both = pool.submit(at_once, issue, slip_in)
                assert wait_for(lambda: somebody_waits(2) or document.drafts.count() == 2)
            issued, slipped = both.result()

        assert issued is None
        assert isinstance(slipped, NotADraft)
        assert OutgoingCase.plain.get().state == OutgoingCase.State.ISSUED
        assert document.drafts.count() == 1
