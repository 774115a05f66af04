"""All fields of one paper, put together from the readings of its letterhead, title, text and ending."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import inf
from typing import TYPE_CHECKING, get_args

from documents.extraction import codes, deadline, ending, title, trust
from documents.extraction.flowing import is_typed, sheet_of_flow
from documents.extraction.layout import (
    Run,
    mean_conf,
    place_of,
    sheet_of,
    sheet_of_text,
    sheet_of_words,
)
from documents.extraction.letterhead import Letterhead, organs
from documents.extraction.model import DOUBTFUL, MENDED, SURE, Field, Name
from documents.extraction.text import bare, caps_only, is_spelled_alike, normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from documents.extraction.layout import Sheet, Token
    from documents.extraction.letterhead import Numbered, Organ
    from documents.extraction.model import Box, Catalogue, Value
    from documents.ocr import FileReading

FIELDS: tuple[str, ...] = get_args(Name)
_READ = ("text", "legacy", "ocr")


@dataclass(frozen=True, slots=True)
class _Paper:
    """What the proposals are made from."""

    sheets: Sequence[Sheet]
    first: Sheet  # the page that bears the letterhead: a cover may lie on it, or the pages in another order
    again: Sheet | None = None  # the letterhead, read a second time
    signer: Sheet | None = None  # the signer's block without coloured ink
    marks: tuple[str, ...] = ()
    written: tuple[Box, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether the letterhead was not guessed."""
        return self.first.source != "ocr"


def extract(reading: FileReading, catalogue: Catalogue) -> dict[str, Field]:
    """
    Propose the fields of a file that was read; every key is there, a field not found has the value None.

    A number or date that may be handwritten is right, doubtful (at most 0.7) or empty, see `trust.py`.
    """
    pages = [page for page in reading.pages if page.source in _READ and page.words]
    if not pages:
        return {name: Field() for name in FIELDS}
    crops, sheets = reading.crops, [sheet_of(page) for page in pages]
    first = next((sheet for sheet in sheets if Letterhead(sheet).has_motto), sheets[0])
    again = signer = None
    for page in pages:
        if page.number == first.number == crops.header_page and crops.header:
            again = sheet_of_words(crops.header, page)
        if page.number == crops.signer_page and crops.signer_words:
            signer = sheet_of_words(crops.signer_words, page)
    return _propose(_Paper(sheets, first, again, signer, crops.marks, crops.written), catalogue)


def extract_text(text: str, catalogue: Catalogue) -> dict[str, Field]:
    """Propose the fields of a text without places: its columns are made of spaces, or it flows without any."""
    sheet = sheet_of_text(text) if is_typed(text) else sheet_of_flow(text, catalogue)
    if not sheet.rows:
        return {name: Field() for name in FIELDS}
    return _propose(_Paper([sheet], sheet), catalogue)


def _propose(paper: _Paper, catalogue: Catalogue) -> dict[str, Field]:
    found = {name: Field() for name in FIELDS}
    first = paper.first
    titled = title.find_type(first, catalogue)
    addressed = title.addressed_row(first)
    ends = [row for row in (titled.row if titled else None, addressed) if row is not None]
    head = Letterhead(first, min(ends) if ends else None)
    again = Letterhead(paper.again, _end_of(paper.again, catalogue)) if paper.again else None
    heading = _organs(head, again, catalogue)
    heading |= _number(head, again, paper, titled, catalogue)
    heading |= _day(head, again, paper)
    if not head.has_motto and not (again and again.has_motto):  # a page of text has lines like those of a letterhead
        heading = {name: replace(field, confidence=min(DOUBTFUL, field.confidence)) for name, field in heading.items()}
    found |= heading
    found |= _title(head, paper, titled, addressed, found["symbol"], catalogue)
    found |= _urgency(paper)
    found |= _ending(paper, catalogue)
    found["due"] = _due(paper, found)
    return found


def _end_of(sheet: Sheet, catalogue: Catalogue) -> int | None:
    titled = title.find_type(sheet, catalogue)
    ends = [row for row in (titled.row if titled else None, title.addressed_row(sheet)) if row is not None]
    return min(ends) if ends else None


def _field(value: Value, confidence: float, tokens: Iterable[Token], alternatives: Iterable[str] = ()) -> Field:
    page, box = place_of(tuple(tokens))
    return Field(value, round(min(1.0, max(0.0, confidence)), 3), page, box, list(alternatives))


# --- letterhead -------------------------------------------------------------------------------------------------------


