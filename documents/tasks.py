"""Jobs of this room."""

from __future__ import annotations

from documents.services.reading import read_document as read
from jobs import job


@job(queue="ocr")
def read_document(*, document_id: int, **kwargs: object) -> None:  # a later version may pass more
    """Read a paper's pages and propose its fields."""
    read(document_id=document_id)
