"""Results as a file: the papers that a search finds for a person, in its order, for a spreadsheet."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass
from datetime import date
from typing import IO, TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from audit.services import record
from core.vietnamese import clean
from documents.models import Validity
from search.services import findable
from search.whole import whole
from ui.dates import vietnamese_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from audit.models import Actor
    from documents.models import Document
    from organizations.models import User
    from search.asked import Asked

KINDS = ("csv", "xlsx")
MOST_ROWS, PORTION = 50_000, 500
FORMULA = ("=", "+", "-", "@")
FIRST_YEAR = 1900  # of spreadsheets
WIDTHS = (18, 16, 70, 34, 12, 34, 18, 44)
Cell = str | date


@dataclass(frozen=True, slots=True)
class Export:
    """What will be written; rows are read, and checked again, portion by portion."""

    ids: list[int]
    header: list[str]
    notes: list[str]
    states: dict[str, str]
    person: User
    address: Callable[[str], str]

    def rows(self) -> Iterator[list[Cell]]:
        """A line for each paper that the person may find at this moment."""
        for start in range(0, len(self.ids), PORTION):
            portion = self.ids[start : start + PORTION]
            rows = findable(self.person).filter(pk__in=portion).select_related("doc_type", "owner_unit")
            papers = {paper.pk: paper for paper in rows.prefetch_related("owner_unit__names")}
            yield from (self._row(papers[pk]) for pk in portion if pk in papers)

    def _row(self, paper: Document) -> list[Cell]:
        return [
            plain(paper.full_symbol), plain(str(paper.doc_type or "")), plain(paper.subject), plain(paper.issuer),
            paper.issue_date or "", plain(paper.owner_unit.name), self.states[paper.state],
            self.address(reverse("desk:paper", args=[paper.pk])),
        ]  # fmt: skip


def plain(text: str) -> str:
    """One line of text that no spreadsheet takes for a formula."""
    line = " ".join(clean(text).split())
    return f"'{line}" if line.startswith(FORMULA) else line


@transaction.atomic
def begin_export(
    *, asked: Asked, kind: str, person: User, at: datetime, actor: Actor, address: Callable[[str], str]
) -> Export:
    """
    Find out what will be written, and record it before the first paper leaves the office.

    :param address: makes a full address of a path
    """
    found = whole(asked, person, at, MOST_ROWS)
    notes = []
    if found.is_cut:
        words = _("The list stops after %(count)s papers. Narrow the search to export the others.")
        notes.append(words % {"count": f"{MOST_ROWS:,}".replace(",", ".")})
    if found.degraded:
        notes.append(_("Full search is paused: only numbers and subjects were searched for this list."))
    facts = {"count": len(found.ids), "kind": kind, "query": asked.address()}
    record("search.exported", target=person, actor=actor, data=facts)
    return Export(
        found.ids, [str(name) for name in _header()], notes, {state.value: str(state.label) for state in Validity},
        person, address,
    )  # fmt: skip


def _header() -> list[str]:
    return [
        _("Number and symbol"), _("Document type"), _("Subject"), _("Issuer"), _("Document date"), _("Unit"), _("State"),
        _("Link"),
    ]  # fmt: skip


def file_name(kind: str, day: date) -> str:
    """Words and the day."""
    return f"{_('Search results')} {day:%d-%m-%Y}.{kind}"


# --- CSV ------------------------------------------------------------------------------------------------------------------


class _Line:
    """What the writer of lines writes to: it hands each back."""

    write: ClassVar[Callable[[str], str]] = staticmethod(str)


def csv_lines(export: Export) -> Iterator[str]:
    """Semicolons and a byte order mark: so a spreadsheet of a Vietnamese office opens the file as a table."""
    writer: Any = csv.writer(_Line, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    yield "\ufeff" + writer.writerow(export.header)
    for row in export.rows():
        yield writer.writerow([vietnamese_date(cell) if isinstance(cell, date) else cell for cell in row])
    for note in export.notes:
        yield writer.writerow([note])


# --- XLSX -----------------------------------------------------------------------------------------------------------------


def xlsx_file(export: Export) -> IO[bytes]:
    """A workbook of one sheet, written line by line into a file that vanishes when it is closed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Search results"))
    sheet.freeze_panes = "A2"
    for number, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    sheet.append(_styled(sheet, export.header, font=Font(bold=True)))
    for row in export.rows():
        sheet.append([_cell(sheet, value) for value in row])
    for note in export.notes:
        sheet.append([note])
    out = tempfile.TemporaryFile()  # noqa: SIM115  # closed by whoever sends it
    book.save(out)
    out.seek(0)
    return out


def _styled(sheet: Any, values: Iterable[str], font: Font) -> list[Any]:
    cells = [WriteOnlyCell(sheet, value) for value in values]
    for cell in cells:
        cell.font = font
    return cells


def _cell(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, date):
        return value
    if value.year < FIRST_YEAR:
        return vietnamese_date(value)
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = "dd/mm/yyyy"
    return cell
