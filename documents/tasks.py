"""Jobs of this room."""

from __future__ import annotations

from documents.services.reading import give_up_left
from documents.services.reading import read_document as read
from jobs import job, periodic

EVERY_MINUTE = "* * * * *"


@job(queue="ocr", attempts=3)
def read_document(
    *, document_id: int, in_long_lane: bool = False, **kwargs: object
) -> None:  # a later version may pass more
    """Read a paper's pages and propose its fields."""
    read(document_id=document_id, in_long_lane=in_long_lane)


@periodic(cron=EVERY_MINUTE)
def settle_left_papers(timestamp: int, **kwargs: object) -> None:
    """A paper whose reading came to nothing says so, instead of waiting for ever."""
    give_up_left()
