"""The twelve anti-requirements of domain.md 19: behaviour seen in working products that ours must not have."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.contrib.auth.mixins import LoginRequiredMixin
from django.test import Client
from django.urls import reverse

from core import clock, ids
from documents.models import Document, Register, RegisterEntry
from documents.services.books import RegisterClosed
from documents.services.registration import void_entry
from documents.services.uploads import Received, receive_upload
from exchange.models import Delivery, DeliveryState
from exchange.selectors import waiting_for
from exchange.services import ReasonTooShort, issue_dispatch, refuse
from organizations.models import Role
from organizations.services import actor_for
from tests.factories.fixtures import office
from tests.factories.offices import Office, act, add_person, blank_pdf, confirmed_paper, registered_case
from tests.rights.routes import routes
from tests.rights.test_routes import PUBLIC
from workflow import selectors, services
from workflow.engine import registry
from workflow.flows.incoming_v1 import IncomingV1
from workflow.flows.outgoing_v1 import OutgoingV1
from workflow.models import Assignment, IncomingCase, WorkItem
from workflow.services.completion import NotYourTurn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audit.models import Actor
    from organizations.models import User

__all__ = ["office"]

WORDS = "Báo cáo trước ngày họp giao ban"


def sent_to_the_province(office: Office, document: Document, *, due_in: int = 7) -> Delivery:
    dispatch = issue_dispatch(
        document=document, sender=office.top, recipients=[office.province], actor=actor_for(office.clerk),
        due_date=clock.today() + timedelta(days=due_in),
    )  # fmt: skip
    return dispatch.deliveries.select_related("unit", "dispatch").get()


def received(office: Office, delivery: Delivery) -> IncomingCase:
    return services.receive_delivery(delivery=delivery, received_at=clock.now(), actor=actor_for(office.province_clerk))


def directed(
    office: Office, document: Document, lead: str, supporters: Iterable[str] = (), fyi: Iterable[str] = ()
) -> None:
    act(office.clerk, document, "present", leader_post=office.posts["chair"], note="")
    act(
        office.chair, document, "direct", text=WORDS, lead=lead, supporters=list(supporters), fyi=list(fyi),
        due_date=clock.today() + timedelta(days=3),
    )  # fmt: skip


def asks_who(view: Callable[..., object]) -> bool:
    return issubclass(getattr(view, "view_class", object), LoginRequiredMixin)


def waits_for(person: User, tab: str = "todo") -> list[str]:
    return [row.number for row in selectors.inbox(person, at=clock.now(), tab=tab).rows]


class TestA01WrongRole:
    def test_fails_loudly_and_changes_nothing(self, office: Office) -> None:
        document = registered_case(office).document
        item = selectors.open_items(document, office.clerk, clock.now())[0]
        chair = office.posts["chair"]

        for person in (office.province_clerk, office.ward_officer, office.outsider):
            with pytest.raises(NotYourTurn):
                services.complete(
                    task_id=item.pk, actor=actor_for(person), action="present", payload={"leader_post": chair},
                    expected_version=selectors.process_of(item).version, receipt_key=None,
                )  # fmt: skip

        assert [one.node for one in selectors.open_items(document, office.clerk, clock.now())] == ["present"]

    def test_is_told_on_the_page_too(self, office: Office, client: Client) -> None:
        """The clerk reads the paper and posts the leader's form."""
        document = registered_case(office).document
        act(office.clerk, document, "present", leader_post=office.posts["chair"], note="")
        item = selectors.open_items(document, office.chair, clock.now())[0]
        client.force_login(office.clerk)

        answer = client.post(
            reverse("workflow:complete", args=[item.pk]),
            {"action": "direct", "version": selectors.process_of(item).version, "direct-text": WORDS},
        )

        assert answer.status_code == 403
        assert "đang chờ chức danh khác" in answer.content.decode()
        assert [one.node for one in selectors.open_items(document, office.chair, clock.now())] == ["direct"]


class TestA02DoneGoesBack:
    def test_without_a_second_button(self, office: Office) -> None:
        document = confirmed_paper(office)
        delivery = sent_to_the_province(office, document)
        received(office, delivery)
        act(office.province_clerk, document, "present", leader_post=office.posts["province_chair"], note="")
        lead = ids.post_key(office.posts["province_clerk"].pk)
        act(office.province_chair, document, "direct", text=WORDS, lead=lead, due_date=None)
        act(office.province_clerk, document, "report", text="Đã làm")

        act(office.province_chair, document, "finish", note="")

        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.DONE
        assert list(delivery.events.order_by("at").values_list("code", flat=True))[-1] == DeliveryState.DONE


