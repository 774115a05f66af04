"""Reasons of the reader as sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from documents.ocr import Limits, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

GAVE_UP, STOPPED = "gave_up", "stopped"
# Why something that came by a route was not taken in.
NO_UNIT, UNKNOWN_UNIT, NOBODY, SAID_SECRET = "no_unit", "unknown_unit", "nobody", "said_secret"
SIDECAR, NO_FILE, LOCKED = "sidecar", "no_file", "locked"
BROKEN_MAIL, LARGE_MAIL, MANY_FILES = "broken_mail", "large_mail", "many_files"
MOST_NAMED = 10
LESS_THAN_A_MINUTE, MINUTES_OF_AN_HOUR, HOURS_OF_DAYS = 58, 90, 36


def reason_words(code: str, page: int | None = None) -> str:
    """A translated sentence for a reader's reason; empty for none."""
    if not code:
        return ""
    facts = {"page": page or "?", "limit": f"{Limits().pages:,}".replace(",", ".")}
    return _sentences().get(code, code) % facts


def reading_words(code: str, failed_pages: Sequence[int]) -> str:
    """The same for a paper, naming the pages that could not be read where others could."""
    words = reason_words(code, failed_pages[0] if failed_pages else None)
    if not failed_pages:
        return words
    pages = ", ".join(map(str, failed_pages[:MOST_NAMED])) + ("…" if len(failed_pages) > MOST_NAMED else "")
    return _("Not read: page %(pages)s. %(reason)s") % {"pages": pages, "reason": words}


def _sentences() -> dict[str, str]:
    return {
        Reason.EMPTY: _("The file is empty. Scan or export the paper again."),
        Reason.UNKNOWN_TYPE: _(
            "The file is no PDF, picture, text or table of an office program, whatever its name says. Send the paper as one."
        ),
        Reason.OLD_OFFICE: _(
            "The file is kept, but its words are not read: it comes from an old office program. Send it again as PDF or .docx."
        ),
        Reason.NO_OFFICE: _(
            "The file is kept, but its words are not read: LibreOffice is not on this machine. Ask the administrator to install "
            "libreoffice-writer-nogui and libreoffice-calc-nogui, then have the file read again; or send it as PDF or .docx."
        ),
        Reason.NOT_CONVERTED: _(
            "The file is kept, but LibreOffice could not open it: it may be damaged, or protected by a password. "
            "Save it as PDF and send it again."
        ),
        Reason.ENCRYPTED: _("The file is protected by a password. Remove the password and send it again."),
        Reason.TRUNCATED: _("The file breaks off before its end. Send it again from the original."),
        Reason.BROKEN: _("The file is damaged and cannot be opened. Scan or export the paper again."),
        Reason.UNREADABLE_IMAGE: _("A picture in the file cannot be shown. Scan that page again."),
        Reason.TOO_MANY_PAGES: _("The file has more than %(limit)s pages. Divide it and send the parts."),
        Reason.TOO_LARGE_PAGE: _("A page is too large to be drawn. Scan it at its natural size."),
        Reason.TOO_MANY_PIXELS: _("A picture in the file has too many pixels. Scan it at 200 to 300 dots per inch."),
        Reason.TOO_SLOW: _("Reading a page took too long and was given up. Scan that page again."),
        Reason.TOO_MUCH_MEMORY: _("A page needs too much memory to be read. Scan that page again."),
        Reason.NO_TEXT: _("No text was found. Check that the paper lies the right way up and scan it again."),
        GAVE_UP: _("Reading stopped several times and was given up. Have it read again, or scan the paper again."),
        NO_UNIT: _("Nothing says for which unit the file is. Put it into the folder named by the unit's code."),
        UNKNOWN_UNIT: _("No unit has this code. Put the file into the folder named by the unit's code."),
        NOBODY: _("The unit has no registry clerk. Appoint one, then send the file again."),
        SAID_SECRET: _(
            "The file was sent with a degree of secrecy and was not taken in. Hand the paper to the security officer."
        ),
        SIDECAR: _(
            "The JSON file beside it cannot be understood. Correct it, then put both files into the folder again."
        ),
        NO_FILE: _("The file that this JSON file speaks of did not come."),
        LOCKED: _(
            "The file cannot be opened. Give the office the right to read it, then put it into the folder again."
        ),
        BROKEN_MAIL: _("The mail cannot be understood. It stays in the mailbox; save its papers and upload them."),
        LARGE_MAIL: _("The mail is too large. It stays in the mailbox; save its papers and upload them."),
        MANY_FILES: _(
            "The mail holds more files than are taken from one mail. Save this one from the mail and upload it."
        ),
        STOPPED: _("Reading was stopped at the clerk's wish. Have it read again, or type the fields."),
        Reason.SECRET: _(
            "The paper carries a secrecy mark and was locked away. Hand it to the security officer on paper."
        ),
    }


def left_words(seconds: float) -> str:
    """How long something will take, as people say it; never more exact than it can be known."""
    if seconds < LESS_THAN_A_MINUTE:
        return _("about %(seconds)s seconds left") % {"seconds": max(5, round(seconds / 5) * 5)}
    minutes = round(seconds / 60)
    if minutes < MINUTES_OF_AN_HOUR:
        return _("about %(minutes)s minutes left") % {"minutes": minutes}
    return _("about %(hours)s hours left") % {"hours": round(seconds / 3600)}


def age_words(seconds: float) -> str:
    """How long ago something was, in its largest unit."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return _("just now")
    if minutes < MINUTES_OF_AN_HOUR:
        return _("%(minutes)s minutes") % {"minutes": minutes}
    hours = round(minutes / 60)
    return (
        _("%(hours)s hours") % {"hours": hours}
        if hours < HOURS_OF_DAYS
        else _("%(days)s days") % {"days": round(hours / 24)}
    )
