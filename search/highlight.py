"""Snippets from the database's text: escaped, with <mark> and nothing else."""

from __future__ import annotations

from html import escape

from core.vietnamese import fold, place_tones
from search.analysis import WORD

WIDTH = 220


def snippet(text: str, words: set[str], width: int = WIDTH) -> str:
    """
    The stretch of `text` with most of the words, as HTML in which they are marked.

    :param words: folded words of the query
    """
    text = place_tones(" ".join(text.split()))
    spots = [match.span() for match in WORD.finditer(fold(text)) if match.group() in words]
    start = _best_start(spots, width)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = min(len(text), start + width)
    end = text.find(" ", end) if text.find(" ", end) > -1 else len(text)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return f"{before}{_marked(text, start, end, spots)}{after}"


def _best_start(spots: list[tuple[int, int]], width: int) -> int:
    best, most, last = 0, 0, 0
    for first, (start, _end) in enumerate(spots):
        while last < len(spots) and spots[last][1] <= start + width:
            last += 1
        if last - first > most:
            best, most = max(0, start - 30), last - first
    return best


def _marked(text: str, start: int, end: int, spots: list[tuple[int, int]]) -> str:
    parts, at = [], start
    for left, right in spots:
        if start <= left and right <= end:
            parts += [escape(text[at:left]), f"<mark>{escape(text[left:right])}</mark>"]
            at = right
    return "".join([*parts, escape(text[at:end])])
