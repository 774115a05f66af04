"""
Verify an exported audit chain with nothing but Python's standard library.

    python3 docs/verify_audit_export.py FILE

Each line of FILE is one entry. payload = canonical JSON of the entry without salt, prev and hash (keys sorted, no spaces,
UTF-8, NFC). hash = SHA-256(prev + SHA-256(salt + payload)), where prev and salt are the bytes their hex digits stand for. The
first prev is 64 zeros and n runs from 1 without gaps. Exit 0 when every line holds, 1 at the first that does not, 2 without
a readable FILE. Lines cut off at the end leave a shorter whole chain: compare the printed head with one noted elsewhere.
"""

import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SEALS = ("salt", "prev", "hash")
SALT = re.compile(r"[0-9a-f]{32}")


def payload(entry: dict[str, Any]) -> bytes:
    """The bytes that are sealed."""
    facts = {key: value for key, value in entry.items() if key not in SEALS}
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", text).encode()


def expected_hash(entry: dict[str, Any], prev: str) -> str:
    """The hash that the entry must bear."""
    inner = hashlib.sha256(bytes.fromhex(entry["salt"]) + payload(entry)).digest()
    return hashlib.sha256(bytes.fromhex(prev) + inner).hexdigest()


def fault_of(line: bytes, number: int, prev: str) -> tuple[str, str]:
    """What is wrong with a line, if anything, and its hash."""
    try:
        entry = json.loads(line)
        if entry["n"] != number:
            return f"line {number} bears the number {entry['n']}: entries are missing, repeated or moved", ""
        if entry["prev"] != prev:
            return f"line {number} does not follow the line before it", ""
        if not SALT.fullmatch(entry["salt"]) or entry["hash"] != expected_hash(entry, prev):
            return f"line {number} was changed after it was written", ""
    except (ValueError, KeyError, TypeError) as error:
        return f"line {number} cannot be read: {error!r}", ""
    return "", entry["hash"]


def verify(lines: Iterable[bytes]) -> tuple[str, int, str]:
    """The first fault, or ""; how many lines hold; the hash of the last of them."""
    count, prev = 0, "0" * 64
    for number, line in enumerate(lines, start=1):
        fault, digest = fault_of(line, number, prev)
        if fault:
            return fault, count, prev
        count, prev = number, digest
    return "", count, prev


def main(arguments: list[str]) -> int:
    """The command."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    try:
        with Path(arguments[0]).open("rb") as lines:
            fault, count, head = verify(lines)
    except OSError as error:
        print(f"{arguments[0]}: {error.strerror}")
        return 2
    print(fault or f"ok: {count} entries, the chain is whole; head {head}")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
