"""What the child wrote, turned back into what the office uses: checked, cleaned, cut (reliability.md 8)."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from documents.ocr.model import Crops, PageReading, Reason, Word
from documents.ocr.words import clean

if TYPE_CHECKING:
    from documents.ocr.model import Box, KnownPage, Source

_SOURCES: dict[str, Source] = {"text": "text", "legacy": "legacy", "ocr": "ocr", "blank": "blank"}
_MOST_WORDS = 60_000


def as_page(number: int, facts: dict[str, Any], most_chars: int) -> PageReading:
    """A page as told by the child; text and words are cut together."""
    words = as_words(facts.get("words", ()))
    text = safe_text(str(facts.get("text", "")))
    text, words = _cut(text, words, most_chars)
    return PageReading(
        number=number,
        source=_SOURCES.get(str(facts.get("source")), "failed"),
        text=text,
        words=words,
        mean_confidence=_share_or_none(facts.get("mean_confidence")),
        width_pt=_size(facts.get("width_pt")),
        height_pt=_size(facts.get("height_pt")),
        reason=Reason(facts["reason"]) if facts.get("reason") else None,
        turn=int(facts.get("turn", 0)) % 360,
        coverage=_share_or_none(facts.get("coverage")),
        cover=safe_text(str(facts.get("cover", "")))[:60],
    )


def as_crops(facts: dict[str, Any]) -> Crops:
    """The places read twice, as told by the child."""
    return Crops(
        signer=safe_text(str(facts.get("signer", "")))[:5_000],
        signer_page=facts.get("signer_page"),
        signer_words=as_words(facts.get("signer_words", ())),
        header=as_words(facts.get("header", ())),
        header_page=facts.get("header_page"),
        written=tuple(_box(box) for box in list(facts.get("written", ()))[:500]),
    )


def merged(first: Crops, second: Crops) -> Crops:
    """
    Crops of several pages: the signer of the earlier page in the file wins (annexes are signed, too).

    So does the earlier letterhead, but for that of page one: another one is only read where page one has none.
    """
    signer = min(first, second, key=lambda crops: _page(crops.signer_page))
    headed = sorted((first, second), key=lambda crops: _page(crops.header_page))
    head = headed[1] if headed[0].header_page == 1 and headed[1].header_page is not None else headed[0]
    return replace(
        signer,
        marks=first.marks + second.marks,
        header=head.header,
        header_page=head.header_page,
        written=head.written,
    )


def renumbered(known: KnownPage, number: int) -> KnownPage:
    """A known page where it stands now."""
    crops = known.crops
    crops = replace(
        crops,
        signer_page=None if crops.signer_page is None else number,
        header_page=None if crops.header_page is None else number,
    )
    return replace(known, reading=replace(known.reading, number=number), crops=crops)


def _page(number: int | None) -> float:
    return math.inf if number is None else number


def as_words(rows: Any) -> tuple[Word, ...]:
    """Words from `[text, x, y, w, h, confidence]`; a row that is none of this is left out."""
    words = []
    for row in list(rows)[:_MOST_WORDS]:
        text = clean(safe_text(str(row[0])))
        if text:
            words.append(Word(text, *(_share(value) for value in row[1:6])))
    return tuple(words)


def safe_text(text: str) -> str:
    """NFC, line breaks and tabs the only controls, no lone surrogates."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", unicodedata.normalize("NFC", text))


def _cut(text: str, words: tuple[Word, ...], most_chars: int) -> tuple[str, tuple[Word, ...]]:
    """Text and words must stay in step: `text.split()` are the words."""
    if len(text) > most_chars:
        text = text[:most_chars]
        text = text[: max(text.rfind(" "), text.rfind("\n"), 0)]
    if not words:
        return text, ()  # a file that says its words and not where they stand
    tokens = text.split()
    if [word.text for word in words[: len(tokens)]] == tokens:
        return text, words[: len(tokens)]
    return " ".join(word.text for word in words), words


def _share(value: Any) -> float:
    number = float(value)
    return min(1.0, max(0.0, number)) if math.isfinite(number) else 0.0


def _share_or_none(value: Any) -> float | None:
    return None if value is None else _share(value)


def _size(value: Any) -> float:
    number = float(value or 0)
    return min(20_000.0, max(0.0, number)) if math.isfinite(number) else 0.0


def _box(values: Any) -> Box:
    x, y, w, h = (_share(value) for value in values)
    return x, y, w, h
