"""Symbols of papers: spaces away, letters decided by catalogues (extraction.md 5.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from documents.extraction.text import code_distance, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from documents.extraction.model import Catalogue

TYPE_LIMIT, ORGAN_LIMIT = 1.0, 1.0
SURE_CONF = 0.93  # a code read this surely and not known is new, not wrong
SHORT = 3


def normal_symbol(read: str, catalogue: Catalogue, *, type_name: str | None, conf: float) -> tuple[str, bool]:
    """
    A symbol as the office writes it, and whether every part of it is known.

    :param type_name: the type as its own line says; it decides between abbreviations that are as near
    """
    parts = re.split(r"([-/&])", re.sub(r"\s", "", read).strip("-/&."))
    codes = parts[0::2]
    types = [abbr for _, abbr in catalogue.types if abbr]
    own = [abbr for name, abbr in catalogue.types if abbr and name == type_name]
    result, known = [], []
    for at, code in enumerate(codes):
        # A letter's symbol begins with its organ: CĐP is a ward's union, although CĐ with one stroke more is a type.
        is_organ = not own and code in catalogue.organ_symbols and code not in types
        if at == 0 and not is_organ and (match := _type_code(code, types, own, conf)):
            result.append(match)
            known.append(True)
            continue
        found = _nearest_code(code, catalogue.organ_symbols, ORGAN_LIMIT, conf)
        result.append(found or code)
        known.append(found is not None)
    joined = result[0] + "".join(sign + code for sign, code in zip(parts[1::2], result[1:], strict=True))
    return joined, all(known)


def _type_code(code: str, types: list[str], own: list[str], conf: float) -> str | None:
    if own and own[0] != code:
        distance = code_distance(code, own[0])
        if distance <= (TYPE_LIMIT if code not in types else 0.5):
            return own[0]
    if code in types:
        return code
    return _nearest_code(code, types, TYPE_LIMIT, conf)


def _nearest_code(code: str, known: Iterable[str], limit: float, conf: float) -> str | None:
    known = tuple(known)
    if code in known:
        return code
    same = {other for other in known if fold(other) == fold(code)}
    if len(same) == 1:
        return same.pop()
    if conf >= SURE_CONF and code.isupper() and code.isalpha():
        limit = 0.5
    if len(code) <= SHORT:
        limit = min(limit, 0.5)
    near = sorted((code_distance(code, other), other) for other in known if abs(len(other) - len(code)) <= 2)  # noqa: PLR2004
    if not near or near[0][0] > limit or (len(near) > 1 and near[1][0] == near[0][0]):
        return None
    return near[0][1]


def types_of_symbol(symbol: str, catalogue: Catalogue) -> list[str]:
    """The types that a symbol's first part may name (TT: Thông tri, Thông tư); a letter (công văn) has none there."""
    parts = re.split(r"[-/]", symbol)
    code = parts[0] if not parts[0].isdecimal() else parts[1] if len(parts) > 1 else ""
    return [name for name, abbr in catalogue.types if abbr and abbr == code]
