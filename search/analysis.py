"""
One analysis for indexing, querying and highlighting.

Syllables alone carry almost no rank signal in Vietnamese, so folded bigrams are indexed beside folded and exact syllables. Every
step keeps the length of the text: a place in the folded text is the same place in the original.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from core.vietnamese import fold, is_vietnamese_syllable, place_tones

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WORD = re.compile(r"\w+")


def canonical(text: str) -> str:
    """NFC with the present tone placement, small letters: what "exact" compares."""
    return place_tones(text).lower()


def exact_words(text: str) -> list[str]:
    """Syllables with their tones."""
    return WORD.findall(canonical(text))


def folded_words(text: str) -> list[str]:
    """Syllables without tones and hats."""
    return WORD.findall(fold(place_tones(text)))


def bigrams(words: list[str]) -> list[str]:
    """`lien_doan doan_lao lao_dong` for neighbours."""
    return [f"{first}_{second}" for first, second in itertools.pairwise(words)]


class _Forms(dict[str, tuple[str, str, str]]):
    """
    What chunks between blanks come to, remembered, since papers repeat the same few thousand.

    Folded words, exact words, and each folded word as the end of one pair and the beginning of the next.
    """

    MOST, LONGEST = 100_000, 40

    def __missing__(self, chunk: str) -> tuple[str, str, str]:
        folded, exact = folded_words(chunk), exact_words(chunk)
        found = (
            "".join(f"{word} " for word in folded), "".join(f"{word} " for word in exact),
            "".join(f"{word} {word}_" for word in folded),
        )  # fmt: skip
        if len(self) >= self.MOST:
            self.clear()
        if len(chunk) <= self.LONGEST:
            self[chunk] = found
        return found


_forms = _Forms()


def analysed(text: str) -> tuple[str, str, str]:
    """
    A text's folded words, exact words and bigrams, each parted by blanks: what the three above say, in one pass.

    Indexing spends most of its time here: chunks are looked up, and the three texts joined from what they come to.
    """
    forms = list(map(_forms.__getitem__, text.split()))
    if not forms:
        return "", "", ""
    folded, exact, pairs = map("".join, zip(*forms, strict=True))
    return folded[:-1], exact[:-1], pairs[pairs.find(" ") + 1 : max(0, pairs.rfind(" "))]


def label_words(*texts: str) -> list[str]:
    """What completion begins from: folded words without a number's leading zeros."""
    return without_zeros(word for text in texts for word in analysed(text)[0].split())


def without_zeros(words: Iterable[str]) -> list[str]:
    """Numbers as people type them: 05 as 5."""
    return [word.lstrip("0") or word for word in words]


_NUMBER = re.compile(r"\s*0*(\d+[a-z]{0,3})")
_YEAR_INSIDE = re.compile(r"[^/]+/((?:19|20)\d\d)/")


def symbol_keys(normal: str, printed: str, year: int | None) -> list[str]:
    """
    What a paper's number is asked for by: number and symbol, the number alone (`5/`), number and year (`15/2020`).

    :param normal: its normal form (`core.symbols`), or empty
    :param year: of issue, where the symbol names none
    """
    number = _NUMBER.match(fold(normal or printed))
    if number is None:
        return []
    inside = _YEAR_INSIDE.match(normal)
    named = inside.group(1) if inside else year
    keys = [normal, f"{number.group(1)}/", f"{number.group(1)}/{named}" if named else ""]
    return [key for key in dict.fromkeys(keys) if key]


_MONTH_AND_YEAR = re.compile(r"(?<!\S)(?:thang )?(\d\d?) (?:nam )?((?:19|20)\d\d)(?!\S)")
_NUMBER_AND_YEAR = re.compile(r"(?:(?<!\S)(\S+) )?(?<!\S)(?<!thang )(\d{1,5}[a-d]?) (?:nam )?((?:19|20)\d\d)(?!\S)")
# What kinds of papers end in: quyết định, công văn, kế hoạch … and "số".
_KINDS = frozenset({
    "so", "dinh", "van", "hoach", "bao", "cao", "dan", "trinh", "quyet", "thi", "tu", "che", "luat", "lenh", "ban",
    "qd", "nd", "tt", "cv", "kh", "bc", "hd", "nq", "ct",
})  # fmt: skip
_DAY = re.compile(r"(?<!\S)\d\d? (?:thang )?\d\d? (?:nam )?(?:19|20)\d\d(?!\S)")
_LONGEST_DATE = 22
_MONTHS = 12


