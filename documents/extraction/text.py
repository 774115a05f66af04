"""Comparing what was read with what is known: folding, distances, likely confusions."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

if TYPE_CHECKING:
    from collections.abc import Iterable

_SAME = {0xD0: "Đ", 0xF0: "đ", 0x110: "Đ", 0xA0: " ", 0x2044: "/", 0x2215: "/", 0x2212: "-"}
_SAME |= dict.fromkeys(range(0x2010, 0x2015), "-")
_KEPT = {"đ": "D", "Đ": "D"}
_MARKS = "\u0300\u0301\u0303\u0309\u0323"

LETTERS_UP = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
LETTERS_LOW = LETTERS_UP.lower()


def normal(text: str) -> str:
    """NFC with one kind of dash, slash, space and Đ; as long as its NFC form."""
    return unicodedata.normalize("NFC", text).translate(_SAME)


def fold(text: str) -> str:
    """Capitals without tones and hats, one character for one: a place here is the same place in the original."""
    return "".join(_KEPT.get(c) or _plain(c) for c in text)


def _plain(char: str) -> str:
    plain = unicodedata.normalize("NFD", char)[0].upper()
    return plain if len(plain) == 1 else char


def bare(text: str) -> str:
    """Folded letters and digits alone."""
    return re.sub(r"[^0-9A-Z]", "", fold(normal(text)))


def caps_only(text: str) -> str:
    """Folded letters and single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"[^A-Z ]", " ", fold(text))).strip()


def is_capitals(text: str) -> bool:
    """Whether the letters are capitals, a slip of the reader forgiven."""
    found = [c for c in text if c.isalpha()]
    return len(found) > 1 and sum(c.isupper() for c in found) >= 0.8 * len(found)


def squeezed(text: str) -> str:
    """Single spaces."""
    return re.sub(r"\s+", " ", text).strip()


def toneless_order(text: str) -> tuple[str, ...]:
    """Words with their tone marks set apart: UỶ and ỦY are spelled alike, ƯY is not."""
    words = []
    for word in text.split():
        parts = unicodedata.normalize("NFD", word)
        words.append("".join(c for c in parts if c not in _MARKS) + "".join(sorted(c for c in parts if c in _MARKS)))
    return tuple(words)


def nearest(text: str, known: Iterable[str], *, share: float = 0.07, least: int = 0) -> str | None:
    """
    The known name that the text must be, or None.

    Folded letters may differ in one of `1 / share` characters; a second name as near makes the answer None, because
    units are often named nearly alike: SỞ NỘI VỤ is not BỘ NỘI VỤ.

    :param least: letters that may differ in a short name, too
    """
    wanted = bare(text)
    most = max(least, int(len(wanted) * share)) if len(wanted) > 4 else 0  # noqa: PLR2004
    found: list[tuple[int, str]] = []
    for name in known:
        other = bare(name)
        if abs(len(other) - len(wanted)) <= most:
            distance = Levenshtein.distance(wanted, other, score_cutoff=most)
            if distance <= most:
                found.append((distance, name))
    found.sort()
    if not found or (len(found) > 1 and found[0][0] == found[1][0] and bare(found[0][1]) != bare(found[1][1])):
        return None
    return found[0][1]


def is_spelled_alike(text: str, known: str) -> bool:
    """Whether the text is the known name letter by letter and tone by tone."""
    return toneless_order(text.upper()) == toneless_order(known.upper())


def similar(first: str, second: str) -> float:
    """0 to 1 on folded letters and digits."""
    return fuzz.ratio(bare(first), bare(second)) / 100


# --- short codes ------------------------------------------------------------------------------------------------------

_CONFUSED = ("DĐÐOQ0", "ILT1J!|F", "UƯV", "AÂĂ4", "CGE6", "BPR8H", "S5", "OÔƠ", "EÊF", "Nñ", "MN", "YV", "KX", "Z2")
_OTHER = 1.5  # a letter that no reader takes for that one


def code_distance(read: str, known: str) -> float:
    """
    How far a code as read is from a known one: 0.5 for letters that readers confuse or see double, 1 for lost ones.

    Another letter, or one more, is another code: CCVC is not CĐVC. Never below 0.5 for codes that differ at all, in
    marks or case too.
    """
    if read == known:
        return 0.0
    rows = [[float(i + j) if not i or not j else 0.0 for j in range(len(known) + 1)] for i in range(len(read) + 1)]
    for i, a in enumerate(read, 1):
        for j, b in enumerate(known, 1):
            rows[i][j] = min(
                rows[i - 1][j] + (0.5 if _is_double(read, i - 1) else _OTHER),
                rows[i][j - 1] + 1.0,
                rows[i - 1][j - 1] + _letter_distance(a, b),
            )
    return max(0.5, rows[-1][-1])


def _is_double(read: str, at: int) -> bool:
    """A thin stroke, or a letter seen twice (QĐÐ): what a reader adds."""
    return read[at] in "I1lJ!|P" or (at > 0 and _letter_distance(read[at], read[at - 1]) <= 0.5)  # noqa: PLR2004


def _letter_distance(a: str, b: str) -> float:
    if a == b:
        return 0.0
    if fold(a) == fold(b):
        return 0.25
    first, second = a.upper(), b.upper()
    return 0.5 if any(first in group and second in group for group in _CONFUSED) else _OTHER