class TestA03PassedOnPapersWait:
    def test_for_whoever_they_were_passed_to(self, office: Office) -> None:
        document = registered_case(office).document
        province, deputy, clerk = (
            ids.unit_key(office.bureau.pk), ids.post_key(office.posts["deputy"].pk), ids.post_key(office.posts["clerk"].pk)
        )  # fmt: skip

        directed(office, document, province, [deputy], [clerk])

        assert waits_for(office.chief) == ["05/CT-TLĐ"]
        assert "05/CT-TLĐ" in waits_for(office.deputy) + waits_for(office.deputy, "support")
        assert "05/CT-TLĐ" in waits_for(office.clerk, "fyi")

    def test_for_the_unit_they_were_sent_to(self, office: Office) -> None:
        sent_to_the_province(office, confirmed_paper(office))

        assert waiting_for([office.province]).count() == 1


class TestA04TakenBack:
    def test_reaches_who_has_it_by_a_second_hand(self, office: Office) -> None:
        add_person(office, "specialist", office.bureau, "Chuyên viên", [Role.SPECIALIST])
        case = registered_case(office)
        document = case.document
        directed(office, document, ids.unit_key(office.bureau.pk))
        act(office.chief, document, "hand_on", post=office.posts["specialist"], note="", due_date=None)
        assert waits_for(office.specialist) == ["05/CT-TLĐ"]

        act(office.specialist, document, "return", reason="Không đúng lĩnh vực phụ trách")
        act(office.chief, document, "return", reason="Văn phòng không có người làm")
        act(office.chair, document, "return", reason="Văn thư vào sổ nhầm văn bản")
        void_entry(entry=case.entry, reason="Vào sổ nhầm", actor=actor_for(office.clerk))

        assert waits_for(office.specialist) == []
        assert not Document.objects.visible_to(office.specialist).filter(pk=document.pk).exists()
        assert not Assignment.plain.filter(case=case, state__in=["OPEN", "HANDED_ON"]).exists()


class TestA05SentAgain:
    def test_is_taken_up_by_the_running_case(self, office: Office) -> None:
        document = confirmed_paper(office)
        case = received(office, sent_to_the_province(office, document))
        again = sent_to_the_province(office, document, due_in=5)

        assert received(office, again) == case
        again.refresh_from_db()
        assert (again.state, again.received_with) == (DeliveryState.REGISTERED, case.delivery)

    def test_or_declined_in_words_that_the_sender_reads(self, office: Office) -> None:
        document = confirmed_paper(office)
        received(office, sent_to_the_province(office, document))
        again = sent_to_the_province(office, document)

        refuse(delivery=again, reason="Bản này trùng bản đã nhận", actor=actor_for(office.province_clerk))

        again.refresh_from_db()
        assert (again.state, again.reason) == (DeliveryState.REFUSED, "Bản này trùng bản đã nhận")

    def test_waits_until_one_of_both(self, office: Office) -> None:
        document = confirmed_paper(office)
        received(office, sent_to_the_province(office, document))

        sent_to_the_province(office, document)

        assert waiting_for([office.province]).count() == 1


class TestA06TypedWords:
    @pytest.mark.parametrize("supporters", [0, 1, 4])
    def test_reach_every_row_that_was_chosen(self, office: Office, supporters: int) -> None:
        names = [f"helper{number}" for number in range(supporters)]
        for name in names:
            add_person(office, name, office.bureau, f"Chuyên viên {name}", [Role.SPECIALIST])
        document = registered_case(office).document

        keys = [ids.post_key(office.posts[name].pk) for name in names]
        directed(office, document, ids.unit_key(office.bureau.pk), keys)

        said = [selectors.open_items(document, office.people[name], clock.now())[0].note for name in ["chief", *names]]
        assert said == [WORDS] * (supporters + 1)

    def test_of_a_return_stay_with_it(self, office: Office) -> None:
        document = registered_case(office).document
        directed(office, document, ids.unit_key(office.bureau.pk), [ids.post_key(office.posts["deputy"].pk)])

        act(office.chief, document, "return", reason="Không đúng chức năng của Văn phòng")

        assert selectors.open_items(document, office.chair, clock.now())[0].note == "Không đúng chức năng của Văn phòng"

    def test_are_asked_for_before_anything_is_changed(self, office: Office) -> None:
        delivery = sent_to_the_province(office, confirmed_paper(office))

        with pytest.raises(ReasonTooShort):
            refuse(delivery=delivery, reason="trùng", actor=actor_for(office.province_clerk))

        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.DELIVERED


