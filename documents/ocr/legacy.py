"""
Vietnamese before Unicode: TCVN3 (ABC) and VNI found and converted (ocr.md 2).

Two signs: the font's name (`.VnTime`, `.VnTimeH` = capitals only, `VNI-Times`) and the text itself. Both encodings
reach us as one WinAnsi letter per byte; some bytes come back under their glyph's other name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Encoding = Literal["tcvn3", "vni"]

VOWELS = "aăâeêioôơuưyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
_ONSET = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx]"
_SYLLABLE = re.compile(f"(?:{_ONSET})?[{VOWELS}]{{1,3}}(?:ch|ng|nh|[cmnpt])?")
_ONLY_VIETNAMESE = frozenset({c for c in VOWELS if c > "ÿ"} | {"đ"})
_HIGH = "\u00a1-\u00ff\u2212\u2219\u03bc"

UNICODE_SHARE = 0.03  # of letters no other language has: above it the text is Unicode already
HIGH_SHARE = 0.04  # of letters that are high bytes inside words: below it there is nothing to convert
VNI_AFTER_VOWEL = 0.42  # VNI writes its marks after the vowel: 0.73-0.76 of the high bytes, TCVN3 0.16-0.19
CONVERTED_SHARE = 0.78  # of syllables that a conversion must reach to be believed

_TCVN3_ROWS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}


def _tcvn3_table() -> dict[int, str]:
    table = {first + i: letter for first, row in _TCVN3_ROWS.items() for i, letter in enumerate(row)}
    return table | {0x2212: "ư", 0x2219: "ã", 0x3BC: "à"}  # AD, B7 and B5 under their glyphs' names


def _vni_table() -> dict[str, str]:
    """A base letter and one mark after it; a few letters of their own."""
    groups = (
        # Some write i with a mark after it, too, which has letters of its own.
        (
            "ùøûõï",
            {
                "i": "íìỉĩị",
                "a": "áàảãạ",
                "e": "éèẻẽẹ",
                "o": "óòỏõọ",
                "u": "úùủũụ",
                "y": "ýỳỷỹ",
                "ô": "ớờởỡợ",
                "ö": "ứừửữự",
            },
        ),
        ("áàåãä", {"a": "ấầẩẫậ", "e": "ếềểễệ", "o": "ốồổỗộ"}),
        ("éèúüë", {"a": "ắằẳẵặ"}),
    )
    pairs = {
        base + mark: letter
        for marks, bases in groups
        for base, letters in bases.items()
        for mark, letter in zip(marks, letters, strict=False)
    }
    pairs |= {"aâ": "â", "eâ": "ê", "oâ": "ô", "aê": "ă"}
    single = {"ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}
    capitals = {key.upper(): letter.upper() for key, letter in (pairs | single).items()}
    mixed = {key[0].upper() + key[1:]: letter.upper() for key, letter in pairs.items()}
    return pairs | single | capitals | mixed


_TCVN3 = _tcvn3_table()
_VNI = _vni_table()
_VNI_KEY = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_TCVN3_FONT = re.compile(r"\.?VN[A-Z3]", re.IGNORECASE)
_CAPITALS_FONT = re.compile(r"\.?Vn[A-Za-z3 ]*?H(?:\b|,|-|Bold|Italic|$)")
_INSIDE_WORD = re.compile(f"(?<=[A-Za-zÀ-ÿ])[{_HIGH}]|[{_HIGH}](?=[a-zà-ÿ])")


def syllable_share(text: str) -> tuple[float, int]:
    """Share of words shaped like a Vietnamese syllable, and how many words there are."""
    found = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text))
    return sum(bool(_SYLLABLE.fullmatch(word.lower())) for word in found) / max(1, len(found)), len(found)


def encoding_of_font(name: str) -> tuple[Encoding | None, bool]:
    """What a font's name says: the encoding, and whether it prints every letter as a capital."""
    name = re.sub(r"^/?(?:[A-Z]{6}\+)?", "", name)
    if name.upper().startswith("VNI"):
        return "vni", False
    if _TCVN3_FONT.match(name) and not name.upper().startswith("VNF"):
        return "tcvn3", bool(_CAPITALS_FONT.match(name))
    return None, False


def encoding_of_text(text: str) -> Encoding | None:
    """What the letters themselves say; None for Unicode, for other languages and where a conversion reads no better."""
    text = unicodedata.normalize("NFC", text)
    letters = sum(c.isalpha() for c in text) or 1
    if sum(c.lower() in _ONLY_VIETNAMESE for c in text) / letters > UNICODE_SHARE:
        return None
    if len(_INSIDE_WORD.findall(text)) / letters < HIGH_SHARE:
        return None
    before = [c for c, _ in re.findall(f"(.?)([{_HIGH}])", text)]
    after_vowel = sum(c in "aeouyAEOUYôöÔÖ" for c in before) / max(1, len(before))
    kind: Encoding = "vni" if after_vowel > VNI_AFTER_VOWEL else "tcvn3"
    return kind if syllable_share(convert(text, kind))[0] > CONVERTED_SHARE else None


def convert(text: str, kind: Encoding, *, capitals: bool = False) -> str:
    """Bring a text of the old encoding to Unicode; `capitals` for fonts that print small letters as capitals."""
    if kind == "vni":
        return _VNI_KEY.sub(lambda found: _VNI[found.group()], text)
    text = re.sub(r"[^\W\d_]*-[^\W\d_]*", _without_hyphen, text.translate(_TCVN3))
    return text.upper() if capitals else text


def _without_hyphen(found: re.Match[str]) -> str:
    """
    AD is ư here and a hyphen in WinAnsi; some files hand it over as the latter ("ph-ơng", "nh-").

    It is ư where that makes one syllable and the pieces were none.
    """
    word = found.group()
    pieces = word.lower().split("-")
    if len(word) == 1 or all(_SYLLABLE.fullmatch(piece) for piece in pieces):
        return word
    mended = word.replace("-", "ư")
    return mended if _SYLLABLE.fullmatch(mended.lower()) else word
