"""
The bytes that an entry's hash covers.

payload = canonical JSON of {act, actor, at, data, n, on_behalf_of, target}: keys sorted, no spaces, UTF-8, NFC.
hash = SHA-256(prev + SHA-256(salt + payload)), where prev and salt are the bytes that their hex digits stand for.
"""

from __future__ import annotations

import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.vietnamese import clean

FIRST_PREV = "0" * 64
_BEFORE_N, _AFTER_N = ("act", "actor", "at", "data"), ("on_behalf_of", "target")


def moment(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds: 2026-11-24T05:10:11.000042Z"""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def normal(value: Any) -> Any:
    """
    Facts in the one form that the database gives back unchanged: NFC without NUL and controls, keys as text, whole floats
    as integers (the database writes 1e22 out), moments in UTC; dates, ids and lazy sentences as text.

    :raises ValueError: for a number that JSON does not know
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _normal_float(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): normal(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [normal(item) for item in (value if isinstance(value, (list, tuple)) else sorted(value))]
    return moment(value) if isinstance(value, datetime) else clean(str(value))


def _normal_float(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(value)
    return int(value) if value.is_integer() else value


def compact(value: Any) -> str:
    """JSON text with sorted keys and no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: Any) -> str:
    """Canonical JSON text of a value."""
    return unicodedata.normalize("NFC", compact(value))


def around_number(facts: dict[str, Any]) -> tuple[str, str]:
    """The payload's text before and after its number, so that the database can put the number in."""
    before = ",".join(f'"{key}":{compact(facts[key])}' for key in _BEFORE_N)
    after = ",".join(f'"{key}":{compact(facts[key])}' for key in _AFTER_N)
    return "{" + before + ',"n":', "," + after + "}"


def entry_hash(prev: str, salt: str, payload: str) -> str:
    """
    The hex digest that links an entry to the one before.

    :raises ValueError: if `prev` or `salt` is no hex
    """
    inner = hashlib.sha256(bytes.fromhex(salt) + payload.encode()).digest()
    return hashlib.sha256(bytes.fromhex(prev) + inner).hexdigest()
