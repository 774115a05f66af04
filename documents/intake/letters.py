"""What a mail holds: who sent it, when, about what, and its files. Mails are strangers' bytes: nothing here trusts a header."""

from __future__ import annotations

from dataclasses import dataclass
from email import policy
from email.header import decode_header
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from core import clock
from core.vietnamese import clean

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import Message

MOST_FILES = 50
MOST_NAMED = 500  # what is beyond the files that are taken is told one by one, up to here
NEVER_PAPERS = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "text/calendar",
}


class TooManyFiles(Exception):
    """No letter: whoever packed it wants to keep the office busy."""


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that somebody attached."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail, as far as it can be understood; `beyond` are the files that are more than one letter may bring."""

    message_id: str
    sender: str
    subject: str
    sent_at: datetime | None
    files: tuple[MailFile, ...]
    beyond: tuple[MailFile, ...] = ()


def read_mail(raw: bytes) -> ReadMail:
    """
    Take a mail apart; whatever of it is broken is left out.

    :raises TooManyFiles: for more than anybody would want to be told of
    """
    message = BytesParser(policy=policy.compat32).parsebytes(raw)
    files = [found for part in message.walk() if (found := _file(part))]
    if len(files) > MOST_NAMED:
        raise TooManyFiles
    return ReadMail(
        message_id=_header(message, "Message-ID")[:300], sender=_header(message, "From"),
        subject=_header(message, "Subject"), sent_at=_moment(_header(message, "Date")), files=tuple(files[:MOST_FILES]),
        beyond=tuple(files[MOST_FILES:]),
    )  # fmt: skip


def _header(message: Message, name: str) -> str:
    return decoded(str(message.get(name) or ""))


def decoded(text: str) -> str:
    """=?UTF-8?B?…?= as words; what cannot be decoded stays as it stands."""
    try:
        parts = decode_header(text)
    except Exception:  # noqa: BLE001  # the library stumbles over broken base64 in several ways
        return " ".join(clean(text).split())
    words = "".join(part if isinstance(part, str) else _text(part, charset) for part, charset in parts)
    return " ".join(clean(words).split()) or " ".join(clean(text).split())


def _text(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8", "replace")
    except LookupError:  # a charset that nobody knows
        return data.decode("utf-8", "replace")


def _moment(text: str) -> datetime | None:
    """When it was sent; none for a date that is none, or lies ahead."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=clock.OFFICE_ZONE)
    return min(moment, clock.now())


def _file(part: Message) -> MailFile | None:
    """A part that somebody attached; no text of the mail, no signature, no picture that stands in the text."""
    if part.is_multipart() or part.get_content_type() in NEVER_PAPERS:
        return None
    name = decoded(part.get_filename() or "")
    main = part.get_content_maintype()
    stands_in_text = main == "text" or (main == "image" and part.get("Content-ID"))
    if part.get_content_disposition() != "attachment" and (not name or stands_in_text):
        return None
    data = part.get_payload(decode=True)
    return MailFile(name or "tep-dinh-kem", data) if isinstance(data, bytes) and data else None