def date_keys(folded: str) -> list[str]:
    """
    The days and months that folded words name, however they are written: `@2026-3-15`, `@2026-3`.

    Years are looked for first: a pattern tried at every letter costs as much as the rest of the analysis.
    """
    keys: list[str] = []
    for century in (" 20", " 19"):
        at = folded.find(century)
        while at >= 0:
            year = folded[at + 1 : at + 5]
            if year.isdecimal() and folded[at + 5 : at + 6] in {"", " "}:
                keys += _keys(folded[max(0, at - _LONGEST_DATE) : at + 5])
            at = folded.find(century, at + 1)
    return keys


@lru_cache(maxsize=50_000)
def _keys(named: str) -> tuple[str, ...]:
    """Of words that end in a year: `ngay 15 thang 3 nam 2026`, `15 3 2026`, `thang 3 2026`."""
    *before, written = named.split()
    year = int(written)
    words = [word for word in before if word != "nam"] if before[-1:] == ["nam"] else before
    month = _small_number(words[-1:])
    if month is None:
        return ()
    is_named = words[-2:-1] == ["thang"]
    day = _small_number(words[-3:-2] if is_named else words[-2:-1])
    return (*([day_key(year, month, day)] if day else []), *([day_key(year, month)] if day or is_named else []))


def _small_number(words: list[str]) -> int | None:
    return int(words[0]) if words and len(words[0]) <= 2 and words[0].isdecimal() else None  # noqa: PLR2004  # of a day, a month


def day_key(year: int, month: int, day: int | None = None) -> str:
    """`@2026-3-15`, or `@2026-3` for the month."""
    return f"@{year}-{month}-{day}" if day else f"@{year}-{month}"


def dates_in(words: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """The days and months in a query's folded words, each as its key with the words that name it; 3/2026 may be a month."""
    text = " ".join(words)
    named = ((date_keys(f" {match.group()}"), match.group()) for match in _DAY.finditer(text))
    days = [(keys[0], tuple(written.split())) for keys, written in named if keys]  # 00/03/2026 names none
    months = (match for match in _MONTH_AND_YEAR.finditer(_DAY.sub(_blank, text)) if 0 < int(match.group(1)) <= _MONTHS)
    return days + [(day_key(int(match[2]), int(match[1])), tuple(match.group().split())) for match in months]


def _blank(match: re.Match[str]) -> str:
    return "." * len(match.group())


def kind_key(words: Sequence[str]) -> str:
    """What a paper is asked for by its kind: `#quyet_dinh`."""
    return f"#{'_'.join(words)}"


def numbers_in(words: Sequence[str]) -> list[str]:
    """
    What may be a paper's number with its year in a query's folded words, as its key: quyết định 15/2020 → `15/2020`.

    3/2026 is one where nothing stands before it, or a kind of paper; else a month.
    """
    text = _DAY.sub(_blank, " ".join(words))
    found = [(before, number.lstrip("0"), year) for before, number, year in _NUMBER_AND_YEAR.findall(text)]
    return [f"{number}/{year}" for before, number, year in found if number and _is_number(before, number)]


def _is_number(before: str, number: str) -> bool:
    return before in _KINDS or not before or not number.isdecimal() or int(number) > _MONTHS


# Telex and VNI as they arrive when the input method is off: marks are letters or digits behind the vowel.
_TELEX = (("uow", "uo"), ("dd", "d"), ("aa", "a"), ("ee", "e"), ("oo", "o"), ("aw", "a"), ("ow", "o"), ("uw", "u"))
_TELEX_TONES = "sfrxj"
_VNI = re.compile(r"(?<=[a-z])[1-9]+")


def untype(word: str) -> str:
    """
    A folded guess at a word typed raw: `quyeets`, `quye61t` → `quyet`; itself where nothing speaks for that.

    For words alone that no paper holds: `hoas` may be one.
    """
    if _VNI.search(word):
        return _VNI.sub("", word)
    bare = word[:-1] if len(word) > 2 and word[-1] in _TELEX_TONES else word  # noqa: PLR2004  # a vowel, a tone and something
    for raw, letter in _TELEX:
        bare = bare.replace(raw, letter)
    return bare if is_vietnamese_syllable(bare) else word
