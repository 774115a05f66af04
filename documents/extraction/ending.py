"""The end of the main document: recipients at the left, authority, title and signer at the right (extraction.md 1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from math import inf
from typing import TYPE_CHECKING

from documents.extraction.catalogue import SURNAME_FORMS, SURNAMES
from documents.extraction.layout import Run
from documents.extraction.letterhead import restored
from documents.extraction.model import MENDED
from documents.extraction.signers import likeliest
from documents.extraction.text import (
    LETTERS_LOW,
    LETTERS_UP,
    caps_only,
    fold,
    is_capitals,
    is_spelled_alike,
    nearest,
    normal,
    squeezed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from documents.extraction.layout import Row, Sheet, Token
    from documents.extraction.model import Catalogue

RIGHT_HALF = 0.46
MOST_RECIPIENTS = 40
STROKE_CONF = 0.45
WELL_READ = 0.8  # how sure a name must be that no known one may take the place of
GUESSED = 0.8  # highest confidence of a known name that a line is only like
CLEAR = 0.9  # how sure the engine is of a word that nothing lies over
UNDER_SEAL = 0.8  # how sure a name is of which the seal left the end alone
_PAGE_NUMBER = re.compile(r"\W*\d{1,3}\W*")
NOTED = re.compile(r"N[O0][IL1]\s*NH[AÂ]N")
ANNEX = re.compile(r"^\W*PHU LUC\b")
# A lone Q needs its stop: QUYẾT ĐỊNH is no authority.
AUTHORITY = re.compile(r"^\W{0,3}(?:(?:TM|T/M|K[T1]|TL|TUQ)\s*[.,]?|Q\s?[.,])\s?(?=[A-Z]{2})[A-Z][A-Z .,&-]{2,60}")
_AUTHORITY_HEADS = {"K1": "KT", "T/M": "TM"}
_BULLET = re.compile(r"^[-–—•*+~_=.·\"'¬]+\s*")
# b/c is read as b/€, b/e, ble, b/: nothing else stands there so short.
_REPORTED = re.compile(r"\(\s*(?P<for>[đd][ểếềeê]\s+)?[bB]\s?[/lI|1]\s?[€cCeoO]?\s?\)?(?=$|[;.)\s])")
_LAST = re.compile(r"^LUU\b")
_WORD = f"[{LETTERS_UP}][{LETTERS_LOW}]+"
# Behind the first one letter may be a whole name (Ý, Y, Á); I and O alone are strokes of pens and rims of seals.
_NEXT_WORD = f"(?:{_WORD}|[AY{LETTERS_UP.removeprefix('A-ZĐ')}])"
_NAME = re.compile(rf"^(?:(?:GS|PGS|TS|ThS|BS|KS|LS|BSCK\w*)\.?\s*)*(?P<n>{_WORD}(?: {{1,2}}{_NEXT_WORD}){{1,4}})$")
# With tones where people are called nearly so: Lưu, Bàn and Tống are surnames, Phong, Trường and Ban given names.
_NOT_A_NAME = re.compile(
    r"nơi nhận|^lưu (?:vt|vp|văn thư)|^như |^ban |liên đoàn|công đoàn|tổng |đã ký|ủy ban|uỷ ban|nhân dân|văn phòng|phòng |"
    r"trưởng ban|việt nam$"
)
_TITLE_HEADS = re.compile(
    r"^(?:PHO |QUYEN )?(?:CHU TICH|CHANH|TRUONG|TONG|GIAM DOC|HIEU TRUONG|CHU TRI|CHU TOA|TO TRUONG|CHU NHIEM|BI THU|THU TUONG|"
    r"BO TRUONG|THU TRUONG|CUC TRUONG|VU TRUONG|VIEN TRUONG|THONG DOC|UY VIEN|THUONG TRUC|DOAN TRUONG|TO PHO|VIEN|CUC|CHI CUC)"
)


@dataclass(frozen=True, slots=True)
class Signed:
    """The signer's block as one reading has it."""

    authority: tuple[Run, ...] = ()
    title: Run | None = None
    name: str = ""
    name_run: Run | None = None
    sureness: float = field(default=0.0)
    is_known: bool = False  # whether the catalogue knows a person of that name
    below: tuple[Run, ...] = ()  # lines below authority or title that are neither: one of them is the name


def main_sheets(sheets: Sequence[Sheet]) -> Sequence[Sheet]:
    """The pages before the annexes."""
    for at, sheet in enumerate(sheets):
        top = sheet.rows[:3]
        if at and any(ANNEX.match(row.fold) and is_capitals(row.text[:8]) for row in top):
            return sheets[:at]
    return sheets


def main_rows(sheets: Sequence[Sheet]) -> Iterator[Row]:
    """What stands on the pages before the annexes without their numbers: a sentence goes on across them."""
    for at, sheet in enumerate(main_sheets(sheets)):
        is_numbered = at and sheet.rows and _PAGE_NUMBER.fullmatch(sheet.rows[0].text)
        yield from sheet.rows[1:] if is_numbered else sheet.rows


