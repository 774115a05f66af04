"""One paper sent to a unit more than once: one number, one case, and each sending keeps its own state (domain.md 14, 17)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock, ids
from documents.checks import numbers_run
from documents.models import RegisterEntry
from exchange.models import Delivery, DeliveryState, Dispatch
from exchange.selectors import tracker
from exchange.services import issue_dispatch
from meetings.services import publish_conclusions
from organizations.services import actor_for
from tests.factories.offices import Office, act, confirmed_paper
from tests.meetings.test_meetings import closed, conclude
from workflow import services
from workflow.checks import items_mirror_tasks
from workflow.models import IncomingCase, WorkItem

if TYPE_CHECKING:
    from documents.models import Document


def send(office: Office, document: Document, *, days: int = 7) -> Delivery:
    dispatch = issue_dispatch(
        document=document, sender=office.top, recipients=[office.province], actor=actor_for(office.clerk),
        due_date=clock.today() + timedelta(days=days),
    )  # fmt: skip
    return dispatch.deliveries.select_related("unit", "dispatch").get()


def receive(office: Office, delivery: Delivery) -> IncomingCase:
    fresh = Delivery.plain.select_related("unit", "dispatch").get(pk=delivery.pk)
    return services.receive_delivery(delivery=fresh, received_at=clock.now(), actor=actor_for(office.province_clerk))


def direct(office: Office, document: Document) -> None:
    act(office.province_clerk, document, "present", leader_post=office.posts["province_chair"], note="")
    lead = ids.post_key(office.posts["province_clerk"].pk)
    act(office.province_chair, document, "direct", text="Văn thư làm", lead=lead, supporters=[], fyi=[], due_date=None)


def finish(office: Office, document: Document) -> None:
    act(office.province_clerk, document, "report", text="Đã làm")
    act(office.province_chair, document, "finish", note="")


def states() -> list[str]:
    return list(Delivery.plain.order_by("pk").values_list("state", flat=True))


class TestWhatWaitsTogether:
    def test_is_received_together_and_goes_on_together(self, office: Office) -> None:
        document = confirmed_paper(office)
        first, second = send(office, document, days=9), send(office, document, days=5)

        case = receive(office, second)

        assert states() == [DeliveryState.REGISTERED] * 2
        assert (RegisterEntry.objects.count(), IncomingCase.plain.count()) == (1, 1)
        assert case.due_date == clock.today() + timedelta(days=5)
        direct(office, document)
        assert states() == [DeliveryState.ASSIGNED] * 2
        finish(office, document)
        assert states() == [DeliveryState.DONE] * 2
        assert tracker(first.dispatch, clock.today()).direct.done == 1

    def test_does_so_for_the_conclusions_of_one_briefing(self, office: Office) -> None:
        meeting = closed(office)
        for _number in (1, 2):
            conclude(office, meeting)

        document = publish_conclusions(meeting=meeting, actor=actor_for(office.chair))
        receive(office, Delivery.plain.filter(unit=office.province)[0])
        direct(office, document)
        finish(office, document)

        to_province = Dispatch.plain.filter(deliveries__unit=office.province, must_act=True)
        assert [tracker(dispatch, clock.today()).direct.done for dispatch in to_province] == [1, 1]


class TestWhatComesLater:
    def test_joins_the_case_where_it_stands(self, office: Office) -> None:
        document = confirmed_paper(office)
        first = receive(office, send(office, document))
        direct(office, document)

        again = receive(office, send(office, document))

        assert again == first
        assert states() == [DeliveryState.ASSIGNED] * 2
        assert RegisterEntry.objects.count() == 1
        finish(office, document)
        assert states() == [DeliveryState.DONE] * 2

    def test_begins_a_new_case_under_the_old_number_once_the_first_is_over(self, office: Office) -> None:
        document = confirmed_paper(office)
        first = receive(office, send(office, document))
        direct(office, document)
        finish(office, document)

        again = receive(office, send(office, document))

        assert again != first
        assert (again.entry, again.state) == (first.entry, IncomingCase.State.REGISTERED)
        assert states() == [DeliveryState.DONE, DeliveryState.REGISTERED]
        assert [item.node for item in WorkItem.objects.filter(state=WorkItem.State.OPEN)] == ["present"]
        assert items_mirror_tasks().violations == numbers_run().violations == []
