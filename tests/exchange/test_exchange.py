"""Dispatches, deliveries and the tracker (domain.md 17)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from documents.models import Document
from exchange.models import Delivery, DeliveryEvent, DeliveryState, Dispatch
from exchange.selectors import tracker
from exchange.services import (
    DeliveryMoved,
    NobodyToSendTo,
    ReasonTooLong,
    ReasonTooShort,
    advance,
    issue_dispatch,
    receive,
    refuse,
)
from organizations.policies import NotAllowed
from organizations.services import actor_for
from tests.factories.offices import Office, confirmed_paper

MOST_QUERIES = 14


def dispatched(office: Office, **facts: Any) -> Dispatch:
    usual: dict[str, Any] = {"recipients": [office.province, office.ward], "due_date": clock.today()}
    return issue_dispatch(
        document=confirmed_paper(office), sender=office.top, actor=actor_for(office.clerk), **(usual | facts)
    )


def delivery_to(office: Office, dispatch: Dispatch) -> Delivery:
    return Delivery.plain.select_related("unit", "dispatch").get(dispatch=dispatch, unit=office.province)


class TestIssueDispatch:
    def test_makes_one_delivery_per_unit_however_often_it_is_named(self, office: Office) -> None:
        dispatch = dispatched(office, recipients=[office.province, office.ward, office.province, office.top])

        assert sorted(dispatch.deliveries.values_list("unit__code", flat=True)) == ["AH", "DT"]

    def test_lets_recipients_read_and_nobody_else(self, office: Office) -> None:
        dispatch = dispatched(office, recipients=[office.province])

        readers = [
            n
            for n in office.people
            if Document.objects.visible_to(office.people[n]).filter(pk=dispatch.document_id).exists()
        ]

        assert sorted(readers) == ["chair", "chief", "clerk", "deputy", "province_chair", "province_clerk"]

    def test_needs_somebody_to_send_to(self, office: Office) -> None:
        with pytest.raises(NobodyToSendTo):
            dispatched(office, recipients=[office.top])


class TestRefuse:
    def test_sends_02_with_its_reason(self, office: Office) -> None:
        delivery = delivery_to(office, dispatched(office))

        refuse(delivery=delivery, reason="Văn bản gửi nhầm đơn vị", actor=actor_for(office.province_clerk))

        assert (delivery.state, delivery.reason) == (DeliveryState.REFUSED, "Văn bản gửi nhầm đơn vị")
        assert DeliveryEvent.objects.get().code == "02"

    def test_says_why(self, office: Office) -> None:
        with pytest.raises(ReasonTooShort):
            refuse(
                delivery=delivery_to(office, dispatched(office)), reason="nhầm", actor=actor_for(office.province_clerk)
            )

    @pytest.mark.parametrize("reason", ["đ" * 501, "\x00\x01" * 10])
    def test_says_it_in_words_that_are_kept_whole(self, office: Office, reason: str) -> None:
        delivery = delivery_to(office, dispatched(office))

        with pytest.raises((ReasonTooShort, ReasonTooLong)):
            refuse(delivery=delivery, reason=reason, actor=actor_for(office.province_clerk))

        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.DELIVERED

    def test_is_the_recipients_clerks_alone(self, office: Office) -> None:
        with pytest.raises(NotAllowed):
            refuse(
                delivery=delivery_to(office, dispatched(office)),
                reason="Văn bản gửi nhầm",
                actor=actor_for(office.clerk),
            )

    def test_comes_too_late_once_received(self, office: Office) -> None:
        delivery = delivery_to(office, dispatched(office))
        receive(delivery=delivery, actor=actor_for(office.province_clerk))

        with pytest.raises(DeliveryMoved):
            refuse(delivery=delivery, reason="Văn bản gửi nhầm", actor=actor_for(office.province_clerk))


class TestAdvance:
    def test_never_goes_back(self, office: Office) -> None:
        delivery = delivery_to(office, dispatched(office))
        actor = actor_for(office.province_clerk)
        receive(delivery=delivery, actor=actor)
        advance(delivery=delivery, to=DeliveryState.DONE, actor=actor)

        advance(delivery=delivery, to=DeliveryState.ASSIGNED, actor=actor)

        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.DONE


class TestTracker:
    def test_counts_what_was_passed_on_under_the_recipient(self, office: Office) -> None:
        dispatch = dispatched(office, recipients=[office.province])
        below = issue_dispatch(
            document=confirmed_paper(office, by="province_clerk"), sender=office.province, recipients=[office.ward],
            parent_delivery=delivery_to(office, dispatch), actor=actor_for(office.province_clerk),
        )  # fmt: skip
        receive(
            delivery=below.deliveries.select_related("unit", "dispatch").get(), actor=actor_for(office.ward_officer)
        )

        found = tracker(dispatch, clock.today())

        assert (found.direct.total, found.direct.waiting) == (1, 1)
        assert (found.subtree.total, found.subtree.received) == (2, 1)
        assert found.rows[0].below.total == 1
        assert [(row.level, row.delivery.unit.code) for row in found.tree] == [(1, "AH"), (2, "DT")]

    def test_puts_the_worst_first_and_counts_the_overdue(self, office: Office) -> None:
        dispatch = dispatched(office, due_date=clock.today() - timedelta(days=2))
        receive(delivery=delivery_to(office, dispatch), actor=actor_for(office.province_clerk))
        advance(delivery=delivery_to(office, dispatch), to=DeliveryState.DONE, actor=actor_for(office.province_clerk))

        found = tracker(dispatch, clock.today())

        assert found.direct.overdue == 1
        assert [row.delivery.unit.code for row in found.rows] == ["DT", "AH"]


class TestPages:
    @pytest.mark.parametrize("name", ["exchange:waiting", "exchange:directives"])
    def test_lists_cost_the_same_for_one_and_many(
        self, office: Office, client: Any, name: str, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(4):
            dispatched(office)
        client.force_login(office.province_clerk if name == "exchange:waiting" else office.clerk)

        with django_assert_max_num_queries(MOST_QUERIES):
            response = client.get(reverse(name))

        assert response.content.decode().count("05/CT-TLĐ") >= 4

    def test_the_tracker_is_the_senders(self, office: Office, client: Any) -> None:
        url = reverse("exchange:tracker", args=[dispatched(office).pk])
        client.force_login(office.clerk)
        own = client.get(url).status_code
        client.force_login(office.province_clerk)

        assert (own, client.get(url).status_code) == (200, 404)

    def test_the_tracker_shows_the_rows_that_are_asked_for(self, office: Office, client: Any) -> None:
        dispatch = dispatched(office, due_date=clock.today() - timedelta(days=2))
        receive(delivery=delivery_to(office, dispatch), actor=actor_for(office.province_clerk))
        advance(delivery=delivery_to(office, dispatch), to=DeliveryState.DONE, actor=actor_for(office.province_clerk))
        client.force_login(office.clerk)
        url = reverse("exchange:tracker", args=[dispatch.pk])

        shown = {
            wanted: [row.delivery.unit.code for row in client.get(url, {"loc": wanted}).context["rows"]]
            for wanted in ("", "overdue", "done", "refused", "nonsense")
        }

        assert shown == {"": ["DT", "AH"], "overdue": ["DT"], "done": ["AH"], "refused": [], "nonsense": []}
