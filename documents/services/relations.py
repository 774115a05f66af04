"""How papers hang together: a new one in force takes the place of an older one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from documents import policies
from documents.models import Document, DocumentLink, Validity
from live import publish

if TYPE_CHECKING:
    from audit.models import Actor

REPLACES = DocumentLink.Kind.REPLACES


class NotReplaceable(Exception):
    """One of the two papers cannot take or give that place."""


class AlreadyReplaced(Exception):
    """It was recorded before."""

    def __init__(self, target: Document) -> None:
        super().__init__(_("It stands recorded already that this paper replaces %(paper)s.") % {"paper": target})


class NothingReplaced(Exception):
    """There is no such record any more."""

    def __init__(self) -> None:
        super().__init__(_("This record was taken back before. Nothing was changed by you."))


@transaction.atomic
def replace_paper(*, source: Document, target: Document, actor: Actor) -> DocumentLink:
    """
    Record that `source` replaces `target`; both stay, and whoever may see both is told on the older one (domain.md 18.3, 18.4).

    The office that holds the new paper says so, of a paper that it may see.

    :raises NotReplaceable: if one is not confirmed and in force, the older is the newer, or they replace each other
    :raises AlreadyReplaced: if it was recorded before
    """
    actor = policies.require_relator(actor, source, target)
    source, target = _locked(source, target)
    _require_order(source, target)
    link, is_new = DocumentLink.objects.get_or_create(source=source, target=target, kind=REPLACES)
    if not is_new:
        raise AlreadyReplaced(target)
    _tell(source, target)
    record("documents.document.replaced", target=source, actor=actor, touches=[target])
    return link


@transaction.atomic
def take_replacement_back(*, source: Document, target: Document, actor: Actor) -> None:
    """
    Undo `replace_paper`.

    :raises NothingReplaced: if nothing stands recorded
    """
    actor = policies.require_relator(actor, source, target)
    source, target = _locked(source, target)
    removed, _kinds = DocumentLink.objects.filter(source=source, target=target, kind=REPLACES).delete()
    if not removed:
        raise NothingReplaced
    _tell(source, target)
    record("documents.document.replacement_withdrawn", target=source, actor=actor, touches=[target])


def _locked(source: Document, target: Document) -> tuple[Document, Document]:
    """Both rows held, always in one order: two clerks who relate the same papers wait for each other once."""
    rows = Document.plain.select_for_update(no_key=True).filter(pk__in=[source.pk, target.pk]).order_by("pk")
    fresh = {document.pk: document for document in rows}
    return fresh[source.pk], fresh[target.pk]


def _require_order(source: Document, target: Document) -> None:
    if source.pk == target.pk:
        raise NotReplaceable(_("A paper does not replace itself. Choose another one."))
    for document in (source, target):
        if document.state != Validity.IN_FORCE or not document.is_confirmed:
            raise NotReplaceable(
                _("Only confirmed papers in force replace each other; %(paper)s is not.") % {"paper": document}
            )
    if source.issue_date and target.issue_date and source.issue_date < target.issue_date:
        raise NotReplaceable(
            _("%(paper)s is newer than this paper, so it cannot be replaced by it.") % {"paper": target}
        )
    if source.pk in _replaced_by(target):
        raise NotReplaceable(_("%(paper)s replaces this paper, so it cannot be replaced by it.") % {"paper": target})


def _replaced_by(document: Document) -> set[int]:
    """Everything that a paper replaces, in one step or several."""
    found: set[int] = set()
    step = {document.pk}
    while step:
        links = DocumentLink.objects.filter(kind=REPLACES, source__in=step).values_list("target", flat=True)
        step = set(links) - found
        found |= step
    return found


def _tell(*documents: Document) -> None:
    for document in documents:
        publish(f"document:{document.pk}")
