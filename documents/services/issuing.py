"""O6, O7: number and date are written into a new file; the approved draft stays as it was."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core.symbols import normal_symbol
from documents import policies, store
from documents.models import Document, DocumentFile, ReadState, Validity
from documents.ocr import boxes
from documents.rendition.paper import draw
from documents.rendition.places import Place, date_place, number_place
from documents.services.confirmation import lock
from documents.services.drafting import NotADraft, latest_version
from documents.services.uploads import READ_JOB, attach
from jobs import enqueue
from live import publish

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from audit.models import Actor
    from documents.models import DraftVersion, Page, RegisterEntry

A4_POINTS = (595.3, 841.9)
STAMP_SECONDS = 60
SIZE_OF_LINE = 1.3  # type size as a share of a found line's height
USUAL_SIZE = 13.0


class DraftNotRead(Exception):
    """The places of number and date are found in the words of the draft, which are still being read."""

    def __init__(self) -> None:
        super().__init__(_("The draft is still being read. Try again in a minute."))


class StampFailed(Exception):
    """The PDF does not let itself be written on."""

    def __init__(self) -> None:
        super().__init__(
            _("Number and date could not be written into this PDF. Return the draft and ask for a PDF saved anew.")
        )


@transaction.atomic
def stamp_issue(*, document: Document, entry: RegisterEntry, issued_on: date, actor: Actor) -> DocumentFile:
    """
    Issue an approved draft: a new PDF with number and date over their places; the paper is in force.

    :raises NotADraft: if it was issued before
    :raises DraftNotRead: while its pages are being read
    :raises StampFailed: if the PDF cannot be written on; nothing is issued, the number is not used
    """
    policies.require_registrar(actor, document.owner_unit)
    document = lock(document)
    if document.state != Validity.DRAFT:
        raise NotADraft
    if document.read_state in {ReadState.QUEUED, ReadState.READING}:
        raise DraftNotRead
    draft = latest_version(document)
    _set_number(document, entry, issued_on)
    file = _stamped(document, draft, issued_on)
    document.save()
    enqueue(READ_JOB, document_id=document.pk)
    publish(f"document:{document.pk}")
    data = {"symbol": document.full_symbol, "version": draft.version, "sha256": file.sha256}
    record("documents.document.issued", target=document, actor=actor, data=data)
    return file


def _set_number(document: Document, entry: RegisterEntry, issued_on: date) -> None:
    document.number, document.issue_date = entry.display, issued_on
    document.symbol_norm = normal_symbol(document.full_symbol) or ""
    document.place = document.place or document.owner_unit.place
    document.state, document.read_state = Validity.IN_FORCE, ReadState.QUEUED
    document.confirmed_at, document.confirmed_by = entry.entered_at, entry.entered_by
    document.version += 1


def _stamped(document: Document, draft: DraftVersion, issued_on: date) -> DocumentFile:
    page = draft.file.pages.filter(number=1).first()
    overlay = draw("documents/print/overlay.html", _overlay(document, page, issued_on))
    with store.scratch() as scratch:
        (scratch / "overlay.pdf").write_bytes(overlay)
        pdf = _merge(store.path_of(draft.file.sha256), scratch)
    kept = store.keep(io.BytesIO(pdf))
    name = f"{document.full_symbol.replace('/', '-')}.pdf"
    return attach(document=document, kept=kept, name=name, kind=DocumentFile.Kind.ISSUED)


def _merge(draft: Path, scratch: Path) -> bytes:
    out = scratch / "out.pdf"
    command = [sys.executable, "-m", "documents.rendition.stamp", str(draft), str(scratch / "overlay.pdf"), str(out)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=STAMP_SECONDS, stdin=subprocess.DEVNULL)
    except subprocess.SubprocessError as error:
        raise StampFailed from error
    return out.read_bytes()


def _overlay(document: Document, page: Page | None, issued_on: date) -> dict[str, Any]:
    words = boxes.unpack(bytes(page.boxes), page.text) if page else ()
    width, height = (page.width_pt, page.height_pt) if page and page.width_pt else A4_POINTS
    day = f"ngày {issued_on:%d} tháng {issued_on:%m} năm {issued_on:%Y}"
    number, date_ = number_place(words), date_place(words)
    place = "" if date_.is_found else f"{document.place}, "
    marks = [
        _mark(number, f"Số: {document.full_symbol}", width, height, css="number"),
        _mark(date_, f"{place}{day}", width, height, css="date"),
    ]
    return {"title": document.full_symbol, "width": f"{width:.2f}", "height": f"{height:.2f}", "marks": marks}


def _mark(place: Place, words: str, width: float, height: float, *, css: str) -> dict[str, str]:
    size = max(12.0, min(14.0, place.h * height * SIZE_OF_LINE)) if place.is_found else USUAL_SIZE
    points = {"x": place.x * width, "y": place.y * height, "w": place.w * width, "h": place.h * height, "size": size}
    css = f"{css} cover" if place.is_found else css
    return {name: f"{value:.2f}" for name, value in points.items()} | {"words": words, "css": css}
