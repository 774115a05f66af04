"""
The office's mailboxes (ux.md 13): attachments become papers, and the mail they came in is kept beside them as it came.

A mail is known by its place in the mailbox (UIDVALIDITY and UID), its files by the mail's own id and their bytes: a mailbox
that numbers its mails anew, or a mail that comes twice, makes no second paper. The mailbox itself is only read.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from core import clock
from documents import store
from documents.intake.mailbox import OUTAGES, Mailbox, Opened, Refused, WrongAddress, mailbox, opened
from documents.intake.unpacking import unpacked
from documents.models import Arrival, Mail, Route
from documents.ocr import Reason, sniff
from documents.services.arrivals import Letter, NobodyRegisters, key_of, refuse_arrival, take_arrival
from documents.services.quarantine import drop_what_is_gone
from documents.services.uploads import one_at_a_time
from documents.words import BROKEN_MAIL, LARGE_MAIL, MANY_FILES, NOBODY, reason_words
from organizations.selectors import UnknownUnit, find_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.intake.letters import MailFile, ReadMail
    from organizations.models import Unit

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 100
LARGEST_MAIL = 60 << 20
State = Mail.State


@dataclass(frozen=True, slots=True)
class Fetched:
    """
    What became of one mail, as `manage.py intake mail --json` prints it.

    `status` is taken, empty (nothing to take in), refused, or unreachable (the mailbox as a whole; then `uid` is 0).
    """

    mailbox: str
    uid: int
    status: str
    message_id: str = ""
    documents: list[int] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    reason: str | None = None


def fetch_all() -> list[Fetched]:
    """Look into every mailbox of the settings; one that cannot be reached never keeps the others waiting."""
    return [fetched for address in settings.INTAKE_MAIL for fetched in _fetch(address)]


def _fetch(address: str) -> list[Fetched]:
    try:
        box = mailbox(address)
        unit = find_unit(box.unit).organ
    except WrongAddress:
        logger.error("an address in INTAKE_MAIL is no imaps://user:password@host/FOLDER?unit=CODE")  # noqa: TRY400
        return [Fetched("", 0, "unreachable")]
    except UnknownUnit as unknown:
        return [Fetched(str(box), 0, "unreachable", reason=str(unknown))]
    found: list[Fetched] = []
    try:
        with opened(box, authority=settings.INTAKE_MAIL_CA) as inside:
            uids = inside.uids_after(_last_uid(box, inside))[:MOST_AT_ONCE]
            for at, uid in enumerate(uids, start=1):
                found.append(_fetch_one(box, inside, uid, unit, uids[at:]))  # those before an outage are told
    except OUTAGES as outage:
        logger.error("mailbox %s cannot be read: %s", box, type(outage).__name__)  # noqa: TRY400  # no secrets in logs
        found.append(Fetched(str(box), 0, "unreachable", reason=type(outage).__name__))
    return found


def _last_uid(box: Mailbox, inside: Opened) -> int:
    mails = Mail.objects.filter(mailbox=str(box), uid_validity=inside.uid_validity)
    return mails.order_by("-uid").values_list("uid", flat=True).first() or 0


def _fetch_one(box: Mailbox, inside: Opened, uid: int, unit: Unit, later: Sequence[int]) -> Fetched:
    try:
        if inside.size_of(uid) > LARGEST_MAIL:
            return _put_down(box, inside, uid, unit, LARGE_MAIL)
        raw = inside.bytes_of(uid)
    except Refused:
        if not any(_is_given(inside, other) for other in later):
            raise
        logger.error("the server does not give mail %s of %s, but others", uid, box)  # noqa: TRY400  # it says no more
        return _put_down(box, inside, uid, unit, BROKEN_MAIL)
    try:
        return take_mail(box, inside.uid_validity, uid, unit, raw)
    except (*OUTAGES, OperationalError, InterfaceError):  # of the disk or the database: the mail is asked for again
        raise
    except Exception:  # whatever a stranger's mail does to us
        logger.exception("mail %s of %s cannot be taken in", uid, box)
        return _put_down(box, inside, uid, unit, BROKEN_MAIL, raw)


def _is_given(inside: Opened, uid: int) -> bool:
    """Whether the server hands a mail out: if it gives another one, it is the mail that is broken, not the server."""
    try:
        return bool(inside.size_of(uid) <= LARGEST_MAIL and inside.bytes_of(uid))
    except Refused:
        return False


def take_mail(box: Mailbox, uid_validity: int, uid: int, unit: Unit, raw: bytes) -> Fetched:
    """
    Make papers of a mail's files; mail, papers and record commit together, their bytes before them.

    A mail that was taken before is answered, not repeated.
    """
    eml = store.keep(io.BytesIO(raw))
    with store.scratch() as room:
        mail = unpacked(store.path_of(eml.sha256), room=room)
    kept = [(file, store.keep(io.BytesIO(file.data))) for file in mail.files]
    with transaction.atomic():
        row = _row(box, uid_validity, uid, mail.message_id, eml.sha256)
        if row is None:
            return Fetched(str(box), uid, "known", mail.message_id)
        arrivals = [_arrive(mail, file, bytes_, row, eml, unit) for file, bytes_ in kept]
        arrivals += [_refuse(mail, file, row, eml, unit) for file in mail.beyond]
        taken = [one for one in arrivals if one.state == Arrival.State.TAKEN]
        row.state = State.TAKEN if taken else State.REFUSED if arrivals else State.EMPTY
        row.save(update_fields=["state"])
        drop_what_is_gone(mail=row, arrivals=arrivals)
    return _told(box, row, arrivals)


def _row(box: Mailbox, uid_validity: int, uid: int, message_id: str, sha256: str = "", reason: str = "") -> Mail | None:
    """The mail's row, or None if it was taken before: two looks at once wait here for each other."""
    one_at_a_time(f"{box} {uid_validity} {uid}")
    place = {"mailbox": str(box)[:300], "uid_validity": uid_validity, "uid": uid}
    if Mail.objects.filter(**place).exists():
        return None
    return Mail.objects.create(**place, message_id=message_id, sha256=sha256, state=State.REFUSED, reason=reason)