def noted_at(sheets: Sequence[Sheet]) -> tuple[Sheet, int] | None:
    """The page and row of Nơi nhận, the last one of the main document."""
    for sheet in reversed(sheets):
        for at in range(len(sheet.rows) - 1, -1, -1):
            found = NOTED.search(sheet.rows[at].fold)
            if found and sheet.rows[at].between(*found.span())[0].x0 < RIGHT_HALF:
                return sheet, at
    return None


# --- recipients -------------------------------------------------------------------------------------------------------


def recipients(sheet: Sheet, at: int) -> list[Run]:
    """Those who receive the paper, one run each, from below Nơi nhận to Lưu."""
    found: list[list[Token]] = []
    is_open = False
    for row in sheet.rows[at + 1 :]:
        line = _left_part(row)
        if not line:
            continue
        if ANNEX.match(line.fold) or line.text.startswith("(") or len(found) > MOST_RECIPIENTS:
            break
        starts = bool(_BULLET.match(line.text)) or not is_open
        if starts and found and _LAST.match(fold(_BULLET.sub("", Run(found[-1]).text))):
            break
        if starts:
            found.append(list(line.tokens))
        else:
            found[-1] += line.tokens
        is_open = not line.text.rstrip().endswith((";", "."))
    return [Run(tokens) for tokens in found if recipient_text(Run(tokens))]


def _left_part(row: Row) -> Run:
    """What stands in the left column; a row that only has words at the right gives nothing."""
    spans = [span for span in row.spans if span.x0 < RIGHT_HALF - 0.06]
    if not spans:
        return Run(())
    first = spans[0]
    if first.x1 > 0.62:  # noqa: PLR2004 - both columns in one span: the signer's half is cut off
        return Run(token for token in first.tokens if token.middle < RIGHT_HALF)
    return first


def _is_stroke(token: Token) -> bool:
    """What a seal or pen across the list leaves behind: signs alone, short small letters read without any belief."""
    if not any(char.isalnum() for char in token.text):
        return token.text not in "-–&"
    return token.conf < STROKE_CONF and token.text.isalpha() and not token.text.isupper() and len(token.text) <= 4  # noqa: PLR2004


def recipient_text(run: Run) -> str:
    """Without its bullet, strokes of seal and pen, and what follows the semicolon."""
    kept = [token.text for at, token in enumerate(run.tokens) if not at or not _is_stroke(token)]
    text = _BULLET.sub("", " ".join(kept))
    if not _LAST.match(fold(text)):
        first, *rest = re.split(r"[;.](?=\s|$)", text)
        text = "; ".join([first, *(more.strip() for more in rest if len(more.split()) > 1)])
    else:
        text = text.replace(";", ",")  # between codes the comma grows a dot easily
    text = re.sub(r"L[ĐD]L[PIĐD]?Đ\b", "LĐLĐ", text)  # the union's own short name, its Đ seen double
    text = _REPORTED.sub(lambda found: f"({'để ' if found['for'] else ''}b/c)", text)
    return squeezed(text).strip(" ;.,-")


def is_last_recipient(line: str) -> bool:
    """Whether a line is Lưu, behind which nobody receives the paper."""
    return bool(_LAST.match(fold(_BULLET.sub("", line))))


# --- signer -----------------------------------------------------------------------------------------------------------


def signed(rows: Sequence[Row], catalogue: Catalogue, *, titled: float = inf) -> Signed:
    """
    Authority lines, title and name in the right half of these rows.

    :param titled: the height below which a title is known to stand above, from another reading
    """
    lines = list(_right_lines(rows))
    authority: list[Run] = []
    titles: list[Run] = []
    below: list[Run] = []
    for line in lines:
        if (found := AUTHORITY.match(line.fold)) and is_capitals(line.text):
            authority.append(Run(line.between(*found.span())))
        elif is_capitals(line.text) and (title := _title(line, catalogue)):
            titles.append(title)
        elif titles or authority or line.y0 > titled:
            below.append(line)
    best = _best_name(below, catalogue)
    if best is None and titles:
        best = _name_in_capitals(lines, titles[-1])
    title = next((run for run in reversed(titles) if not best or run.y0 < best[2].y0), None)
    if best is None:
        return Signed(tuple(authority), title, below=tuple(below))
    is_known = best[1] in catalogue.signers
    return Signed(tuple(authority), title, best[1], best[2], best[0], is_known, tuple(below))


def _best_name(lines: Sequence[Run], catalogue: Catalogue) -> tuple[float, str, Run] | None:
    """The surest name; of those as sure the lowest."""
    best: tuple[float, str, Run] | None = None
    for line in lines:
        if (named := _named(line, catalogue)) and (best is None or named[0] >= best[0]):
            best = (*named, line)
    return best


def likeliest_signer(first: Signed, second: Signed, catalogue: Catalogue) -> Signed:
    """
    What two readings of a signer's block say together of the name.

    A name well read stays as it was read, known or not; for a doubtful one the known person is taken whom a line names.
    """
    best = second if second.sureness >= first.sureness else first
    if best.is_known or best.sureness >= WELL_READ:
        return best
    lines = [*second.below, *first.below]
    found = likeliest([line.text for line in lines], catalogue.signers)
    if found is None:
        return best
    return replace(best, name=found.name, name_run=lines[found.line], sureness=GUESSED * found.likeness, is_known=True)


