"""Letters of a paper as plain data: cleaned, and folded for comparing marks."""

import re
import unicodedata


def clean(text: str) -> str:
    """NFC, without white space, controls and lone surrogates: what one word may hold."""
    kept = (c for c in unicodedata.normalize("NFC", text) if not c.isspace() and unicodedata.category(c)[0] != "C")
    return "".join(kept)


class _Folded(dict[int, str]):
    """What each letter is folded to, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = unicodedata.normalize("NFD", char)[0].upper()
        self[code] = plain if len(plain) == 1 else char
        return self[code]


_folded = _Folded({ord(char): "D" for char in "đĐðÐ"})


def fold(text: str) -> str:
    """Capital letters without tones and hats, one character for one character."""
    return text.translate(_folded)


def letters(text: str) -> str:
    """Only letters and single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s]|[\d_]", " ", text)).strip()
