"""Văn bản đi: draft → approve → issue; a return goes to the drafter, bound to the version judged (domain.md 16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viewflow import this
from viewflow.workflow import flow

from core import ids
from organizations.selectors import clerk_post
from workflow.engine.nodes import OfficeTask
from workflow.engine.registry import register_flow
from workflow.flows.base import OfficeFlow
from workflow.models import OutgoingCase
from workflow.services.facts import deadline, sent_by

if TYPE_CHECKING:
    from workflow.engine.models import DocumentProcess

KEY = "outgoing"
State = OutgoingCase.State


def case_of(process: DocumentProcess) -> OutgoingCase:
    """The case that a process conducts, fresh."""
    return OutgoingCase.plain.select_related("signer_post").get(process=process)


class OutgoingV1(OfficeFlow):
    """A unit's own paper from draft to issue."""

    process_title = "Văn bản đi"

    start = flow.StartHandle(this.begin).Annotation(title="Tạo dự thảo").Next(this.draft)
    draft = (
        OfficeTask().Annotation(title="Soạn dự thảo").Holder(this.drafter).Facts(this.draft_facts).Next(this.approve)
    )
    approve = OfficeTask().Annotation(title="Duyệt, ký").Holder(this.signer).Facts(this.facts).Next(this.approved)
    approved = flow.Switch().Case(this.draft, this.was_returned).Default(this.issue)
    issue = OfficeTask().Annotation(title="Cấp số, phát hành").Holder(this.clerk).Facts(this.facts).Next(this.issued)
    issued = flow.Switch().Case(this.draft, this.was_returned).Default(this.end)
    end = flow.End()

    def begin(self, activation: Any, case: OutgoingCase) -> DocumentProcess:
        """Bind the process to the case."""
        process: DocumentProcess = activation.process
        process.document, process.unit, process.flow_key = case.document, case.unit, KEY
        process.save()
        OutgoingCase.plain.filter(pk=case.pk).update(process=process)
        return process

    def drafter(self, process: DocumentProcess, seed: Any) -> str:
        return ids.user_key(case_of(process).drafter_id)

    def signer(self, process: DocumentProcess, seed: Any) -> str:
        return ids.post_key(case_of(process).signer_post_id)

    def clerk(self, process: DocumentProcess, seed: Any) -> str:
        post = clerk_post(process.unit)
        return ids.post_key(post.pk) if post else ids.unit_key(process.unit_id)

    def draft_facts(self, process: DocumentProcess, seed: Any) -> dict[str, Any]:
        """A drafter whose paper came back sees why in the inbox: this is the notice of a return."""
        case = case_of(process)
        sender = {"sent_by": sent_by(process)} if case.return_reason else {}
        return {"note": case.return_reason[:300], "due_at": deadline(case.due_date), **sender}

    def facts(self, process: DocumentProcess, seed: Any) -> dict[str, Any]:
        case = case_of(process)
        return {"due_at": deadline(case.due_date), "sent_by": sent_by(process)}

    def was_returned(self, activation: Any) -> bool:
        return case_of(activation.process).state == State.RETURNED


register_flow(KEY, OutgoingV1)