def _right_lines(rows: Sequence[Row]) -> Iterator[Run]:
    for row in rows:
        for span in row.spans:
            right = span if span.x0 > RIGHT_HALF - 0.1 else Run(t for t in span.tokens if t.middle >= RIGHT_HALF)
            if right and right.middle > RIGHT_HALF and any(c.isalpha() for c in right.text):
                yield right


def authority_text(run: Run) -> str:
    """As printed, with the usual head and one space after it."""
    text = squeezed(run.text).strip(" .,|")
    text = re.sub(r"^\W+", "", text)
    found = re.match(r"(TM|T/M|KT|K1|TL|TUQ|Q)\s*[.,]?\s*", text)
    if not found:
        return text
    head = _AUTHORITY_HEADS.get(found[1], found[1])
    return restored(f"{head}. {text[found.end() :]}")


def _title(line: Run, catalogue: Catalogue) -> Run | None:
    """The words of a line from the first that begins a title."""
    text = caps_only(line.text)
    if _TITLE_HEADS.match(text):
        return line
    known = [fold(title) for title in catalogue.signer_titles]
    for at in range(1, len(line.tokens)):
        rest = Run(line.tokens[at:])
        if caps_only(rest.text) in known or _TITLE_HEADS.match(caps_only(rest.text)):
            return rest
    return line if nearest(line.text, catalogue.signer_titles, least=1) else None


def is_title(line: str) -> bool:
    """Whether a line begins as titles do."""
    return bool(_TITLE_HEADS.match(caps_only(line)))


def is_name(line: str) -> bool:
    """Whether a line is a person's name and nothing else, in capitals too."""
    if found := _NAME.match(line):
        return not _NOT_A_NAME.search(found["n"].lower())
    return _is_name_in_capitals(line)


def _is_name_in_capitals(line: str) -> bool:
    words = caps_only(line).split()
    return is_capitals(line) and 2 <= len(words) <= 5 and words[0] in SURNAMES and not is_title(line)  # noqa: PLR2004


def title_text(run: Run, catalogue: Catalogue) -> str:
    """A title in capitals; its letters are those of the catalogue where it is known."""
    text = squeezed(re.sub(r"[^\w\s,&-]", " ", run.text)).strip(" -,")
    known = nearest(text, catalogue.signer_titles, least=1)
    return known.upper() if known else restored(text)


def _named(line: Run, catalogue: Catalogue) -> tuple[float, str] | None:
    """A person's name, and how much it looks like one."""
    text = squeezed(re.sub(r"[^\w\s.]|_", " ", line.text))
    found = _NAME.match(text) or _NAME.match(_longest_name(text))
    if not found or _NOT_A_NAME.search(normal(found["n"]).lower()):
        return None
    name = squeezed(found["n"])
    known = nearest(name, catalogue.signers, share=0.1)
    if known:
        return (1.0 if is_spelled_alike(name, known) else MENDED), known
    if (whole := _by_its_end(name.split(), catalogue.signers)) and not _is_another(name, whole, line):
        return UNDER_SEAL, whole
    name = " ".join([SURNAME_FORMS.get(fold(name.split()[0]), name.split()[0]), *name.split()[1:]])
    return (0.9 if fold(name.split()[0]) in SURNAMES else 0.45) * (0.5 + line.conf / 2), name


def _is_another(name: str, known: str, line: Run) -> bool:
    """Whether the surname that was read is another one, and nothing lies over it: then it is another person."""
    first = name.split(maxsplit=1)[0]
    if fold(first) not in SURNAMES or fold(first) == fold(known.split(maxsplit=1)[0]):
        return False
    return any(token.text == first and token.conf >= CLEAR for token in line.tokens)


def _by_its_end(words: Sequence[str], signers: Sequence[str]) -> str | None:
    """
    The one known person whose name ends so: the seal lies over the surname (extraction.md 5.3).

    The last two words at least; what stands before them may be rubbish of seal and pen.
    """
    for count in range(min(len(words), 3), 1, -1):
        end = [fold(word) for word in words[-count:]]
        known = {name for name in signers if fold(name).split()[-count:] == end}
        exact = {name for name in known if normal(name).split()[-count:] == [normal(word) for word in words[-count:]]}
        for found in (exact, known):
            if len(found) == 1:
                return found.pop()
        if known:
            return None  # several people: a person has to look
    return None


def _longest_name(text: str) -> str:
    """The longest row of words that begin with a capital: pen strokes leave rubbish before and behind."""
    best: list[str] = []
    current: list[str] = []
    for word in [*text.split(), ""]:
        if re.fullmatch(_NEXT_WORD if current else _WORD, word):
            current.append(word)
            continue
        best, current = max(best, current, key=len), []
    return " ".join(best)


def _name_in_capitals(lines: Sequence[Run], title: Run) -> tuple[float, str, Run] | None:
    for line in reversed([line for line in lines if line.y0 > title.y0]):
        if _is_name_in_capitals(line.text):
            return 0.7, squeezed(line.text).title(), line
    return None
