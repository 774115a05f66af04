"""
One analysis for indexing, querying and highlighting.

Syllables alone carry almost no rank signal in Vietnamese, so folded bigrams are indexed beside folded and exact syllables. Every
step keeps the length of the text: a place in the folded text is the same place in the original.
"""

from __future__ import annotations

import itertools
import re

from core.vietnamese import fold, place_tones

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
