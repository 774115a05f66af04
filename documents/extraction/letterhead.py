"""The two columns at the top of page one: issuer and parent, number and symbol, place and date (extraction.md 1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from documents.extraction.catalogue import PHRASES
from documents.extraction.layout import Run
from documents.extraction.model import DOUBTFUL, MENDED, SURE
from documents.extraction.text import (
    LETTERS_LOW,
    LETTERS_UP,
    bare,
    caps_only,
    fold,
    is_capitals,
    is_spelled_alike,
    nearest,
    normal,
    squeezed,
    toneless_order,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from documents.extraction.layout import Row, Sheet, Token
    from documents.extraction.model import Catalogue

TOP = 0.5  # of the page: letterheads end above
USUAL_SPLIT = 0.47
LEAST_CONF = 0.3  # lines read worse than this are stains and stamps

GAP = 2.4  # line heights from top to top, from which on there is room for another line

_CODE = r"[A-Z][A-Z0-9.]{0,11}"
_LABEL = r"(?<![A-Z])[S5][O0]\s*[:;.,]?\s*"
_YEAR = r"(?:(?P<year>(?:19|20)\d\d)\s*/\s*)?"
_SYMBOL = rf"(?P<sym>{_CODE}(?:\s?[-/&]\s?{_CODE}){{0,4}})"
_NUMBER = r"(?P<num>\d{1,5}(?:\s?[A-D](?=\s*[/-]))?)"
NUMBERED = re.compile(rf"(?:{_LABEL}|^\W*){_NUMBER}\s*(?P<sep>[/|-])[/|]?\s*{_YEAR}{_SYMBOL}")
LABELLED = re.compile(rf"{_LABEL}(?P<num>[^/]{{0,16}}?)\s*(?P<sep>[/|])\s*{_YEAR}{_SYMBOL}")
# The Party puts a hyphen before the type and a stroke before the organ: 08-NQ/TU.
PARTY = re.compile(rf"{_LABEL}(?P<num>[^/-]{{0,16}}?)\s*(?P<sep>-)\s*(?P<year>)(?P<sym>{_CODE}\s?/\s?{_CODE})")
_LABELLING = re.compile(r"^\W*(?:LUAT\s+)?(?P<label>[S5][O0])(?P<filled>\s*(?:[-:;.,/_…]|\d)|\W*$)?(?![A-Z])")
SYMBOL_ALONE = re.compile(rf"(?P<num>)(?P<sep>)(?P<year>)(?P<sym>{_CODE}\s?[-/]\s?{_CODE}(?:\s?[-/]\s?{_CODE}){{0,3}})")
# A pen run into the label ("S611 /CT-UBND") leaves the symbol alone legible.
UNLABELLED = re.compile(rf"^\S{{1,10}}\s*(?P<num>)(?P<sep>/)\s*(?P<year>)(?P<sym>{_CODE}\s?-\s?{_CODE})\W*$")

MOTTO = re.compile(
    r"\S{3,5}\s*H[O0]A\s*XA\s*H[O0]I|XA H[O0]I CHU NGH|D[O0]C\s*LAP\s*[-.]?\s*T[UO]\s*D[O0]|DANG\s*C[O0]NG\s*SAN\s*VIET"
)
ABOUT = re.compile(r"^\W*(?:V\s?[/I|]\s?V\b|VE VIEC\b)")
_ADDRESSED = re.compile(r"^\W*KINH\s*(?:GUI|TRINH|MOI)")
_HEADS = re.compile(
    r"^\W*(TONG LIEN DOAN|LIEN DOAN LAO DONG|CONG DOAN|BAN CHAP HANH|BAN THUONG VU|UY BAN|UBND|HDND|HOI DONG|SO |BO |CUC |"
    r"VAN PHONG|DANG UY|DANG BO|TINH UY|THANH UY|HUYEN UY|QUAN UY|MAT TRAN|CHINH PHU|THU TUONG|NGHIEP DOAN|TRUONG |VIEN |"
    r"TONG CUC|CHI CUC|VU |THANH TRA|KHO BAC|BENH VIEN|TAP DOAN|NGAN HANG|QUOC HOI|DAI HOI|BAN |TRUNG TAM|DOAN |HOI |"
    r"BAO HIEM|TONG CONG TY|CONG TY|CONG AN|BO CHI HUY|TOA AN|KIEM TOAN|HOC VIEN|HIEP HOI|LIEN HIEP|LIEN MINH|DANG DOAN)"
)
# A line that cannot be a whole organ: the next one goes on, whatever it begins with.
_UNFINISHED = re.compile(
    r"^\W*(LIEN DOAN LAO DONG|CONG DOAN|CONG DOAN CO SO|CONG DOAN CAC|UY BAN NHAN DAN|HOI DONG NHAN DAN|UY BAN|VAN PHONG|BAN|"
    r"BAN CHAP HANH|BAN THUONG VU|NGHIEP DOAN|NGHIEP DOAN CO SO|DANG UY|DANG BO|UY BAN MAT TRAN TO QUOC|BAN CHI DAO|SO|BO|"
    r".* (?:VA|CUA|CAC|TINH|PHUONG|XA|HUYEN|QUAN|THANH PHO|CONG TY|TNHH|TRUONG|BENH VIEN|KHU|"
    r"CONG DOAN|CO SO|THANH VIEN|VIEN CHUC|KIEM TRA|CHI NHANH))\W*$"
)
_GRASSROOTS = re.compile(r"^\W*(?:CONG|NGHIEP) DOAN CO SO\b")
_UNION = re.compile(r"^\W*(?:TONG LIEN DOAN|LIEN DOAN LAO DONG|CONG DOAN|NGHIEP DOAN)\b")
# All that stands below a grassroots union in a letterhead; anything else goes on with the name of its firm, which wraps anywhere.
_BELOW_GRASSROOTS = re.compile(
    r"^\W*(?:CONG DOAN|NGHIEP DOAN|TO CONG DOAN|UY BAN KIEM TRA|BAN CHAP HANH|BAN THUONG VU|BAN NU CONG)\b"
)
_WHOLE = re.compile(r"\bVIET NAM\W*$")
_LEVEL = re.compile(r"^\W*(TINH|THANH PHO|HUYEN|QUAN|PHUONG|XA|THI XA|TAI|CHI NHANH|KHU VUC)\b")
_DAY = r"NG[AẢ]Y\s*(?P<d>.{0,9}?)\s*T[HN]?[AÁ]?NG\s*(?P<m>.{0,9}?)\s*N[AẮ]M\s*(?P<y>[\dOIL]{4})"
DATED = re.compile(_DAY)
DATED_SHORT = re.compile(r"NGAY\s*(?P<d>\d{1,2})\s*[/.-]\s*(?P<m>\d{1,2})\s*[/.-]\s*(?P<y>\d{4})")
PLACE = re.compile(
    rf"(?P<place>(?:T[Pp]\.?\s*|T\.\s*)?[{LETTERS_UP}][{LETTERS_LOW}]+(?:[ -]+[{LETTERS_UP}][{LETTERS_LOW}]+){{0,5}})"
    r"\W*$"
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number line as one reading has it; `num` is empty where no number can be read."""

    num: str
    sep: str
    year: str
    symbol: str
    num_tokens: tuple[Token, ...]
    symbol_tokens: tuple[Token, ...]
    line: Run
    is_attached: bool  # number and stroke are one word: nothing was left open to be filled in

    @property
    def conf(self) -> float:
        """Confidence of the worst word that carries the number."""
        return min((token.conf for token in self.num_tokens), default=0.0)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date line as one reading has it; `d`, `m` as read, digits or not."""

    place: str
    d: str
    m: str
    y: str
    tokens: tuple[Token, ...]
    place_tokens: tuple[Token, ...]
    day_tokens: tuple[Token, ...]
    month_tokens: tuple[Token, ...]
    line: Run


class Letterhead:
    """The top of page one, in one reading of it."""

    def __init__(self, sheet: Sheet, end: int | None = None) -> None:
        self.sheet = sheet
        rows = [row for row in sheet.rows if row.y0 < TOP]
        self.rows: Sequence[Row] = rows if end is None else rows[:end]

    @cached_property
    def split(self) -> float:
        """Where the right column begins."""
        starts = []
        for row in self.rows:
            if found := MOTTO.search(row.fold):
                tokens = row.between(found.start(), found.end())
                starts.append(tokens[0].x0)
        return min(starts) - 0.005 if starts else USUAL_SPLIT

    @cached_property
    def has_motto(self) -> bool:
        """Whether the state's or the Party's name stands at the top."""
        return any(MOTTO.search(row.fold) for row in self.rows)

    @cached_property
    def numbered(self) -> Numbered | None:
        """The number line: with its number, else with a symbol alone."""
        lines = [row.left_of(max(self.split, 0.3)) for row in self.rows]
        lines = [line for line in lines if line and not _ADDRESSED.match(line.fold)]
        # Below what it is about stand numbers of other papers.
        lines = list(takewhile(lambda line: not ABOUT.match(line.fold), lines))
        for pattern in (NUMBERED, PARTY, LABELLED, SYMBOL_ALONE, UNLABELLED):
            for line in lines:
                found = pattern.search(line.fold)
                if found and not _is_in_sentence(line, found) and (pattern is not SYMBOL_ALONE or is_labelled(line)):
                    return _numbered(line, found)
        return None

    @cached_property
    def number_top(self) -> float | None:
        """Height of the number line, also of one that cannot be read."""
        if self.numbered:
            return self.numbered.line.y0
        for row in self.rows:
            left = row.left_of(self.split)
            if left and is_labelled(left) and len(left.text) < 40:  # noqa: PLR2004 - a label, not a sentence
                return left.y0
        return None

    @cached_property
    def dated(self) -> Dated | None:
        """The line of place and date."""
        is_subject = False  # which names the days of other papers
        for row in self.rows:
            is_subject = is_subject or bool(ABOUT.match(row.left_of(self.split).fold))
            right = row.right_of(self.split)
            for part in (right,) if is_subject else (*row.spans, right, row):
                if part and (found := DATED.search(part.fold) or DATED_SHORT.search(part.fold)):
                    return _dated(part, found)
        return None

    def organ_lines(self) -> Iterator[Run]:
        """Lines of the left column above the number, in capitals."""
        bottom = self.number_top
        for row in self.rows:
            left = Run(token for token in row.tokens if token.middle < self.split and any(map(str.isalpha, token.text)))
            middle = (row.y0 + row.y1) / 2
            if not left or (bottom is not None and middle >= bottom) or left.conf < LEAST_CONF:
                continue
            if _is_organ_line(left):
                yield left


def _is_in_sentence(line: Run, found: re.Match[str]) -> bool:
    """
    Whether the number is one that a text refers to: "căn cứ Quyết định số 12/QĐ-TTg ngày", broken anywhere.

    A small s alone says nothing: readers see one in "Số:", too.
    """
    before, behind = line.cut(0, found.start()).split(), line.cut(found.end(), len(line.text)).split()
    is_small = line.cut(found.start(), found.end()).lstrip(" .-*").startswith("s")
    return len(before) > 1 or (is_small and bool(behind) and ":" not in line.text)


def is_labelled(line: Run) -> bool:
    """Whether a line begins with "Số": its number follows, or letters of a pen, but never SỞ, a department's name."""
    found = _LABELLING.match(line.fold)
    if not found:
        return False
    last = line.text[found.end("label") - 1]
    return found["filled"] is not None or (not last.isupper() and normal(last) not in "ởơờớợỡ")


