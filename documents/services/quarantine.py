"""What a security officer does with a file that was locked away: hand it over, or say that it is not secret (domain.md 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from audit.services import record
from core import clock
from core.vietnamese import clean
from documents import policies, store
from documents.models import Document, DocumentFile, Mail, ReadState, Validity
from documents.models.readers import LOCKED
from documents.services.access import grant_office, revoke
from documents.services.confirmation import ReasonMissing
from documents.services.uploads import READ_JOB, one_at_a_time
from jobs import enqueue
from live import publish

if TYPE_CHECKING:
    from collections.abc import Collection

    from audit.models import Actor
    from documents.models import Arrival

REMOVE_JOB = "documents.tasks.remove_bytes"


class NotLockedAway(Exception):
    """Somebody else was quicker, or the file is gone already."""

    def __init__(self) -> None:
        super().__init__(_("This file is no longer locked away. Nothing was changed by you."))


class DraftStaysLocked(Exception):
    """A draft was written here: its flow has ended, so there is nothing to go back to."""

    def __init__(self) -> None:
        super().__init__(_("A draft that was locked away is not released. Hand it over, and have it drafted anew."))


@transaction.atomic
def hand_over(*, document: Document, note: str, actor: Actor) -> None:
    """
    Take the file out of this office for good: its bytes, its name; that it was here, when and by whom stays in the record.

    The bytes are removed by a job, so that a rollback takes none and a crash leaves none (I1 and I2 count this act).

    :param note: to whom, or where it is kept now
    :raises ReasonMissing: without a note
    :raises NotLockedAway: if it is no longer there
    :raises NotAllowed: for anybody but the unit's security officer
    """
    _person, actor = policies.require_security_officer(actor, document.owner_unit)
    if not note.strip():
        raise ReasonMissing
    document, files = _hold(document)
    mails = _mails_with(document)
    hashes = sorted({file.sha256 for file in files} | {mail.sha256 for mail in mails})
    Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(sha256="")  # each holds what was attached to it
    DocumentFile.plain.filter(document=document).update(removed_at=clock.now(), name="")
    for sha256 in hashes:
        enqueue(REMOVE_JOB, sha256=sha256)
    publish(f"document:{document.pk}")
    record("documents.document.handed_over", target=document, actor=actor, data={"note": clean(note), "sha256": hashes})


@transaction.atomic
def release(*, document: Document, reason: str, actor: Actor) -> None:
    """
    Say that the paper is not secret: its office has it again and it is read, this time whatever looks like a mark.

    :raises ReasonMissing: without a reason
    :raises NotLockedAway: if it is no longer there
    :raises DraftStaysLocked: for a paper that was drafted here
    :raises NotAllowed: for anybody but the unit's security officer
    """
    _person, actor = policies.require_security_officer(actor, document.owner_unit)
    if not reason.strip():
        raise ReasonMissing
    document, files = _hold(document)
    if any(file.kind in {DocumentFile.Kind.DRAFT, DocumentFile.Kind.ISSUED} for file in files):
        raise DraftStaysLocked
    Document.plain.filter(pk=document.pk).update(
        state=Validity.UNCONFIRMED, read_state=ReadState.QUEUED, read_reason="", cleared_at=clock.now(),
        confirmed_at=None, confirmed_by=None, version=F("version") + 1,
    )  # fmt: skip
    revoke(document=document, cause=LOCKED)
    grant_office(document)
    enqueue(READ_JOB, document_id=document.pk)
    publish(f"document:{document.pk}")
    record("documents.document.found_not_secret", target=document, actor=actor, data={"reason": clean(reason)})


def _hold(document: Document) -> tuple[Document, list[DocumentFile]]:
    """The paper's row, held, and its files as long as they are here."""
    held = Document.plain.select_for_update(no_key=True).get(pk=document.pk)
    files = list(DocumentFile.plain.filter(document=held, removed_at__isnull=True).order_by("pk"))
    if held.state != Validity.QUARANTINED or not files:
        raise NotLockedAway
    return held, files


def _mails_with(document: Document) -> list[Mail]:
    """The kept mails that the paper came in, also where one came again and was known by its bytes or by its own id."""
    kept = Mail.objects.exclude(sha256="")
    own = list(kept.filter(arrivals__document=document))
    again = Q(sha256__in=[mail.sha256 for mail in own])
    for mail in own:
        if mail.message_id:
            again |= Q(arrivals=None, mailbox=mail.mailbox, message_id=mail.message_id)
    return list(kept.filter(Q(pk__in=[mail.pk for mail in own]) | again).distinct())


def drop_what_is_gone(*, mail: Mail, arrivals: Collection[Arrival]) -> None:
    """A mailbox that numbers its mails anew brings back what was handed over: its bytes and the mail leave the disk again."""
    gone = {
        one.sha256 for one in arrivals
        if DocumentFile.plain.filter(document=one.document_id, sha256=one.sha256, removed_at__isnull=False).exists()
    }  # fmt: skip
    if not gone:
        return
    hashes = sorted({mail.sha256, *gone})
    Mail.objects.filter(pk=mail.pk).update(sha256="")
    for sha256 in hashes:
        enqueue(REMOVE_JOB, sha256=sha256)


@transaction.atomic
def remove_bytes(sha256: str) -> None:
    """
    Take bytes off the disk that no file and no mail is made of any longer; may run twice.

    Whoever is about to name the same bytes waits, and looks for them afterwards.
    """
    one_at_a_time(sha256)
    files = DocumentFile.plain.filter(sha256=sha256, removed_at__isnull=True)
    if not files.exists() and not Mail.objects.filter(sha256=sha256).exists():
        store.remove(sha256)
