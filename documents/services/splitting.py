"""Several papers in one scan are made several papers, each with its own pages; the scan stays as it came."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from documents import policies, store
from documents.extraction.parts import Part
from documents.models import Document, DocumentFile, ExtractedField, Page, ReadState, Validity
from documents.ocr import cut_pages
from documents.services.access import grant_office
from documents.services.confirmation import lock
from documents.services.copies import forget_copies
from documents.services.prints import forget_print
from documents.services.uploads import READ_JOB, attach
from jobs import enqueue
from live import publish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.models import Actor

PARTS = "parts"  # the name under which the reading proposes them


class NotSplittable(Exception):
    """It is confirmed, somebody has split it, or its file cannot be cut."""

    def __init__(self) -> None:
        super().__init__(_("This scan cannot be split, or was split before. Nothing was changed by you."))


def propose_parts(parts: Sequence[Part]) -> list[list[int]] | None:
    """As the reading keeps them; None where there is but one paper without annexes."""
    if len(parts) == 1 and not parts[0].annex:
        return None
    return [[part.first, part.last, part.annex] for part in parts]


def parts_in(field: ExtractedField | None) -> list[Part]:
    """What was proposed and nobody has decided on yet."""
    return [Part(*map(int, one)) for one in field.value] if field and isinstance(field.value, list) else []


def split_document(*, document: Document, actor: Actor, expected_version: int) -> list[Document]:
    """
    Make each proposed part a paper: the first stays `document`, the others are new ones beside it, and each is read anew.

    Cut outside of the transaction, by a child; the scan keeps its bytes and its row, from which each part says its pages.

    :raises NotSplittable: if there is nothing to split, or the file is no PDF that can be cut
    :raises StaleDocument: if somebody changed the paper since it was shown
    :raises NotAllowed: for anybody but the registrar of its unit
    """
    _person, actor = policies.require_registrar(actor, document.owner_unit)
    parts, scan = _found(document)
    if len(parts) < 2 or scan is None:  # noqa: PLR2004 - one part is the whole
        raise NotSplittable
    with store.scratch() as scratch:
        ranges = [(part.first, part.last) for part in parts]
        pieces = cut_pages(store.path_of(scan.sha256), ranges=ranges, scratch=scratch)
    if pieces is None:
        raise NotSplittable
    kept = [store.keep(io.BytesIO(piece)) for piece in pieces]
    return _split(document, scan, parts, kept, actor, expected_version)


@transaction.atomic
def _split(
    document: Document,
    scan: DocumentFile,
    parts: Sequence[Part],
    kept: Sequence[store.StoredFile],
    actor: Actor,
    version: int,
) -> list[Document]:
    document = lock(document, version)
    if document.state != Validity.UNCONFIRMED or _found(document) != (list(parts), scan):
        raise NotSplittable
    DocumentFile.plain.filter(pk=scan.pk).update(kind=DocumentFile.Kind.SOURCE)
    Page.plain.filter(file=scan).delete()
    ExtractedField.plain.filter(document=document).delete()
    forget_copies(document)
    forget_print(document=document)
    papers = [document, *(_beside(document) for _part in parts[1:])]
    for paper, part, bytes_of in zip(papers, parts, kept, strict=True):
        file = attach(document=paper, kept=bytes_of, name=_named(scan.name, part), kind=DocumentFile.Kind.SCAN)
        DocumentFile.plain.filter(pk=file.pk).update(source=scan, first_page=part.first, last_page=part.last)
        enqueue(READ_JOB, document_id=paper.pk)
    Document.plain.filter(pk=document.pk).update(
        read_state=ReadState.QUEUED, read_reason="", pages_done=0, pages_total=0, version=version + 1
    )
    publish(f"document:{document.pk}")
    data = {"sha256": scan.sha256, "pages": [[part.first, part.last] for part in parts]}
    record("documents.document.split", target=document, actor=actor, data=data, touches=papers[1:])
    return papers


@transaction.atomic
def keep_whole(*, document: Document, actor: Actor, expected_version: int) -> None:
    """
    Say that the scan is one paper, annexes and all: nobody is asked again.

    :raises: as `split_document`
    """
    _person, actor = policies.require_registrar(actor, document.owner_unit)
    document = lock(document, expected_version)
    removed, _rows = ExtractedField.plain.filter(document=document, name=PARTS).delete()
    if not removed:
        raise NotSplittable
    publish(f"document:{document.pk}")
    record("documents.document.kept_whole", target=document, actor=actor)


def _found(document: Document) -> tuple[list[Part], DocumentFile | None]:
    field = ExtractedField.plain.filter(document=document, name=PARTS).first()
    scans = DocumentFile.plain.filter(document=document, kind=DocumentFile.Kind.SCAN, removed_at__isnull=True)
    return parts_in(field), scans.order_by("-id").first()


def _beside(document: Document) -> Document:
    """A new paper of the same unit, brought by the same person."""
    paper = Document.plain.create(
        owner_unit=document.owner_unit, created_by=document.created_by, cleared_at=document.cleared_at
    )
    grant_office(paper)
    return paper


def _named(name: str, part: Part) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{stem or ending} ({part.first}-{part.last}){dot}{ending if stem else 'pdf'}"
