"""The engine's dangers, each with its remedy, and the rules every flow keeps."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from viewflow.workflow import Flow
from viewflow.workflow.checks import _all_flow_subclasses
from viewflow.workflow.models import Task

from organizations.services import actor_for
from tests.factories.offices import Office, act, registered_case
from tests.factories.organizations import make_delegation
from workflow import services
from workflow.engine.checks import audit
from workflow.engine.hold import hold
from workflow.engine.lock import RowLock
from workflow.engine.repair import differences
from workflow.flows.base import OfficeFlow
from workflow.flows.incoming_v1 import IncomingV1
from workflow.flows.outgoing_v1 import OutgoingV1
from workflow.models import WorkItem


def edges(flow: Any) -> list[str]:
    return sorted(f"{edge.src.name} > {edge.dst.name}" for node in flow.instance.nodes() for edge in node._outgoing())


def rows() -> list[dict[str, Any]]:
    """All work items, without the moment when the row was written."""
    found = WorkItem.objects.order_by("pk").values()
    return [{name: value for name, value in row.items() if name != "created_at"} for row in found]


class TestFlows:
    def test_each_passes_the_audit(self) -> None:
        ours = [flow for flow in _all_flow_subclasses(Flow) if issubclass(flow, OfficeFlow)]

        assert {flow.__name__: audit(flow) for flow in ours if audit(flow)} == {}
        assert isinstance(OfficeFlow.lock_impl, RowLock)

    def test_incoming_v1_is_frozen(self) -> None:
        assert edges(IncomingV1) == [
            "assign > work", "direct > directed", "directed > assign", "directed > present", "finish > finished",
            "finished > assign", "finished > end", "handed > joined", "handed > work", "joined > worked", "present > direct",
            "start > present", "work > handed", "worked > direct", "worked > finish",
        ]  # fmt: skip

    def test_outgoing_v1_is_frozen(self) -> None:
        assert edges(OutgoingV1) == [
            "approve > approved", "approved > draft", "approved > issue", "draft > approve", "issue > issued",
            "issued > draft", "issued > end", "start > draft",
        ]  # fmt: skip


class TestHold:
    @pytest.mark.django_db(transaction=True)
    def test_refuses_to_start_inside_another_transaction(self) -> None:
        with pytest.raises(RuntimeError), transaction.atomic(), hold(1):
            pass


class TestWorkItems:
    def test_mirror_their_tasks(self, office: Office) -> None:
        registered_case(office)

        assert list(differences()) == []
        assert services.rebuild_items() == 0

    def test_are_rebuilt_from_tasks_alone(self, office: Office) -> None:
        """Whoever did it, and for whom, included: the done list and the words to a loser read it."""
        case = registered_case(office)
        make_delegation(office.clerk, office.outsider)
        act(office.outsider, case.document, "present", leader_post=office.posts["chair"], note="Kính trình")
        before = rows()
        assert (before[0]["completed_by_id"], before[0]["completed_for_id"]) == (office.outsider.pk, office.clerk.pk)
        WorkItem.objects.all().delete()

        assert services.rebuild_items() == 2

        assert rows() == before

    @pytest.mark.parametrize(
        "fact", [{"holder": "user:1"}, {"state": "OPEN"}, {"note": "khác"}, {"completed_by": None}]
    )
    def test_that_differ_are_found_and_mended(self, office: Office, fact: dict[str, Any]) -> None:
        case = registered_case(office)
        act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="")
        before = rows()
        WorkItem.objects.filter(node="present").update(**fact)
        assert len(list(differences())) == 1

        services.rebuild_items()

        assert rows() == before

    def test_belong_to_posts_and_have_no_owner(self, office: Office) -> None:
        registered_case(office)

        assert Task.objects.get(flow_task_type="HUMAN").owner is None


class TestRights:
    def test_somebody_elses_task_fails_loudly(self, office: Office) -> None:
        case = registered_case(office)
        item = WorkItem.objects.get()

        with pytest.raises(PermissionDenied):
            services.complete(
                task_id=item.pk,
                actor=actor_for(office.chair),
                action="present",
                payload={},
                expected_version=1,
                receipt_key=None,
            )

        assert case.document_id