def _is_organ_line(line: Run) -> bool:
    if len(caps_only(line.text)) < 3 or MOTTO.search(line.fold) or is_labelled(line):  # noqa: PLR2004
        return False
    if re.search(r"\d.*[/-]|/.*-", line.fold):  # a number line whose label was lost
        return False
    return is_capitals(line.text) or bool(_HEADS.match(line.fold) and line.text[:1].isupper())


def _numbered(line: Run, found: re.Match[str]) -> Numbered:
    cut = line.cut(*found.span("num")).strip(" .…_,")
    num = re.sub(r"\s", "", cut) if re.fullmatch(r"\d{1,5}\s?[A-Da-d]?", cut) else ""
    num_tokens = line.between(*found.span("num")) if found["num"] else ()
    joint = line.between(found.start("num"), found.end("sep")) if found["sep"] else ()
    symbol = re.sub(r"\s", "", line.cut(*found.span("sym")))
    return Numbered(
        num,
        found["sep"] or "/",
        found["year"] or "",
        symbol,
        num_tokens,
        line.between(*found.span("sym")),
        line,
        is_attached=bool(num) and len(joint) == 1,
    )


def _dated(line: Run, found: re.Match[str]) -> Dated:
    before = line.cut(0, found.start())
    place = PLACE.search(before)
    return Dated(
        squeezed(place["place"]) if place else "",
        line.cut(*found.span("d")).strip(" .…_,"),
        line.cut(*found.span("m")).strip(" .…_,"),
        found["y"],
        line.between(found.start(), found.end()),
        line.between(*place.span("place")) if place else (),
        line.between(*found.span("d")) if found["d"] else (),
        line.between(*found.span("m")) if found["m"] else (),
        line,
    )


