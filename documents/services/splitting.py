"""Several papers in one scan are made several papers, each with its own pages; the scan stays as it came."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from audit.models import Actor
from audit.services import record
from core import clock
from documents import policies, store
from documents.extraction.parts import Part
from documents.models import Document, DocumentFile, ExtractedField, Page, ReadState, Validity
from documents.ocr import cut_pages
from documents.services.access import grant_office
from documents.services.confirmation import StaleDocument, lock
from documents.services.copies import forget_copies
from documents.services.prints import forget_print
from documents.services.uploads import READ_JOB, attach
from jobs import enqueue
from live import publish
from organizations.models import Unit
from organizations.policies import can_register

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS = "parts"  # the name under which the reading proposes them
READER = Actor.system("reader")
_SEVERAL = 2


class NotSplittable(Exception):
    """It is confirmed, somebody has split it, or its file cannot be cut."""

    def __init__(self) -> None:
        super().__init__(_("This scan cannot be split, or was split before. Nothing was changed by you."))


def propose_parts(parts: Sequence[Part]) -> list[list[int | str]] | None:
    """As the reading keeps them; None where there is but one paper without annexes or cover sheet."""
    if not any(part.annex or part.unit for part in parts) and len(parts) < _SEVERAL:
        return None
    return [[part.first, part.last, part.annex, part.unit] for part in parts]


def parts_in(field: ExtractedField | None) -> list[Part]:
    """What was proposed and nobody has decided on yet."""
    return [Part(*one) for one in field.value] if field and isinstance(field.value, list) else []


def split_document(*, document: Document, actor: Actor, expected_version: int) -> list[Document]:
    """
    Make each proposed part a paper: one stays `document`, the others are new ones beside it, and each is read anew.

    Cut outside of the transaction, by a child; the scan keeps its bytes and its row, from which each part says its pages.

    :raises NotSplittable: if there is nothing to split, or the file is no PDF that can be cut
    :raises StaleDocument: if somebody changed the paper since it was shown
    :raises NotAllowed: for anybody but the registrar of its unit
    """
    _person, actor = policies.require_registrar(actor, document.owner_unit)
    return _cut_and_split(document, actor, expected_version)


def split_at_covers(document_id: int) -> list[Document]:
    """
    What cover sheets say is done without asking anybody; where it cannot be done, the clerk finds it proposed.

    A sheet sends a paper to another unit only if whoever brought the scan registers for that unit, too.
    """
    document = Document.plain.get(pk=document_id)
    parts, _scan = _found(document)
    if not any(part.unit for part in parts):
        return []
    try:
        return _cut_and_split(document, READER, document.version)
    except (NotSplittable, StaleDocument):
        return []


def _cut_and_split(document: Document, actor: Actor, version: int) -> list[Document]:
    parts, scan = _found(document)
    if scan is None or not (len(parts) >= _SEVERAL or any(part.unit for part in parts)):
        raise NotSplittable
    with store.scratch() as scratch:
        ranges = [(part.first, part.last) for part in parts]
        pieces = cut_pages(store.path_of(scan.sha256), ranges=ranges, scratch=scratch)
    if pieces is None:
        raise NotSplittable
    kept = [store.keep(io.BytesIO(piece)) for piece in pieces]
    return _split(document, scan, parts, kept, actor, version)


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
    _forget_whole(document, scan)
    units = [_unit_of(part, document) for part in parts]
    papers = _papers(document, units)
    for paper, part, bytes_of in zip(papers, parts, kept, strict=True):
        _give(paper, part, bytes_of, scan)
    _go_on(document, version, stays=document in papers)
    publish(f"document:{document.pk}")
    data = {
        "sha256": scan.sha256, "pages": [[part.first, part.last] for part in parts], "units": [unit.code for unit in units],
    }  # fmt: skip
    others = [paper for paper in papers if paper.pk != document.pk]
    record("documents.document.split", target=document, actor=actor, data=data, touches=others)
    return papers


def _forget_whole(document: Document, scan: DocumentFile) -> None:
    """The scan stays as it was received; what was read of it as one paper goes."""
    DocumentFile.plain.filter(pk=scan.pk).update(kind=DocumentFile.Kind.SOURCE)
    Page.plain.filter(file=scan).delete()
    ExtractedField.plain.filter(document=document).delete()
    forget_copies(document)
    forget_print(document=document)


def _give(paper: Document, part: Part, kept: store.StoredFile, scan: DocumentFile) -> None:
    """A part's pages become the paper's file, which waits to be read."""
    file = attach(document=paper, kept=kept, name=_named(scan.name, part), kind=DocumentFile.Kind.SCAN)
    DocumentFile.plain.filter(pk=file.pk).update(source=scan, first_page=part.first, last_page=part.last)
    enqueue(READ_JOB, document_id=paper.pk)


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


def _unit_of(part: Part, document: Document) -> Unit:
    """Whose the part is: what its cover sheet says goes as far as the rights of whoever brought the scan."""
    named: Unit | None = Unit.objects.filter(code=part.unit).first() if part.unit else None
    if named is not None and can_register(document.created_by, named, clock.now()):
        return named
    return document.owner_unit


def _papers(document: Document, units: Sequence[Unit]) -> list[Document]:
    """A paper for each part; the one that has the scan keeps the first part of its own unit, for the scan shows all the others."""
    own = next((at for at, unit in enumerate(units) if unit.pk == document.owner_unit_id), None)
    return [document if at == own else _beside(document, unit) for at, unit in enumerate(units)]


def _go_on(document: Document, version: int, *, stays: bool) -> None:
    """It waits to be read with its own pages; where all parts went to other units, nothing of it is left to register."""
    left = {"read_state": ReadState.QUEUED} if stays else {"state": Validity.WITHDRAWN}
    Document.plain.filter(pk=document.pk).update(
        read_reason="", pages_done=0, pages_total=0, version=version + 1, **left
    )


def _beside(document: Document, unit: Unit) -> Document:
    """A new paper, brought by the same person."""
    paper = Document.plain.create(owner_unit=unit, created_by=document.created_by, cleared_at=document.cleared_at)
    grant_office(paper)
    return paper


def _named(name: str, part: Part) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{stem or ending} ({part.first}-{part.last}){dot}{ending if stem else 'pdf'}"
