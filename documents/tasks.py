"""Jobs of this room."""

from __future__ import annotations

from django.conf import settings

from documents import store
from documents.intake import folder, mail
from documents.services import quarantine
from documents.services.copies import QUEUE, copy_left, make_archive_copy
from documents.services.reading import give_up_left
from documents.services.reading import read_document as read
from jobs import enqueue, job, periodic

EVERY_MINUTE, EVERY_TEN_SECONDS, EVERY_NIGHT_HOUR = "* * * * *", "* * * * * */10", "40 0-5 * * *"
KEPT_SECONDS = 86_400
LOOK_JOB, FETCH_JOB = "documents.tasks.look_into_folder", "documents.tasks.fetch_mail"


@job(queue="ocr", attempts=3)
def read_document(
    *, document_id: int, in_long_lane: bool = False, **kwargs: object
) -> None:  # a later version may pass more
    """Read a paper's pages and propose its fields."""
    read(document_id=document_id, in_long_lane=in_long_lane)


@job(attempts=5)
def remove_bytes(*, sha256: str, **kwargs: object) -> None:
    """What a security officer handed over leaves the disk, and the watched folder that it came by."""
    quarantine.remove_bytes(sha256)
    if root := folder.intake_folder():
        folder.remove(root, sha256=sha256)


@job(queue=QUEUE, attempts=3)
def copy_file(*, file_id: int, **kwargs: object) -> None:
    """Make the archive copy of a file that was read."""
    make_archive_copy(file_id=file_id)


@periodic(cron=EVERY_NIGHT_HOUR)
def copy_left_files(timestamp: int, **kwargs: object) -> None:
    """Papers that were read before copies were made, or whose copies an older version made."""
    copy_left()


@periodic(cron=EVERY_NIGHT_HOUR)
def sweep_store(timestamp: int, **kwargs: object) -> None:
    """What killed jobs left half done, and pictures of pages, go after a day."""
    store.sweep(timestamp - KEPT_SECONDS)


@periodic(cron=EVERY_MINUTE)
def settle_left_papers(timestamp: int, **kwargs: object) -> None:
    """A paper whose reading came to nothing says so, instead of waiting for ever."""
    give_up_left()


@periodic(cron=EVERY_TEN_SECONDS)
def watch_folder(timestamp: int, **kwargs: object) -> None:
    """A large file takes its time, and housekeeping has none: the look itself is a job of its own, one at a time."""
    root = folder.intake_folder()
    if root and folder.has_something(root):
        enqueue(LOOK_JOB, key=LOOK_JOB)


@job()
def look_into_folder(**kwargs: object) -> None:
    """Take what lies in the watched folder."""
    if root := folder.intake_folder():
        folder.look(root, seconds=settings.INTAKE_STABLE_SECONDS)


@periodic(cron=EVERY_MINUTE)
def watch_mail(timestamp: int, **kwargs: object) -> None:
    """A mail server may be slow: asking it is a job of its own, one at a time."""
    if settings.INTAKE_MAIL:
        enqueue(FETCH_JOB, key=FETCH_JOB)


@job()
def fetch_mail(**kwargs: object) -> None:
    """Take in what came by mail."""
    mail.fetch_all()
