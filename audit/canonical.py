"""
The bytes that an entry's hash covers.

payload = canonical JSON of {act, actor, at, data, n, on_behalf_of, target}: keys sorted, no spaces, UTF-8, NFC.
hash = SHA-256(prev + SHA-256(salt + payload)), where prev and salt are the bytes that their hex digits stand for.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

FIRST_PREV = "0" * 64
_BEFORE_N, _AFTER_N = ("act", "actor", "at", "data"), ("on_behalf_of", "target")


def moment(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds: 2026-11-24T05:10:11.000042Z"""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: Any) -> str:
    """Canonical JSON text of a value."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", text)


def around_number(facts: dict[str, Any]) -> tuple[str, str]:
    """The payload's text before and after its number, so that the database can put the number in."""
    before = ",".join(f'"{key}":{canonical(facts[key])}' for key in _BEFORE_N)
    after = ",".join(f'"{key}":{canonical(facts[key])}' for key in _AFTER_N)
    return "{" + before + ',"n":', "," + after + "}"


def entry_hash(prev: str, salt: str, payload: str) -> str:
    """The hex digest that links an entry to the one before."""
    inner = hashlib.sha256(bytes.fromhex(salt) + payload.encode()).digest()
    return hashlib.sha256(bytes.fromhex(prev) + inner).hexdigest()
