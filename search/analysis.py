"""
One analysis for indexing, querying and highlighting.

Syllables alone carry almost no rank signal in Vietnamese, so folded bigrams are indexed beside folded and exact syllables. Every
step keeps the length of the text: a place in the folded text is the same place in the original.
"""

from __future__ import annotations

import itertools
import re

from core.vietnamese import fold, is_vietnamese_syllable, place_tones

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


def label_words(*texts: str) -> list[str]:
    """What completion begins from: folded words without a number's leading zeros."""
    return [word.lstrip("0") or word for text in texts for word in folded_words(text)]


_NUMBER = re.compile(r"\s*0*(\d+[a-z]{0,3})")


def symbol_keys(normal: str, printed: str, year: int | None) -> list[str]:
    """
    What a paper's number is asked for by: number and symbol, the number alone (`5/`), number and year (`15/2020`).

    :param normal: its normal form (`core.symbols`), or empty
    :param year: of issue, where the symbol names none
    """
    number = _NUMBER.match(fold(normal or printed))
    if number is None:
        return []
    inside = re.match(r"[^/]+/((?:19|20)\d\d)/", normal)
    named = inside.group(1) if inside else year
    keys = [normal, f"{number.group(1)}/", f"{number.group(1)}/{named}" if named else ""]
    return [key for key in dict.fromkeys(keys) if key]


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
