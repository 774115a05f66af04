"""The archive copy: searchable PDF/A beside what was received, which stays as it came (ocr.md 6). Runs as a job, may run twice."""

from __future__ import annotations

import logging
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from audit.models import Actor
from audit.services import record
from core import clock
from documents import store
from documents.models import Document, DocumentFile, Page, ReadState, Validity
from documents.placed import words_of
from documents.rendition.copying import VERSION, ReadPage, make_copy
from documents.services.quarantine import REMOVE_JOB
from documents.services.uploads import hold_bytes
from jobs import enqueue
from live import publish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from documents.rendition.copying import Copied

logger = logging.getLogger(__name__)
COPIER = Actor.system("copier")
COPY_JOB, QUEUE = "documents.tasks.copy_file", "copies"
COPIED = (DocumentFile.Kind.SCAN, DocumentFile.Kind.ISSUED)  # drafts change, and attachments are nobody's paper yet
IS_READ = (ReadState.READ, ReadState.PARTIAL)
MOST_AT_ONCE = 500  # a night has hours, and people come in the morning
PDF = "application/pdf"
ENDING = ".pdfa.pdf"
State = DocumentFile.CopyState


def queue_copy(file: DocumentFile) -> None:
    """Have a copy made of a file that was read, in the caller's transaction."""
    if file.kind in COPIED:
        enqueue(COPY_JOB, file_id=file.pk)


def copy_left() -> int:
    """Queue what was read and has no copy of this version, the newest first; how many."""
    read = Exists(Page.plain.filter(file=OuterRef("pk")))
    files = _copiable().filter(read).exclude(copy_recipe__startswith=f"{VERSION}:")
    left = list(files.order_by("-pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    for pk in left:
        enqueue(COPY_JOB, key=f"{COPY_JOB}:{pk}", file_id=pk)
    return len(left)


def _copiable() -> QuerySet[DocumentFile]:
    """Files that may have a copy: nothing of a paper that was locked away or withdrawn."""
    rows = DocumentFile.plain.filter(kind__in=COPIED, document__read_state__in=IS_READ, removed_at__isnull=True)
    return rows.exclude(document__state__in=[Validity.QUARANTINED, Validity.WITHDRAWN])


def make_archive_copy(*, file_id: int) -> None:
    """
    Make the copy of a file, unless this version has already made one of these pages.

    A file that cannot be PDF/A, as when its fonts are not in it, keeps its original alone and says so.
    """
    file = _copiable().filter(pk=file_id).first()
    if file is None:
        return
    pages = list(file.pages.order_by("number"))
    recipe = recipe_of(pages)
    if not pages or file.copy_recipe == recipe:
        return
    with store.scratch() as room:
        out = room / "copy.pdf"
        copied = make_copy(store.path_of(file.sha256), pages=_as_read(pages), out=out, scratch=room)
        kept = None
        if copied.outcome == "made":
            with out.open("rb") as stream:
                kept = store.keep(stream)
    _enter(file, recipe, copied, kept)


def recipe_of(pages: Sequence[Page]) -> str:
    """What a copy is made by and from: the version, and the pages as they were read."""
    digest = sha256()
    for page in pages:
        for part in (f"{page.number} {page.source} {page.turn}".encode(), page.text.encode(), bytes(page.boxes)):
            digest.update(len(part).to_bytes(8, "big") + part)
    return f"{VERSION}:{digest.hexdigest()}"


def _as_read(pages: Sequence[Page]) -> list[ReadPage]:
    return [
        ReadPage(
            number=page.number, text=page.text, words=words_of(page), turn=page.turn, width_pt=page.width_pt,
            height_pt=page.height_pt, is_recognised=page.source == Page.Source.OCR,
        )
        for page in pages
    ]  # fmt: skip


@transaction.atomic
def _enter(file: DocumentFile, recipe: str, copied: Copied, kept: store.StoredFile | None) -> None:
    """The bytes are durable; if the paper was read anew or locked away meanwhile, they have no row and go again."""
    document = Document.plain.select_for_update(no_key=True).get(pk=file.document_id)
    fresh = _copiable().filter(pk=file.pk).first()
    if fresh is None or fresh.copy_recipe == recipe or recipe_of(list(fresh.pages.order_by("number"))) != recipe:
        if kept:
            enqueue(REMOVE_JOB, sha256=kept.sha256)
        return
    _drop(DocumentFile.plain.filter(copy_of=file).exclude(sha256=kept.sha256 if kept else ""))
    if kept:
        _keep(file, kept)
    state = {"made": State.MADE, "not_pdfa": State.NOT_PDFA, "failed": State.FAILED}[copied.outcome]
    DocumentFile.plain.filter(pk=file.pk).update(copy_state=state, copy_recipe=recipe)
    publish(f"document:{document.pk}")
    if kept is None:
        logger.info("no copy of file %s: %s", file.pk, ", ".join(copied.why))
        return
    data = {"sha256": kept.sha256, "size": kept.size, "of": file.sha256}
    record("documents.document.copied", target=document, actor=COPIER, data=data)


def _keep(file: DocumentFile, kept: store.StoredFile) -> None:
    hold_bytes(kept.sha256)
    facts = {
        "document": file.document, "kind": DocumentFile.Kind.ARCHIVE, "sha256": kept.sha256, "size": kept.size,
        "name": PurePath(file.name).stem + ENDING, "media_type": PDF, "page_count": file.page_count,
        "created_at": clock.now(),
    }  # fmt: skip
    DocumentFile.plain.update_or_create(copy_of=file, defaults=facts)


def forget_copies(document: Document) -> None:
    """A paper that turns out to be secret has no copies: their text could be read."""
    _drop(DocumentFile.plain.filter(document=document, kind=DocumentFile.Kind.ARCHIVE))
    DocumentFile.plain.filter(document=document).update(copy_state="", copy_recipe="")


def _drop(old: QuerySet[DocumentFile]) -> None:
    """The rows go now, their bytes by a job, so that a rollback takes none."""
    gone = list(old.values_list("sha256", flat=True))
    old.delete()
    for one in gone:
        enqueue(REMOVE_JOB, sha256=one)
