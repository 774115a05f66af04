"""Numbers and symbols of papers in one normal form, so that 15/QĐ-TLĐ, 15 QD TLD and 015/qđ-tlđ meet (domain.md 5)."""

import re

from core.vietnamese import fold

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