def _organs(head: Letterhead, again: Letterhead | None, catalogue: Catalogue) -> dict[str, Field]:
    found = organs(list(head.organ_lines()), catalogue)
    second = organs(list(again.organ_lines()), catalogue) if again else []
    if second and (not found or _worth(second) > _worth(found)):
        found, second = second, found
    fields = {}
    if found:
        agreed = not second or is_spelled_alike(second[-1].name, found[-1].name)
        sure = found[-1].confidence if agreed else min(MENDED, found[-1].confidence)
        fields["issuer"] = _field(found[-1].name, sure, found[-1].tokens, [] if agreed else [second[-1].name])
    if len(found) > 1:
        fields["parent"] = _field(found[-2].name, found[-2].confidence, found[-2].tokens)
    return fields


def _worth(found: Sequence[Organ]) -> tuple[int, float]:
    return sum(organ.is_known for organ in found), found[-1].confidence


def _number(
    head: Letterhead, again: Letterhead | None, paper: _Paper, titled: title.Titled | None, catalogue: Catalogue
) -> dict[str, Field]:
    first, second = head.numbered, again.numbered if again else None
    seen = first or second
    if seen is None:
        return {}
    value, confidence, others = trust.number(first, second, is_text=paper.is_text, written=paper.written)
    place = seen.num_tokens or seen.line.tokens
    fields = {"number": _field(value, confidence, place, others)}
    fields["symbol"] = _symbol([reading for reading in (first, second) if reading], titled, catalogue)
    return fields


def _symbol(seen: Sequence[Numbered], titled: title.Titled | None, catalogue: Catalogue) -> Field:
    """The reading that names the printed type wins, then one whose parts are known, then one that needed no mending."""
    readings = []
    own = {abbr for name, abbr in catalogue.types if abbr and titled and name == titled.name}
    for reading in seen:
        conf = mean_conf(reading.symbol_tokens)
        name = titled.name if titled else None
        code, is_known = codes.normal_symbol(reading.symbol, catalogue, type_name=name, conf=conf)
        whole = f"{reading.year}/{code}" if reading.year else code
        is_own = code.split("-")[0] in own
        is_whole, is_as_read = "-" in code or "/" in code, code == normal(reading.symbol)
        readings.append((is_own, is_known, is_whole, is_as_read, conf, whole, reading))
    readings.sort(key=lambda r: r[:5], reverse=True)
    _, is_known, _, _, conf, whole, reading = readings[0]
    others = [other for *_, other, _ in readings[1:] if other != whole]
    confidence = max(0.88, conf) if is_known else min(0.85, conf)
    if others:
        confidence = min(confidence, 0.85)
    return _field(whole, min(0.98, confidence), reading.symbol_tokens, others)


def _day(head: Letterhead, again: Letterhead | None, paper: _Paper) -> dict[str, Field]:
    first, second = head.dated, again.dated if again else None
    seen = first or second
    if seen is None:
        return {}
    value, confidence, others = trust.day(first, second, is_text=paper.is_text, written=paper.written)
    fields = {"date": _field(value, confidence, seen.tokens, others)}
    named = seen if seen.place else second or seen
    if named.place:
        fields["place"] = _field(named.place, min(0.97, mean_conf(named.place_tokens)), named.place_tokens)
    return fields


# --- title ------------------------------------------------------------------------------------------------------------


def _title(
    head: Letterhead,
    paper: _Paper,
    titled: title.Titled | None,
    addressed: int | None,
    symbol: Field,
    catalogue: Catalogue,
) -> dict[str, Field]:
    sheet = paper.first
    by_symbol = codes.types_of_symbol(str(symbol.value), catalogue) if symbol.value else []
    if titled:
        subject = title.subject_below(sheet, titled)
        # A symbol that says another type is a warning, not a correction: the printed line rules.
        sure = titled.confidence if not by_symbol or titled.name in by_symbol else min(titled.confidence, 0.8)
        return {"type": _field(titled.name, sure, titled.tokens)} | _subject(subject)
    letter = title.subject_of_letter(sheet, head.split, addressed)
    about = {} if letter is None else _subject(letter)
    # A letter's symbol names no type; one that does, on a paper addressed to nobody, tells of a title that was not recognised.
    if letter is not None and (addressed is not None or not by_symbol):
        return {"type": _field("Công văn", 0.93, letter.tokens)} | about
    if by_symbol:
        sure, (name, *others) = min(DOUBTFUL, symbol.confidence), by_symbol
        return {"type": replace(symbol, value=name, confidence=sure, alternatives=others)} | about
    if addressed is not None and symbol.value:
        return {"type": _field("Công văn", DOUBTFUL, sheet.rows[addressed].tokens)}
    return {}


def _subject(run: Run) -> dict[str, Field]:
    text = title.tidy(run.text)
    return {"subject": _field(text, min(0.97, run.conf), run.tokens)} if text else {}


