"""What people and machines do to text: queries typed in other ways, papers read by a scanner."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from core.vietnamese import fold, nfc

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Change = Callable[[str, Random], str]

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TELEX = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_VNI = {
    "\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5", "\u0302": "6", "\u031b": "7", "\u0306": "8",
}  # fmt: skip
_PLACED = re.compile(r"(?<![qQ])([oO]|[uU](?=.[yY]))([\u0300\u0301\u0303\u0309\u0323])([aeyAEY])(?!\w|[\u0300-\u0323])")
_WORDS = re.compile(r"\w+")
_LOOKALIKE = {"l": "1", "o": "0", "i": "l", "m": "rn", "c": "e", "h": "b", "u": "n", "g": "q", "t": "l", "n": "ri"}
_BESIDE = {
    "a": "s", "b": "v", "c": "x", "d": "f", "e": "r", "g": "h", "h": "j", "i": "o", "k": "l", "l": "k", "m": "n", "n": "b",
    "o": "p", "p": "o", "q": "w", "r": "t", "s": "d", "t": "y", "u": "i", "v": "c", "x": "z", "y": "u",
}  # fmt: skip


# --- queries --------------------------------------------------------------------------------------------------------------


def half_accented(text: str, rnd: Random) -> str:
    """Every second word without its marks."""
    return " ".join(fold(word) if rnd.random() < 0.5 else word for word in text.split())


def old_tones(text: str, rnd: Random) -> str:
    """hòa → hoà: the placement of older input methods."""
    return nfc(_PLACED.sub(r"\1\3\2", unicodedata.normalize("NFD", text)))


def decomposed(text: str, rnd: Random) -> str:
    return unicodedata.normalize("NFD", text)


def one_typo(text: str, rnd: Random) -> str:
    """One slip in one word of three letters or more."""
    words = text.split()
    long = [place for place, word in enumerate(words) if len(word) > 2 and word.isalpha()]
    if not long:
        return text
    place = rnd.choice(long)
    words[place] = _slip(words[place], rnd)
    return " ".join(words)


def _slip(word: str, rnd: Random) -> str:
    at = rnd.randrange(len(word) - 1)
    kinds = [
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[: at + 1] + word[at:],
        word[:at] + _BESIDE.get(fold(word[at]), "n") + word[at + 1 :],
    ]
    return rnd.choice([one for one in kinds if one != word])


def telex(text: str, rnd: Random) -> str:
    """What arrives when the input method is off: marks as letters, the tone behind the word."""
    return _WORDS.sub(lambda match: _telex_word(match.group()), nfc(text))


def _telex_word(word: str) -> str:
    letters, tone = "", ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in _TELEX:
            tone = _TELEX[letter]
        elif letter == "\u0302":
            letters += letters[-1]
        elif letter in "\u0306\u031b":
            letters += "w"
        else:
            letters += {"đ": "dd", "Đ": "DD"}.get(letter, letter)
    return letters + tone


def vni(text: str, rnd: Random) -> str:
    """The same with digits, each behind its letter."""
    marked = (_VNI.get(letter, {"đ": "d9", "Đ": "D9"}.get(letter, letter)) for letter in _hat_first(text))
    return "".join(marked)


def _hat_first(text: str) -> str:
    """Decomposed, a hat before a tone below it, as fingers type."""
    return re.sub("(\u0323)([\u0302\u0306\u031b])", r"\2\1", unicodedata.normalize("NFD", text))


def capitals(text: str, rnd: Random) -> str:
    return text.upper()


def without_marks(text: str, rnd: Random) -> str:
    return fold(text)


TYPED = {
    "no diacritics": without_marks, "half accented": half_accented, "tone placement": old_tones, "NFD": decomposed,
    "one typo": one_typo, "Telex": telex, "VNI": vni, "case": capitals,
}  # fmt: skip


# --- abbreviations ----------------------------------------------------------------------------------------------------------

ABBREVIATIONS = {
    "liên đoàn lao động": "LĐLĐ", "công đoàn cơ sở": "CĐCS", "ban chấp hành": "BCH", "ban thường vụ": "BTV",
    "ủy ban kiểm tra": "UBKT", "người lao động": "NLĐ", "bảo hiểm xã hội": "BHXH", "thỏa ước lao động tập thể": "TƯLĐTT",
    "hợp đồng lao động": "HĐLĐ", "an toàn, vệ sinh lao động": "ATVSLĐ", "an toàn vệ sinh lao động": "ATVSLĐ",
    "ủy ban nhân dân": "UBND", "đoàn viên": "ĐV", "doanh nghiệp": "DN", "công đoàn": "CĐ", "lao động": "LĐ",
}  # fmt: skip
_LONG = re.compile("|".join(ABBREVIATIONS), re.IGNORECASE)
_SPELLED = {short: long for long, short in ABBREVIATIONS.items() if "," not in long}
_SHORT = re.compile(r"\b(" + "|".join(sorted(_SPELLED, key=len, reverse=True)) + r")\b")


def abbreviated(text: str) -> str:
    """Long names as offices shorten them, the longest first."""
    return _LONG.sub(lambda match: ABBREVIATIONS[match.group().lower()], text)


def spelled_out(text: str) -> str:
    return _SHORT.sub(lambda match: _SPELLED[match.group()], text)


# --- papers -----------------------------------------------------------------------------------------------------------------


def scanned(text: str, share: float, rnd: Random) -> str:
    """Text with `share` of its characters read wrongly: most often a mark lost or another one seen."""
    return "".join(_misread(letter, rnd) if rnd.random() < share else letter for letter in text)


def _misread(letter: str, rnd: Random) -> str:
    base = fold(letter)
    if base != letter.lower():
        return nfc(base + rnd.choice(_TONES)) if base in "aeiouy" and rnd.random() < 0.5 else base
    return _LOOKALIKE.get(letter, letter)
