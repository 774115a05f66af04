"""What official style says a word must be where the engine read another (Decree 30/2020/NĐ-CP, appendix I)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from documents.ocr.words import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.ocr.tesseract import Token

_FILED, _NUMERAL = re.compile(r"\W*LUU:"), re.compile(r"(?<!\w)V[Il1](?=\W*$)")


def in_style(tokens: Sequence[Token]) -> list[Token]:
    """The last of the recipients is *Lưu: VT*, the clerk's files; the engine reads the numeral VI on most papers."""
    words = list(tokens)
    for at, (before, word) in enumerate(pairwise(tokens), start=1):
        if _FILED.fullmatch(fold(before.text)) and before.line == word.line:
            words[at] = replace(word, text=_NUMERAL.sub("VT", word.text))
    return words