# --- organs -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ as printed, in capitals, with how sure its name is."""

    name: str
    confidence: float
    tokens: tuple[Token, ...]
    is_known: bool = False


def organs(lines: Sequence[Run], catalogue: Catalogue) -> list[Organ]:
    """The organs of the left column from top to bottom; the last one issues the paper."""
    groups = _grouped_by_names(lines, catalogue) or _grouped_by_heads(lines)
    return [_organ(group, catalogue) for group in groups]


def _grouped_by_names(lines: Sequence[Run], catalogue: Catalogue) -> list[list[Run]] | None:
    """Cut where the lower lines are together the name of a known unit: letterheads wrap anywhere."""
    for start in range(len(lines)):
        if start and _UNFINISHED.match(lines[start - 1].fold):
            continue  # CÔNG ĐOÀN CƠ SỞ above VĂN PHÒNG is one organ, although there are offices of that name
        if _known(" ".join(line.text for line in lines[start:]), catalogue):
            above = _grouped_by_names(lines[:start], catalogue) or _grouped_by_heads(lines[:start])
            return [*above, list(lines[start:])]
    return None


def _grouped_by_heads(lines: Sequence[Run]) -> list[list[Run]]:
    groups: list[list[Run]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _goes_on(group: Sequence[Run], line: Run) -> bool:
    """Whether a line belongs to the organ whose lines stand above it."""
    above = group[-1].fold
    if _GRASSROOTS.match(line.fold):
        return False  # PHƯỚC TỈNH above it is a place's name, not the beginning of TỈNH something
    if _GRASSROOTS.match(group[0].fold) and not _BELOW_GRASSROOTS.match(line.fold):
        return True
    if _UNION.match(line.fold) and _UNION.match(group[0].fold):
        return False  # a union below another one, whose second line nobody could read
    if _UNFINISHED.match(above):
        return True
    if _WHOLE.search(above) and not _LEVEL.match(line.fold):
        return False
    return not _HEADS.match(line.fold) and _first_words(line) != _first_words(group[0])


def _first_words(line: Run) -> list[str]:
    """A branch's name begins as that of the whole: BẢO HIỂM XÃ HỘI VIỆT NAM, BẢO HIỂM XÃ HỘI TỈNH GIA LAI."""
    return caps_only(line.text).split()[:2]


def _known(printed: str, catalogue: Catalogue) -> str | None:
    """The unit of that name; letters may be misread, but neither the first nor a numeral: SỞ Y TẾ is not BỘ Y TẾ."""
    known = nearest(printed, catalogue.organs)
    if known is None or bare(known)[0] != bare(printed)[0] or re.findall(r"\d", known) != re.findall(r"\d", printed):
        return None
    return known


def _organ(lines: Sequence[Run], catalogue: Catalogue) -> Organ:
    tokens = tuple(token for line in lines for token in line.tokens)
    run = Run(tokens)
    printed = squeezed(re.sub(r"[_|~=*•\"'.:;]+", " ", run.text))
    known = _known(printed, catalogue)
    if known and is_spelled_alike(printed, known):
        return Organ(printed, max(SURE, min(0.98, run.conf + 0.03)), tokens, is_known=True)
    if known:  # another unit's name may differ in no more than this
        return Organ(known.upper(), min(MENDED, max(0.8, run.conf)), tokens, is_known=True)
    name = restored(printed)
    has_head = bool(_HEADS.match(fold(name)))
    sure = min(0.95, run.conf) * (1.0 if has_head else 0.7)
    return Organ(name, min(sure, DOUBTFUL if _has_gap(lines) else 1.0), tokens)


def _has_gap(lines: Sequence[Run]) -> bool:
    """Whether a line seems to be missing between two others: readers drop one now and then without a word."""
    steps = [below.y0 - above.y0 for above, below in pairwise(lines)]
    return any(step > GAP * (line.y1 - line.y0) for step, line in zip(steps, lines, strict=False))


def restored(text: str) -> str:
    """Give the usual words of letterheads their tones back, where only tones were lost or wrong."""
    for phrase in sorted(PHRASES, key=len, reverse=True):
        folded = fold(text)
        tight = r"\s*".join(re.escape(word) for word in fold(phrase).split())  # readers lose spaces, too
        for found in re.finditer(rf"(?<!\w){tight}(?!\w)", folded):
            piece = text[found.start() : found.end()]
            if piece.isupper() and toneless_order(piece) != toneless_order(phrase) and bare(piece) == bare(phrase):
                text = text[: found.start()] + phrase + text[found.end() :]
    return text
