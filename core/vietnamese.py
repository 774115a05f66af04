"""
Vietnamese text: one form, one folding, one order.

Every door of the office passes text through `clean`; search, extraction and the duplicate check fold with `fold`. After NFC each
step keeps the length of the text, so a place in the folded text is the same place in the original.
"""

import re
import unicodedata
from functools import cache

_STRAY = {0xD0: "Đ", 0xF0: "đ", 0x130: "I"}
_STRAY_LETTERS = tuple(map(chr, _STRAY))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def nfc(text: str) -> str:
    """Composed form, with the Icelandic Ð that old exports hold read as Đ."""
    composed = unicodedata.normalize("NFC", text)
    # Looking for three letters costs a hundredth of translating every one.
    return composed.translate(_STRAY) if any(letter in composed for letter in _STRAY_LETTERS) else composed


def clean(text: str) -> str:
    """NFC without NUL, controls, lone surrogates and bidirectional overrides; line breaks and tabs stay."""
    return nfc(_CONTROLS.sub("", text))


class _Folded(dict[int, str]):
    """What each letter is folded to, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        small = chr(code).lower()
        self[code] = "d" if small == "đ" else unicodedata.normalize("NFD", small)[0]
        return self[code]


_folded = _Folded()


def fold(text: str) -> str:
    """Small letters without marks, đ as d; as long as `nfc(text)`."""
    return nfc(text).translate(_folded)


# Old placement puts the tone on the second vowel of open oa, oe, uy: hoà, khoẻ, thuỷ. After q, uy is not such a pair.
_TONES = {"a": "aàáảãạ", "e": "eèéẻẽẹ", "y": "yỳýỷỹỵ", "o": "oòóỏõọ", "u": "uùúủũụ"}
_OLD = re.compile(r"([oOuU])([àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ])(?!\w)")
_PAIRS = {("o", "a"), ("o", "e"), ("u", "y")}


def place_tones(text: str) -> str:
    """Tone marks in the present placement: hoà → hòa, khoẻ → khỏe, thuỷ → thủy; closed syllables are left alone."""
    return _OLD.sub(_move_tone, nfc(text))


def _move_tone(match: re.Match[str]) -> str:
    first, second = match.group(1), match.group(2)
    base = _folded[ord(second)]
    if (first.lower(), base) not in _PAIRS or match.string[match.start() - 1 : match.start()] in {"q", "Q"}:
        return match.group(0)
    tone = _TONES[base].index(second.lower())
    moved = _TONES[first.lower()][tone]
    return (moved.upper() if first.isupper() else moved) + (base.upper() if second.isupper() else base)


_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: rank for rank, letter in enumerate(_LETTERS, start=32)}
_TONE_ORDER = {"": 0, "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_PARTS = re.compile(r"\d+|\D")


def sort_key(text: str) -> bytes:
    """
    A key whose byte order is Vietnamese order: letters first, then tones (ngang huyền hỏi ngã sắc nặng), numbers by value.

    2/CĐ comes before 10/CĐ, and "lan" before "làn" before "lăn".
    """
    letters, tones = bytearray(), bytearray()
    for part in _PARTS.findall(place_tones(text).lower()):
        if part.isdecimal():
            digits = str(int(part)).encode()
            letters += bytes([16, min(len(digits), 255)]) + digits
            continue
        letter, tone = _split_tone(part)
        letters.append(_RANK.get(letter, 1 if letter.isspace() else 2))
        tones.append(tone)
    return bytes(letters) + b"\x00" + bytes(tones)


@cache
def _split_tone(letter: str) -> tuple[str, int]:
    marks = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in marks[1:] if mark in _TONE_ORDER), "")
    return unicodedata.normalize("NFC", marks.replace(tone, "") if tone else marks), _TONE_ORDER[tone]


def name_sort_key(full_name: str) -> bytes:
    """People are listed by their own name (the last word), then family and middle names (domain.md 23)."""
    family, _, own = full_name.strip().rpartition(" ")
    return sort_key(own) + b"\x00\x00" + sort_key(family)


_ONSET = r"(?:ngh|ng|nh|gh|gi|ph|th|tr|ch|kh|qu|[bcdghklmnprstvx])?"
_NUCLEUS = r"(?:uyê|uye|uya|uyu|oai|oay|oeo|uay|uôi|uoi|ươi|ươu|iêu|ieu|yêu|yeu|[aăâeêioôơuưy]{1,2})"
_CODA = r"(?:ng|nh|ch|[cmnpt])?"
_SYLLABLE = re.compile(f"{_ONSET}{_NUCLEUS}{_CODA}")
_WORDS = re.compile(r"[^\W\d_]+")


def is_vietnamese_syllable(word: str) -> bool:
    """Whether a word is shaped like a Vietnamese syllable, tones aside."""
    toneless = "".join(_split_tone(letter)[0] for letter in nfc(word).lower())
    return _SYLLABLE.fullmatch(toneless.replace("đ", "d")) is not None


def syllable_share(text: str) -> float:
    """The share of words shaped like Vietnamese syllables, 0 to 1; 0 without words."""
    words = _WORDS.findall(nfc(text))
    return sum(map(is_vietnamese_syllable, words)) / len(words) if words else 0.0