def _urgency(paper: _Paper) -> dict[str, Field]:
    for mark in paper.marks:
        if value := title.URGENT.get(caps_only(mark)):
            return {"urgency": Field(value, 0.95, paper.first.number, None)}
    if span := title.find_urgency([row for row in paper.first.rows if row.y0 < 0.42]):  # noqa: PLR2004 - header
        return {"urgency": _field(title.URGENT[caps_only(span.text)], min(0.95, span.conf), span.tokens)}
    return {}


# --- ending -----------------------------------------------------------------------------------------------------------


def _ending(paper: _Paper, catalogue: Catalogue) -> dict[str, Field]:
    sheets = ending.main_sheets(paper.sheets)
    noted = ending.noted_at(sheets)
    fields: dict[str, Field] = {}
    if noted:
        sheet, at = noted
        listed = ending.recipients(sheet, at)
        names = [ending.recipient_text(run) for run in listed]
        tokens = [token for run in listed for token in run.tokens]
        fields["recipients"] = _field(names or None, min(0.95, mean_conf(tokens)), tokens)
        above = 12 if str(sheet.rows[at].fold).count("CHU") else 8
        rows = sheet.rows[max(0, at - above) :]
    else:
        sheet = sheets[-1]
        rows = sheet.rows[-18:]
    return fields | _signed(paper, sheet, rows, catalogue)


def _signed(paper: _Paper, sheet: Sheet, rows: Sequence[object], catalogue: Catalogue) -> dict[str, Field]:
    page = ending.signed(rows, catalogue)  # type: ignore[arg-type]
    crop = ending.Signed()
    if paper.signer and paper.signer.number == sheet.number:
        crop = ending.signed(paper.signer.rows, catalogue, titled=page.title.y1 if page.title else inf)
    authority = max(page.authority, crop.authority, key=_authority_worth)
    fields = {}
    if authority:
        texts = [ending.authority_text(run) for run in authority]
        tokens = [token for run in authority for token in run.tokens]
        fields["authority"] = _field(texts, min(0.95, mean_conf(tokens)), tokens)
    if title_found := _signer_title(page, crop, catalogue):
        fields["signer_title"] = title_found
    if name := _signer(page, crop, catalogue):
        fields["signer"] = name
    return fields


def _authority_worth(lines: Sequence[Run]) -> tuple[int, float]:
    return len(lines), mean_conf(token for run in lines for token in run.tokens)


def _signer(page: ending.Signed, crop: ending.Signed, catalogue: Catalogue) -> Field | None:
    best = ending.likeliest_signer(page, crop, catalogue)
    if not best.name or not best.name_run:
        return None
    others = list(dict.fromkeys(one.name for one in (crop, page) if one.name and one.name != best.name))
    sure = min(best.sureness, 0.8) if others else best.sureness
    return _field(best.name, min(0.95, sure), best.name_run.tokens, others)


def _signer_title(page: ending.Signed, crop: ending.Signed, catalogue: Catalogue) -> Field | None:
    """The surer of two readings, or the longer one of which the other lacks an end: a crop has an edge, PHÓ runs into strokes."""
    both = [(ending.title_text(run, catalogue), run) for run in (page.title, crop.title) if run]
    if not both:
        return None
    both.sort(key=lambda found: found[1].conf, reverse=True)
    (value, run), (other, other_run) = both[0], both[-1]
    if bare(other).startswith(bare(value)) or bare(other).endswith(bare(value)):
        (value, run), (other, other_run) = (other, other_run), (value, run)
    sure = run.conf if is_spelled_alike(value, other) else min(MENDED, run.conf)
    return _field(value, min(0.95, sure), run.tokens, [] if other == value else [other])


# --- deadline ---------------------------------------------------------------------------------------------------------


def _due(paper: _Paper, found: dict[str, Field]) -> Field:
    issued = date.fromisoformat(str(found["date"].value)) if found["date"].value else None
    is_dated = found["date"].confidence >= SURE
    body = Run(token for row in ending.main_rows(paper.sheets) for token in row.tokens)
    dues = list(deadline.find_due(body, issued, is_dated=is_dated))
    main = deadline.main_due(dues)
    if main is None:
        return Field()
    others = sorted({due.iso for due in dues} - {main.iso})
    if found["type"].value in deadline.NEVER_DUE:
        return Field(alternatives=sorted({due.iso for due in dues}))
    sure = min(0.9, mean_conf(main.tokens)) if len(dues) == 1 or main.is_owed else 0.7
    if len({due.iso for due in dues}) > 1:
        sure = min(sure, 0.8)
    return _field(main.iso, sure, main.tokens, others)
