"""Numbers and symbols of papers in one normal form, so that 15/QĐ-TLĐ, 15 QD TLD and 015/qđ-tlđ meet (domain.md 5)."""

import re
from itertools import takewhile

from core.vietnamese import fold, is_vietnamese_syllable

_NUMBER = r"(?P<number>\d{1,5})(?P<suffix>[a-d]|bis)?"
_SEPARATED = re.compile(
    rf"^\s*(?:so\s*:?\s*)?{_NUMBER}\s*[-/\s]\s*(?:(?P<year>(?:19|20)\d\d)\s*[-/\s]\s*)?(?P<organs>.+)$"
)
_BEHIND = re.compile(r"^(?P<type>[a-z]{1,4})\s+(?P<number>\d{1,5})(?P<suffix>[a-d])?\s+(?P<organs>.+)$")
_SEGMENT = re.compile(r"[a-z0-9.&]{1,14}")
_AROUND = " \t\r\n.,;:()[]\"'“”"
_MOST_SEGMENTS = 5


def split_number(text: str) -> tuple[int, str]:
    """
    Cut a number as printed into its value and suffix: "05" → (5, ""), "10b" → (10, "b").

    :raises ValueError: if it does not begin with digits
    """
    match = re.fullmatch(r"\s*(\d{1,9})\s*([a-zđ]{0,3})\s*", text.lower())
    if match is None:
        raise ValueError(text)
    return int(match.group(1)), match.group(2)


def normal_symbol(text: str) -> str | None:
    """
    The normal form of a full number and symbol, or None where the text is no symbol.

    "05/CT-TLĐ", "05 ct tld", "ct 05 tld" and "005 / CT – TLĐ" all give "5/ct-tld"; a year inside stays: "30/2020/nd-cp".
    """
    folded = re.sub(r"[\u2010-\u2015\u2212]", "-", fold(text)).strip(_AROUND)
    match = _SEPARATED.match(folded) or _BEHIND.match(folded)
    if match is None:
        return None
    parts = match.groupdict()
    segments = [*([parts["type"]] if parts.get("type") else []), *re.split(r"[-/\s]+", parts["organs"].strip())]
    if len(segments) > _MOST_SEGMENTS or not all(map(_SEGMENT.fullmatch, segments)):
        return None
    year = f"{parts['year']}/" if parts.get("year") else ""
    return f"{int(parts['number'])}{parts.get('suffix') or ''}/{year}{'-'.join(segments)}"


_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_WRITTEN = re.compile(
    rf"(?<![\w/]){_NUMBER}\s*(?:/\s*(?:(?:19|20)\d\d\s*/\s*)?[a-z][a-z0-9.&]*(?:[-/][a-z0-9.&]+)*|-[a-z]{{1,4}}/[a-z]{{1,7}})"
)
_TOKENS = re.compile(r"[^\W_]+")
_WHOLE_NUMBER = re.compile(r"\d{1,5}(?:[a-d]|bis)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_ABBREVIATION = 7


def symbols_in(text: str) -> list[str]:
    """
    The normal forms of every number and symbol that stands in a text, in order.

    Written out, 05/CT-TLĐ, or as people type them without signs, 05 ct tld: a number among words that are no syllables.
    """
    folded = _DASHES.sub("-", fold(text))
    words = _TOKENS.findall(folded)
    numbers = [place for place, word in enumerate(words) if _WHOLE_NUMBER.fullmatch(word)]
    typed = [_typed_symbol(words, place) for place in numbers]
    written = [normal_symbol(match.group()) for match in _WRITTEN.finditer(folded)]
    found = list(dict.fromkeys(symbol for symbol in [*typed, *written] if symbol))
    return [one for one in found if not any(one in other for other in found if other != one)]  # 5/ct of 5/ct-tld


def _typed_symbol(words: list[str], place: int) -> str | None:
    rest = words[place + 1 :]
    year = f"{rest.pop(0)}/" if len(rest) > 1 and _YEAR.fullmatch(rest[0]) else ""
    organs = list(takewhile(_is_abbreviation, rest))[: _MOST_SEGMENTS - 1]
    if len(organs) == 1 and place and _is_abbreviation(words[place - 1]):  # ct 05 tld
        organs.insert(0, words[place - 1])
    return normal_symbol(f"{words[place]}/{year}{'-'.join(organs)}") if len(organs) > 1 else None


def _is_abbreviation(word: str) -> bool:
    return len(word) <= _LONGEST_ABBREVIATION and word[0].isalpha() and not is_vietnamese_syllable(word)
