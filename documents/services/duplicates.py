"""I3: what the clerk makes of a paper that seems to be here already: the same one, another one, or not wanted twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audit.services import record
from documents import policies
from documents.models import Document, DocumentLink, Validity
from documents.services.confirmation import NotConfirmable, ReasonMissing, withdraw_upload
from live import publish

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from audit.models import Actor

SAME, DIFFERS = DocumentLink.Kind.SAME, DocumentLink.Kind.DIFFERS
ACTS = {SAME: "documents.document.found_same", DIFFERS: "documents.document.found_different"}
GONE = (Validity.WITHDRAWN, Validity.QUARANTINED)


class NotComparable(Exception):
    """One of the two is no longer there to be compared."""

    def __init__(self) -> None:
        super().__init__(_("One of the two papers was withdrawn or locked away. Nothing was changed by you."))


class AlreadyCompared(Exception):
    """Somebody found the same before."""

    def __init__(self) -> None:
        super().__init__(_("This was recorded before. Nothing was changed by you."))


class NothingCompared(Exception):
    """There is no finding to take back."""

    def __init__(self) -> None:
        super().__init__(_("This record was taken back before. Nothing was changed by you."))


@transaction.atomic
def link_same(*, document: Document, other: Document, actor: Actor) -> None:
    """
    Record that both are one paper that came twice; both are kept, and each page names the other to whoever may see it.

    :raises NotAllowed: for anybody but the registrar of the unit that owns `document`, or where they may not see `other`
    :raises NotComparable: if one is withdrawn or locked away
    :raises AlreadyCompared: if that was recorded before
    """
    _find(document, other, SAME, actor)


@transaction.atomic
def keep_apart(*, document: Document, other: Document, actor: Actor) -> None:
    """
    Record that they are two papers, however alike: nobody is asked again.

    :raises: as `link_same`
    """
    _find(document, other, DIFFERS, actor)


@transaction.atomic
def discard_arrival(*, document: Document, other: Document, reason: str, actor: Actor) -> None:
    """
    Withdraw the new arrival because `other` is the paper already: its bytes and its record stay.

    :raises ReasonMissing: without a reason
    :raises NotConfirmable: once somebody has confirmed it
    :raises NotAllowed, NotComparable: as `link_same`
    """
    if not reason.strip():
        raise ReasonMissing
    if document.state != Validity.UNCONFIRMED:
        raise NotConfirmable(document)
    if not _links(document, other).filter(kind=SAME).exists():
        _find(document, other, SAME, actor)
    withdraw_upload(document=document, reason=reason, actor=actor)


@transaction.atomic
def compare_anew(*, document: Document, other: Document, actor: Actor) -> None:
    """
    Take back what was found of the two.

    :raises NothingCompared: if nothing stands recorded
    """
    actor = policies.require_relator(actor, document, other)
    _hold(document, other)
    removed, _kinds = _links(document, other).delete()
    if not removed:
        raise NothingCompared
    _tell(document, other)
    record("documents.document.finding_withdrawn", target=document, actor=actor, touches=[other])


def _find(document: Document, other: Document, kind: DocumentLink.Kind, actor: Actor) -> None:
    actor = policies.require_relator(actor, document, other)
    if document.pk == other.pk or any(one.state in GONE for one in _hold(document, other)):
        raise NotComparable
    if _links(document, other).filter(kind=kind).exists():
        raise AlreadyCompared
    _links(document, other).delete()
    DocumentLink.objects.create(source=document, target=other, kind=kind)
    _tell(document, other)
    record(ACTS[kind], target=document, actor=actor, touches=[other])


def _links(document: Document, other: Document) -> QuerySet[DocumentLink]:
    both = Q(source=document, target=other) | Q(source=other, target=document)
    return DocumentLink.objects.filter(both, kind__in=[SAME, DIFFERS])


def _hold(document: Document, other: Document) -> list[Document]:
    """Both rows held, always in one order."""
    rows = Document.plain.select_for_update(no_key=True).filter(pk__in=[document.pk, other.pk])
    return list(rows.order_by("pk"))


def _tell(*documents: Document) -> None:
    for document in documents:
        publish(f"document:{document.pk}")
