"""
Văn bản đến: present → direct → work (one branch per assignment) → finish (domain.md 15, I5 to I10).

Within a branch work may be handed on to somebody of the unit, and come back from there (I8).

Conditions read the case and its assignments, never the reverse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from viewflow import this
from viewflow.workflow import flow

from core import ids
from organizations.selectors import clerk_post
from workflow.engine.nodes import ForEach, OfficeTask
from workflow.engine.registry import register_flow
from workflow.flows.base import OfficeFlow
from workflow.models import Assignment, IncomingCase
from workflow.services.facts import deadline, sent_by

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from workflow.engine.models import DocumentProcess

KEY = "incoming"
State = IncomingCase.State


def case_of(process: DocumentProcess) -> IncomingCase:
    """The case that a process conducts, fresh."""
    return IncomingCase.plain.select_related("entry", "leader_post").get(process=process)


class IncomingV1(OfficeFlow):
    """A unit's own handling of a paper it received."""

    process_title = "Văn bản đến"

    start = flow.StartHandle(this.begin).Annotation(title="Tiếp nhận, vào sổ").Next(this.present)
    present = (
        OfficeTask().Annotation(title="Trình lãnh đạo").Holder(this.clerk).Facts(this.returned_facts).Next(this.direct)
    )
    direct = OfficeTask().Annotation(title="Bút phê").Holder(this.leader).Facts(this.direct_facts).Next(this.directed)
    directed = flow.Switch().Case(this.present, this.was_sent_back).Default(this.assign)
    assign = ForEach(this.open_assignments).Next(this.work)
    work = (
        OfficeTask()
        .Annotation(title="Xử lý")
        .Holder(this.assignee)
        .Facts(this.work_facts)
        .Seed(this.open_in_branch)
        .Next(this.handed)
    )
    handed = flow.Switch().Case(this.work, this.open_in_branch).Default(this.joined)
    joined = flow.Join(continue_on_condition=this.lead_is_settled).Next(this.worked)
    worked = flow.Switch().Case(this.direct, this.lead_was_returned).Default(this.finish)
    finish = OfficeTask().Annotation(title="Kết thúc").Holder(this.leader).Facts(this.finish_facts).Next(this.finished)
    finished = flow.Switch().Case(this.assign, this.is_still_open).Default(this.end)
    end = flow.End()

    def begin(self, activation: Any, case: IncomingCase) -> DocumentProcess:
        """Bind the process to the case."""
        process: DocumentProcess = activation.process
        process.document, process.unit, process.flow_key = case.document, case.unit, KEY
        process.save()
        IncomingCase.plain.filter(pk=case.pk).update(process=process)
        return process

    def clerk(self, process: DocumentProcess, seed: Any) -> str:
        post = clerk_post(process.unit)
        return ids.post_key(post.pk) if post else ids.unit_key(process.unit_id)

    def leader(self, process: DocumentProcess, seed: Any) -> str:
        post = case_of(process).leader_post
        return ids.post_key(post.pk) if post else ids.unit_key(process.unit_id)

    def assignee(self, process: DocumentProcess, seed: Assignment) -> str:
        return seed.holder

    def returned_facts(self, process: DocumentProcess, seed: Any) -> dict[str, Any]:
        case = case_of(process)
        return {"note": case.return_reason[:300], "due_at": deadline(case.due_date)}

    def direct_facts(self, process: DocumentProcess, seed: Any) -> dict[str, Any]:
        case = case_of(process)
        return {"note": case.return_reason[:300], "due_at": deadline(case.due_date), "sent_by": sent_by(process)}

    def work_facts(self, process: DocumentProcess, seed: Assignment) -> dict[str, Any]:
        return {
            "role": seed.role,
            "due_at": deadline(seed.due_date),
            "note": (seed.note or seed.direction.text)[:300],
            "sent_by": sent_by(process) if seed.note else seed.direction.leader.get("name", ""),
        }

    def finish_facts(self, process: DocumentProcess, seed: Any) -> dict[str, Any]:
        case = case_of(process)
        return {"note": case.return_reason[:300], "due_at": deadline(case.due_date), "sent_by": sent_by(process)}

    def was_sent_back(self, activation: Any) -> bool:
        return case_of(activation.process).state == State.REGISTERED

    def open_assignments(self, activation: Any) -> QuerySet[Assignment]:
        rows = Assignment.plain.filter(case__process=activation.process, state=Assignment.State.OPEN)
        return rows.select_related("direction").order_by("id")

    def open_in_branch(self, activation: Any) -> Assignment | None:
        """What goes on in the branch after a piece of work: a part of it handed on, or the whole of which a part came back."""
        done = activation.task.previous.get()
        near = Q(parent=done.seed_object_id) | Q(parts=done.seed_object_id)
        rows = Assignment.plain.filter(near, state=Assignment.State.OPEN).select_related("direction")
        return rows.order_by("-id").first()

    def lead_is_settled(self, activation: Any, active_tasks: Any) -> bool:
        return not Assignment.plain.filter(
            case__process=activation.process, role=Assignment.Role.LEAD, state=Assignment.State.OPEN
        ).exists()

    def lead_was_returned(self, activation: Any) -> bool:
        return case_of(activation.process).state == State.PRESENTED

    def is_still_open(self, activation: Any) -> bool:
        return case_of(activation.process).state != State.DONE


register_flow(KEY, IncomingV1)