class TestA07FlowsHaveVersions:
    def test_and_a_running_case_keeps_its_own(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        document = registered_case(office).document
        monkeypatch.setitem(registry._flows, "incoming", OutgoingV1)

        directed(office, document, ids.unit_key(office.bureau.pk))
        act(office.chief, document, "report", text="Đã làm")
        act(office.chair, document, "finish", note="")

        case = IncomingCase.plain.select_related("process").get(document=document)
        assert case.state == IncomingCase.State.DONE
        assert case.process is not None
        assert case.process.flow_class is IncomingV1

    def test_in_their_names(self) -> None:
        assert (IncomingV1.__name__, OutgoingV1.__name__) == ("IncomingV1", "OutgoingV1")
        assert {registry.current_flow("incoming"), registry.current_flow("outgoing")} == {IncomingV1, OutgoingV1}


class TestA08NewYear:
    def test_begins_books_locks_old_ones_and_asks_for_a_permission(self, office: Office) -> None:
        with time_machine.travel("2026-12-30T09:00:00+07:00", tick=False):
            old = registered_case(office, subject="về tổng kết năm")
        late = confirmed_paper(office, subject="về kế hoạch năm")
        with time_machine.travel("2027-01-02T09:00:00+07:00", tick=False):
            new = registered_case(office, subject="về chúc mừng năm mới")

            assert (old.entry.display, new.entry.display) == ("01", "01")
            assert Register.objects.filter(unit=office.top, direction="IN").count() == 2
            with pytest.raises(RegisterClosed):
                services.register_and_start(
                    document=late, unit=office.top, actor=actor_for(office.clerk),
                    received_at=clock.now() - timedelta(days=3),
                )  # fmt: skip


class TestA09Duplicates:
    def test_are_found_without_asking(self, office: Office) -> None:
        first, second = (self.upload(office, actor_for(office.clerk)) for _ in range(2))

        assert (first.is_duplicate, second.is_duplicate) == (False, True)
        assert second.document == first.document

    def upload(self, office: Office, actor: Actor) -> Received:
        stream = io.BytesIO(blank_pdf("hai lần"))
        return receive_upload(stream=stream, name="giay.pdf", unit=office.top, actor=actor, secrecy="none")


class TestA10NoSender:
    def test_no_return_and_a_sentence_that_says_why(self, office: Office, client: Client) -> None:
        document = registered_case(office).document
        client.force_login(office.clerk)

        page = client.get(reverse("desk:paper", args=[document.pk])).content.decode()

        assert "không có nơi để trả lại" in page
        assert 'value="return"' not in page


class TestA11EveryPageAsksWhoYouAre:
    """What it answers to a stranger stands in tests/rights/test_routes.py; here, that no page is written without the question."""

    def test_by_its_class(self) -> None:
        ours = {name: view for name, view in routes() if not view.__module__.startswith(("allauth.", "django."))}

        assert len(ours) > 60
        assert {name for name, view in ours.items() if not asks_who(view)} == PUBLIC | {
            "ui:set-language", "ui:gallery",  # asks by a decorator
            "account_email", "account_reset_password", "account_set_password", "account_signup",  # are not there
        }  # fmt: skip


class TestA12ReportsAreTheScreens:
    def test_figures_of_a_directive_are_the_rows_below_them(self, office: Office, client: Client) -> None:
        dispatch = issue_dispatch(
            document=confirmed_paper(office), sender=office.top, recipients=[office.province, office.ward],
            actor=actor_for(office.clerk), due_date=clock.today() - timedelta(days=1),
        )  # fmt: skip
        received(office, dispatch.deliveries.select_related("unit", "dispatch").get(unit=office.province))
        client.force_login(office.clerk)
        address = reverse("exchange:tracker", args=[dispatch.pk])

        shown = client.get(address).context["counts"]
        rows = {
            name: len(client.get(address, {"loc": name}).context["rows"]) for name in ("waiting", "received", "overdue")
        }

        assert rows == {"waiting": shown.waiting, "received": shown.received, "overdue": shown.overdue}
        assert rows == {"waiting": 1, "received": 1, "overdue": 2}

    def test_figures_of_the_inbox_are_its_rows(self, office: Office) -> None:
        for number in ("05", "06"):
            registered_case(office, number=number, subject=f"về việc số {number}")

        counts = selectors.inbox_counts(office.clerk, clock.now())

        assert counts["todo"] == len(waits_for(office.clerk)) == WorkItem.objects.filter(state="OPEN").count() == 2
        assert RegisterEntry.objects.count() == 2
