"""Whether what was read or confirmed of a paper agrees with itself and with what the office knows (extraction.md 5.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import clock
from core.symbols import normal_symbol, split_number
from core.vietnamese import fold
from documents.models import Document, DocumentType, Register
from documents.selectors import PROPOSED_AS, proposals_of
from documents.warnings import Warned, warns
from organizations.models import Unit, UnitName
from organizations.selectors import organs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organizations.models import User

LETTER = "Công văn"
MOST_COMPARED = 50
FIXED_HOLIDAYS = ((1, 1), (4, 30), (5, 1), (9, 2))  # those of the moon move, and are not known here
OFFICE_ROLES = ("clerk", "office_chief", "leader")


@dataclass(frozen=True, slots=True)
class Said:
    """The facts of a paper, confirmed or as read, as far as they are there."""

    number: str
    symbol: str
    issuer: str
    place: str
    type: str
    day: date | None
    due: date | None

    @property
    def symbol_norm(self) -> str:
        return normal_symbol(f"{self.number}/{self.symbol}") or ""


def said_of(document: Document) -> Said:
    """One query where nobody has confirmed the paper, none otherwise."""
    if document.is_confirmed:
        return Said(
            document.number, document.symbol, document.issuer, document.place, str(document.doc_type or ""),
            document.issue_date, document.due_date,
        )  # fmt: skip
    read = {
        name: str(row.value or "") for name, row in proposals_of(document).items() if not isinstance(row.value, list)
    }
    return Said(
        read.get("number", ""), read.get("symbol", ""), read.get("issuer", ""), read.get("place", ""), read.get("type", ""),
        _day(read.get(PROPOSED_AS["issue_date"], "")), _day(read.get(PROPOSED_AS["due_date"], "")),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@warns
def cross_checks(document: Document, user: User) -> Iterator[Warned]:
    """All of them; what is missing is not checked."""
    said = said_of(document)
    yield from _of_days(said, clock.office_date(document.created_at))
    yield from _of_type(said)
    yield from _of_number(said, document, user)
    yield from _of_issuer(said)


def _of_days(said: Said, arrived: date) -> Iterator[Warned]:
    day = said.day
    if day is None:
        return
    words = {"day": day.strftime("%d/%m/%Y")}
    if day > arrived:
        sentence = _("The paper is dated %(day)s, after the day it came in. Check the date.")
        yield Warned("date_after_arrival", sentence % words, "issue_date")
    elif not clock.is_working_day(day, [date(day.year, *rest) for rest in FIXED_HOLIDAYS]):
        sentence = _("The paper is dated %(day)s, which was no working day. Check the date.")
        yield Warned("date_not_working", sentence % words, "issue_date")
    if said.due and said.due < day:
        sentence = _("The deadline lies before the date of the paper. Check both.")
        yield Warned("due_before_date", sentence, "due_date")


def _of_type(said: Said) -> Iterator[Warned]:
    """The first part of a symbol names the type; that of a letter is the organ, and some organs look like a type (CĐ)."""
    code = re.split(r"[-/]", said.symbol)[0]
    if not code or not said.type:
        return
    named = list(DocumentType.objects.filter(abbreviation=code).order_by("order", "id").values_list("name", flat=True))
    if not named or said.type in named:
        return
    if said.type == LETTER and Unit.objects.filter(symbol=code).exists():
        return
    sentence = _("The symbol %(symbol)s is one of a paper of the type “%(named)s”, not “%(type)s”. Check both.")
    yield Warned("type_differs", sentence % {"symbol": said.symbol, "named": named[0], "type": said.type}, "doc_type")


def _of_number(said: Said, document: Document, user: User) -> Iterator[Warned]:
    """
    Numbers grow with the days (domain.md 5): among papers of the same symbol, organ and year that the person may see.

    Where the issuer is the person's own organ, its book of issues says more: a number that it has not given yet is none.
    """
    if not said.symbol_norm or said.day is None or (number := _value(said.number)) is None:
        return
    known = _of_one_series(said, document, user)
    later = [other for other, day in known if day > said.day and other < number]
    earlier = [other for other, day in known if day < said.day and other > number]
    if later or earlier:
        sentence = _("Papers of the same symbol show that number %(number)s does not go with this date. Check both.")
        yield Warned("number_out_of_order", sentence % {"number": said.number}, "number")
    if (expected := _next_of_own_book(said, user)) and number >= expected:
        sentence = _("The book of this issuer goes up to number %(last)s. Check the number.")
        yield Warned("number_above_register", sentence % {"last": expected - 1}, "number")


def _of_one_series(said: Said, document: Document, user: User) -> list[tuple[int, date]]:
    series = said.symbol_norm.partition("/")[2]
    assert said.day is not None  # noqa: S101  # the caller has looked
    rows = Document.objects.visible_to(user).filter(
        confirmed_at__isnull=False, symbol_norm__endswith=f"/{series}", issue_date__year=said.day.year
    )
    facts = rows.exclude(pk=document.pk).order_by("-issue_date", "-id").values_list("number", "issuer", "issue_date")
    mine = fold(said.issuer)
    alike = [(_value(number), day) for number, issuer, day in facts[:MOST_COMPARED] if day and fold(issuer) == mine]
    return [(value, day) for value, day in alike if value is not None]


def _value(number: str) -> int | None:
    try:
        return split_number(number)[0]
    except ValueError:
        return None


def _next_of_own_book(said: Said, user: User) -> int | None:
    """The next number of the book of issues of one of the person's own organs, if that organ is the issuer."""
    assert said.day is not None  # noqa: S101  # the caller has looked
    organs = organs_of(user, clock.now(), OFFICE_ROLES)
    mine = [unit.pk for unit in organs if fold(unit.name) == fold(said.issuer)]
    books = Register.objects.filter(unit__in=mine, year=said.day.year, direction=Register.Direction.OUT, series="")
    return books.values_list("next_number", flat=True).first() if mine else None


def _of_issuer(said: Said) -> Iterator[Warned]:
    """Names of units count from a day until a day; a unit writes from one place."""
    if not said.issuer:
        return
    names = list(
        UnitName.objects.filter(name__iexact=said.issuer).select_related("unit").order_by("-valid_from", "-id")
    )
    if not names:
        return
    if said.day and all(name.valid_to and name.valid_to <= said.day for name in names):
        ended = max(name.valid_to for name in names if name.valid_to)
        sentence = _("The issuer has had another name since %(day)s. Check issuer and date.")
        yield Warned("issuer_renamed", sentence % {"day": ended.strftime("%d/%m/%Y")}, "issuer")
    places = {_bare(name.unit.place) for name in names if name.unit.place}
    if said.place and places and _bare(said.place) not in places:
        sentence = _("This issuer writes from %(place)s. Check the place and the issuer.")
        yield Warned("place_differs", sentence % {"place": names[0].unit.place}, "place")


def _bare(place: str) -> str:
    """Without what stands before the name of a city: TP. Hồ Chí Minh, Tp.Hồ Chí Minh."""
    return re.sub(r"^(?:thanh pho|tp|t|tinh)\W+", "", fold(place)).strip()
