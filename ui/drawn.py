"""
Signs, deadlines and the rows of lists: drawn so often on a page that a template would cost many times what it shows.

Everything goes through `format_html`, so values are escaped; the components of the same names draw by these functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
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
    css = NOTHING if done or it.state == "ahead" else format_html(" v-due--{}", it.state)
    sign = icon(DUE_SIGNS[it.state]) if not done and it.state in DUE_SIGNS else NOTHING
    words = it.day if done else _due_words(it, long=long)
    inner = format_html('<span><span class="v-sr">{} </span>{}</span>', _("Due:"), words)
    return format_html('<span class="v-due{}">{}{}</span>', css, sign, inner)


def _due_words(it: Due, *, long: bool) -> str:
    if it.state == "ahead":
        return format_html("<b>{}</b>, {}", it.day, it.distance)
    return it.long_words if long else it.words


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
    return format_html(
        ROW,
        unread=" v-row--unread" if it.is_unread else "",
        state=_row_state(it),
        dot=_unread_dot() if it.is_unread else NOTHING,
        number=it.number or _("Without number"),
        urgency=urgency(it.urgency),
        due=due(it.due),
        url=it.url,
        subject=it.subject,
        issuer=_span(it.issuer),
        step=_span(it.step),
        said=_said(it),
        comment=it.comment,
        facts=_facts(it),
    )


def _row_state(it: Row) -> SafeString:
    current = mark_safe(' aria-current="true"') if it.is_current else NOTHING
    return current + (format_html(' data-preview="{}"', it.preview) if it.preview else NOTHING)


def _unread_dot() -> SafeString:
    return format_html('<span class="v-row__dot"></span><span class="v-sr">{}</span>', _("Unread."))


def _span(words: str) -> SafeString:
    return format_html("<span>{}</span>", words) if words else NOTHING


def _said(it: Row) -> SafeString:
    return format_html("<b>{}{}</b> ", it.from_name, ":" if it.comment else "") if it.from_name else NOTHING


def _facts(it: Row) -> SafeString:
    facts = NOTHING
    if it.ocr_percent:
        facts += format_html('<span class="v-orange">{}OCR {} %</span>', icon("body-text"), it.ocr_percent)
    if it.pages:
        facts += _fact("file-earmark-text", it.pages, _("pages"))
    if it.attachments:
        facts += _fact("paperclip", it.attachments, _("attachments"))
    return facts


def _fact(sign: str, count: int | str, words: str) -> SafeString:
    return format_html('<span>{}{}<span class="v-sr"> {}</span></span>', icon(sign), count, words)
