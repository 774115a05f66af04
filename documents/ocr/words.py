"""Letters of a paper as plain data: cleaned, and folded for comparing marks."""

import re
import unicodedata


def clean(text: str) -> str:
    """NFC, without white space, controls and lone surrogates: what one word may hold."""
    kept = (c for c in unicodedata.normalize("NFC", text) if not c.isspace() and unicodedata.category(c)[0] != "C")
    return "".join(kept)


def fold(text: str) -> str:
    """Capital letters without tones and hats, one character for one character."""
    return "".join(_FOLDED.get(c) or _folded(c) for c in text)


_FOLDED = {"đ": "D", "Đ": "D", "ð": "D", "Ð": "D"}


def _folded(char: str) -> str:
    plain = unicodedata.normalize("NFD", char)[0].upper()
    return plain if len(plain) == 1 else char


def letters(text: str) -> str:
    """Only letters and single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s]|[\d_]", " ", text)).strip()
