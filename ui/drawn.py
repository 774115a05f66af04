"""
Signs, deadlines and the rows of lists: drawn so often on a page that a template would cost many times what it shows.

Every value is escaped where it is put in, by `html.escape`: a test draws hostile words into each of them. The components of the
same names draw by these functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ui.dates import Due, due_at

if TYPE_CHECKING:
    from datetime import date, datetime

NOTHING = SafeString("")
DUE_SIGNS = {"late": "exclamation-circle-fill", "today": "clock"}
ROW = """<article class="v-row{unread}" data-item{state}>
<div class="v-row__gutter">{dot}</div>
<div class="v-row__body">
<div class="v-row__top"><span class="v-number">{number}</span>{urgency}{due}</div>
<h3 class="v-row__subject v-clamp"><a class="v-row__link" href="{url}">{subject}</a></h3>
<p class="v-row__where">{issuer}{step}</p>
<p class="v-row__last"><span class="v-row__said">{said}{comment}</span><span class="v-facts">{facts}</span></p>
</div></article>"""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a degree of urgency looks like."""

    kind: str
    icon: str
    label: str


def icon(name: str, size: str = "", label: str = "", kind: str = "") -> SafeString:
    """Draw one symbol of the sprite; without a label it is decoration."""
    return _symbol(f"{staticfiles_storage.url('ui/icons.svg')}#{name}", size, label, kind)


@lru_cache(maxsize=1024, typed=True)
def _symbol(href: str, size: str, label: str, kind: str) -> SafeString:
    """A page shows the same few signs again and again."""
    css = " ".join(part for part in ("v-icon", f"v-icon--{size}" if size else "", kind) if part)
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


def urgency_mark(degree: int | str | None) -> Mark | None:
    """Give the look of a degree of urgency, 0 to 3; nothing for the common case."""
    if not degree:
        return None
    marks = {
        1: Mark("warn", "exclamation-triangle", _("Urgent")),
        2: Mark("bad", "chevron-double-up", _("Very urgent")),
        3: Mark("fire", "fire", _("Express")),
    }
    return marks.get(int(degree))


def urgency(degree: int | str | None) -> SafeString:
    """Draw the chip of a degree of urgency. A state is never told by colour alone."""
    mark = urgency_mark(degree)
    if mark is None:
        return NOTHING
    return format_html('<span class="v-chip v-chip--{}">{}{}</span>', mark.kind, icon(mark.icon), mark.label)


def due(at: date | datetime | None, *, long: bool = False, done: bool = False) -> SafeString:
    """
    Draw a deadline; nothing for none.

    :param long: with the date also when it is overdue
    :param done: the date alone, without colour and sign
    """
    it = due_at(at or None, now=timezone.now())
    if it.state == "none":
        return NOTHING
    css = "" if done or it.state == "ahead" else f" v-due--{it.state}"
    sign = icon(DUE_SIGNS[it.state]) if not done and it.state in DUE_SIGNS else ""
    words = escape(it.day) if done else _due_words(it, long=long)
    read = f'<span class="v-sr">{escape(_("Due:"))} </span>'
    return SafeString(f'<span class="v-due{css}">{sign}<span>{read}{words}</span></span>')


def _due_words(it: Due, *, long: bool) -> str:
    if it.state == "ahead":
        return f"<b>{escape(it.day)}</b>, {escape(it.distance)}"
    return escape(it.long_words if long else it.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of an inbox. `preview` is the address of what is shown beside the list; `from_name` said `comment`."""

    url: str
    number: str = ""
    subject: str = ""
    issuer: str = ""
    step: str = ""
    urgency: int | str = 0
    due: date | datetime | None = None
    from_name: str = ""
    comment: str = ""
    pages: int | str = 0
    attachments: int | str = 0
    ocr_percent: int | str | None = None
    is_unread: bool = False
    is_current: bool = False
    preview: str = ""


def row(it: Row) -> SafeString:
    """Draw a line of an inbox, four fixed lines of text."""
    drawn = ROW.format(
        unread=" v-row--unread" if it.is_unread else "",
        state=_row_state(it),
        dot=f'<span class="v-row__dot"></span><span class="v-sr">{escape(_("Unread."))}</span>' if it.is_unread else "",
        number=escape(it.number or _("Without number")),
        urgency=urgency(it.urgency),
        due=due(it.due),
        url=escape(it.url),
        subject=escape(it.subject),
        issuer=_span(it.issuer),
        step=_span(it.step),
        said=_said(it),
        comment=escape(it.comment),
        facts=_facts(it),
    )
    return SafeString(drawn)


def _row_state(it: Row) -> str:
    current = ' aria-current="true"' if it.is_current else ""
    return f'{current} data-preview="{escape(it.preview)}"' if it.preview else current


def _span(words: str) -> str:
    return f"<span>{escape(words)}</span>" if words else ""


def _said(it: Row) -> str:
    return f"<b>{escape(it.from_name)}{':' if it.comment else ''}</b> " if it.from_name else ""


def _facts(it: Row) -> str:
    facts = ""
    if it.ocr_percent:
        facts += f'<span class="v-orange">{icon("body-text")}OCR {escape(str(it.ocr_percent))} %</span>'
    if it.pages:
        facts += _fact("file-earmark-text", it.pages, _("pages"))
    if it.attachments:
        facts += _fact("paperclip", it.attachments, _("attachments"))
    return facts


def _fact(sign: str, count: int | str, words: str) -> str:
    return f'<span>{icon(sign)}{escape(str(count))}<span class="v-sr"> {escape(words)}</span></span>'
