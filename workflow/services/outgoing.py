"""O1 to O7: a paper of the unit is drafted, judged version by version, numbered and issued (domain.md 16)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import receipts
from audit.services import record
from core import ids
from core.vietnamese import clean
from documents.models import Document, DocumentLink, Validity
from documents.policies import require_drafter
from documents.services.access import grant, revoke
from documents.services.confirmation import lock
from documents.services.drafting import NotADraft, create_draft, latest_version
from documents.services.issuing import stamp_issue
from documents.services.registration import take_issue_number
from exchange.services import NobodyToSendTo, issue_dispatch, require_reason
from organizations.models import Unit, User
from organizations.policies import NotAllowed
from organizations.selectors import expand_groups
from workflow.engine import registry
from workflow.engine.hold import or_busy
from workflow.engine.registry import handles
from workflow.models import IncomingCase, OutgoingCase, Review
from workflow.policies import answerable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from audit.models import Actor
    from documents.models import DocumentType, DraftVersion
    from organizations.models import Post
    from workflow.engine.hold import Step

KEY = "outgoing"
State = OutgoingCase.State


class DeputyCannotSign(Exception):
    """A delegation routes and reads; who signs sits in the post (domain.md 13, 16 O6)."""

    def __init__(self, principal: str) -> None:
        super().__init__(
            _(
                "You act for %(principal)s, and a deputy does not sign. Return the draft with a reason, so that it is "
                "submitted to another signer, or leave it until they are back."
            )
            % {"principal": principal}
        )


class NotAnswerable(NotAllowed):
    """A paper answers one that its drafter may see."""

    def __init__(self) -> None:
        super().__init__(_("The paper to be answered is not open to you."), "workflow.case.answer")


class AnotherVersion(Exception):
    """A judgement is bound to the version that was seen."""

    def __init__(self, version: int) -> None:
        super().__init__(
            _("The draft has a newer version %(version)s. Look at it before you decide; nothing was saved.")
            % {"version": version}
        )


@or_busy()
@transaction.atomic
def draft_outgoing(
    *,
    unit: Unit,
    doc_type: DocumentType,
    subject: str,
    stream: IO[bytes],
    name: str,
    secrecy: str,
    signer_post: Post,
    recipients: Sequence[int],
    actor: Actor,
    groups: Sequence[str] = (),
    must_act: bool = True,
    urgency: int = 0,
    due_date: date | None = None,
    source: IncomingCase | None = None,
    receipt_key: UUID | None = None,
) -> OutgoingCase:
    """
    O1: a paper with version 1 of its text and its case, all or nothing; the same form posted twice makes one paper.

    :raises SecretPaperRefused, NotAPdf: from the draft, before anything is kept
    :raises NobodyToSendTo: without recipient and group
    """
    if earlier := receipts.find(receipt_key, actor):
        return OutgoingCase.objects.system("the same form posted twice").get(pk=earlier["case"])
    document = create_draft(
        unit=unit, doc_type=doc_type, subject=subject, stream=stream, name=name, actor=actor, secrecy=secrecy,
        urgency=urgency, due_date=due_date,
    )  # fmt: skip
    return start_outgoing(
        document=document, signer_post=signer_post, recipients=recipients, actor=actor, groups=groups, must_act=must_act,
        due_date=due_date, source=source, receipt_key=receipt_key,
    )  # fmt: skip


@or_busy()
@transaction.atomic
def start_outgoing(
    *,
    document: Document,
    signer_post: Post,
    recipients: Sequence[int],
    actor: Actor,
    groups: Sequence[str] = (),
    must_act: bool = True,
    due_date: date | None = None,
    source: IncomingCase | None = None,
    receipt_key: UUID | None = None,
) -> OutgoingCase:
    """
    Begin the way out of a draft. The case stays with its drafter until it is submitted.

    :param recipients: ids of units; `groups` adds groups by code, expanded at issue (C1)
    :param source: the case that this paper answers. Sent to units below it carries the received one out; sent elsewhere it is
        an answer and nothing more
    :raises NotAllowed: for anybody but the people of the unit that owns the draft
    :raises NotADraft: for a paper that is in force
    :raises NobodyToSendTo: without recipient and group
    """
    if earlier := receipts.find(receipt_key, actor):
        return OutgoingCase.objects.system("the same form posted twice").get(pk=earlier["case"])
    person, actor = require_drafter(actor, document.owner_unit)
    if source is not None and not answerable(person, document.owner_unit).filter(pk=source.pk).exists():
        raise NotAnswerable
    if document.state != Validity.DRAFT:
        raise NotADraft
    if not recipients and not groups:
        raise NobodyToSendTo
    case = OutgoingCase.plain.create(
        document=document, unit=document.owner_unit, drafter_id=document.created_by_id, signer_post=signer_post,
        recipients=list(recipients), groups=list(groups), must_act=must_act, due_date=due_date, source=source,
    )  # fmt: skip
    grant(document=document, token=ids.post_key(signer_post.pk), cause=f"outgoing:{case.pk}")
    if source:
        kind = DocumentLink.Kind.IMPLEMENTS if _goes_down(case, _expanded(case)) else DocumentLink.Kind.ANSWERS
        DocumentLink.objects.get_or_create(source=document, target_id=source.document_id, kind=kind)
    case.process = registry.current_flow(KEY).start.run(case=case)
    receipts.keep(receipt_key, actor, {"case": case.pk})
    record("workflow.case.drafted", target=document, actor=actor, data={"case": case.pk, "unit": case.unit.code})
    return case


def _case(step: Step) -> OutgoingCase:
    rows = OutgoingCase.plain.select_for_update(no_key=True, of=("self",))
    rows = rows.select_related("unit", "signer_post", "source__delivery")
    return rows.get(process=step.process)


@handles(KEY, "draft", "submit")
def submit(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """The drafter hands the newest version to the signer. payload: comment, signer_post (another one, or None)."""
    case = _case(step)
    signer_post: Post = payload.get("signer_post") or case.signer_post
    if signer_post != case.signer_post:
        revoke(document=step.document, cause=f"outgoing:{case.pk}")
        grant(document=step.document, token=ids.post_key(signer_post.pk), cause=f"outgoing:{case.pk}")
    rows = OutgoingCase.plain.filter(pk=case.pk)
    rows.update(state=State.SUBMITTED, return_reason="", signer_post=signer_post)


def _judge(step: Step, actor: Actor, payload: Mapping[str, Any], decision: str, comment: str) -> None:
    draft = latest_version(step.document)
    if int(payload["version"]) != draft.version:
        raise AnotherVersion(draft.version)
    _keep_review(_case(step), draft, actor, decision, comment)


def _keep_review(case: OutgoingCase, draft: DraftVersion, actor: Actor, decision: str, comment: str) -> None:
    Review.plain.create(
        case=case,
        version=draft.version,
        sha256=draft.file.sha256,
        decision=decision,
        comment=comment,
        by=actor.snapshot(),
    )


@handles(KEY, "approve", "approve")
def approve(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """
    O5. payload: version (that was seen), comment. Whoever approves is the signer.

    :raises AnotherVersion: if a newer one came in
    :raises DeputyCannotSign: for whoever acts for the holder of the post
    """
    if actor.on_behalf_of_id is not None:
        raise DeputyCannotSign(actor.on_behalf_of)
    comment = clean(str(payload.get("comment", ""))).strip()[:1000]
    _judge(step, actor, payload, Review.Decision.APPROVED, comment)
    case = _case(step)
    OutgoingCase.plain.filter(pk=case.pk).update(state=State.APPROVED, approved_version=int(payload["version"]))
    signer = User.objects.get(pk=actor.user_id or 0)
    Document.plain.filter(pk=step.document.pk).update(signer=signer.full_name, signer_title=case.signer_post.title)


@handles(KEY, "approve", "return")
@handles(KEY, "issue", "return")
def return_draft(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """Back to the drafter with a reason bound to the version. payload: version, reason (10 characters or more)."""
    reason = require_reason(payload.get("reason"))
    _judge(step, actor, payload, Review.Decision.RETURNED, reason[:1000])
    facts = {"state": State.RETURNED, "return_reason": reason[:1000], "approved_version": None}
    OutgoingCase.plain.filter(pk=_case(step).pk).update(**facts)


@handles(KEY, "issue", "issue")
def issue(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """
    O6, O7. payload: issued_on (date). Number, stamped file and one delivery per recipient, in one act.

    :raises AnotherVersion: if the newest version is not the approved one (11.2: the signer must see it again)
    """
    case = _case(step)
    lock(step.document)  # no newer version comes in between; and before the register, as everywhere
    draft = latest_version(step.document)
    if draft.version != case.approved_version:
        raise AnotherVersion(draft.version)
    issued_on: date = payload["issued_on"]
    entry = take_issue_number(document=step.document, unit=case.unit, issued_on=issued_on, actor=actor)
    stamp_issue(document=step.document, entry=entry, issued_on=issued_on, actor=actor)
    recipients = _expanded(case)
    issue_dispatch(
        document=step.document, sender=case.unit, recipients=recipients, groups=case.groups, must_act=case.must_act,
        due_date=case.due_date, actor=actor,
        parent_delivery=case.source.delivery if case.source and _goes_down(case, recipients) else None,
    )  # fmt: skip
    OutgoingCase.plain.filter(pk=case.pk).update(state=State.ISSUED)


def _expanded(case: OutgoingCase) -> list[Unit]:
    named = list(Unit.objects.filter(pk__in=case.recipients))
    return [*named, *expand_groups(case.unit, case.groups)]


def _goes_down(case: OutgoingCase, recipients: Sequence[Unit]) -> bool:
    """Whether the paper passes work on to units below, not merely reports upwards (domain.md 17, C4)."""
    return any(unit.path.startswith(case.unit.path) for unit in recipients if unit.pk != case.unit_id)