def _arrive(
    mail: ReadMail, file: MailFile, kept: store.StoredFile, row: Mail, eml: store.StoredFile, unit: Unit
) -> Arrival:
    letter = _letter(mail, file, row, eml, kept.sha256)
    if sniff(store.path_of(kept.sha256)).kind is None:
        return refuse_arrival(letter=letter, unit=unit, reason=Reason.UNKNOWN_TYPE, sha256=kept.sha256)
    try:
        return take_arrival(letter=letter, kept=kept, unit=unit, beside=("thu.eml", eml))
    except NobodyRegisters:
        return refuse_arrival(letter=letter, unit=unit, reason=NOBODY, sha256=kept.sha256)


def _refuse(mail: ReadMail, file: MailFile, row: Mail, eml: store.StoredFile, unit: Unit) -> Arrival:
    """One file too many: its bytes are in the kept mail alone."""
    letter = _letter(mail, file, row, eml, sha256(file.data).hexdigest())
    return refuse_arrival(letter=letter, unit=unit, reason=MANY_FILES)


def _letter(mail: ReadMail, file: MailFile, row: Mail, eml: store.StoredFile, digest: str) -> Letter:
    return Letter(
        route=Route.MAIL, key=key_of(row.mailbox, mail.message_id or eml.sha256, digest), name=file.name,
        arrived_at=mail.sent_at or clock.now(), sender=mail.sender, subject=mail.subject, mail=row,
    )  # fmt: skip


@transaction.atomic
def _put_down(box: Mailbox, inside: Opened, uid: int, unit: Unit, reason: str, raw: bytes = b"") -> Fetched:
    """A mail that cannot be taken in has a status and a line in the clerk's queue; it stays in the mailbox."""
    sha256 = store.keep(io.BytesIO(raw)).sha256 if raw else ""
    row = _row(box, inside.uid_validity, uid, "", sha256, reason)
    if row is None:
        return Fetched(str(box), uid, "known")
    key = key_of(row.mailbox, str(inside.uid_validity), str(uid), reason)
    letter = Letter(route=Route.MAIL, key=key, name=f"thu-{uid}.eml", mail=row)
    refuse_arrival(letter=letter, unit=unit, reason=reason, sha256=sha256)
    return Fetched(str(box), uid, "refused", reason=reason_words(reason))


def _told(box: Mailbox, row: Mail, arrivals: list[Arrival]) -> Fetched:
    return Fetched(
        mailbox=str(box), uid=row.uid, status=row.state.lower(), message_id=row.message_id,
        documents=[one.document_id for one in arrivals if one.document_id],
        refused=[{"name": one.name, "reason": reason_words(one.reason)} for one in arrivals if one.reason],
    )  # fmt: skip
