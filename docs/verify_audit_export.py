"""
Verify an exported audit chain with nothing but Python's standard library.

    python3 docs/verify_audit_export.py FILE

Each line of FILE is one entry. payload = canonical JSON of the entry without salt, prev and hash (keys sorted, no spaces,
UTF-8, NFC). hash = SHA-256(prev + SHA-256(salt + payload)), where prev and salt are the bytes their hex digits stand for. The
first prev is 64 zeros and n runs from 1 without gaps. Exit 0 when every line holds, 1 at the first that does not.
"""

import hashlib
import json
import sys
import unicodedata
from pathlib import Path

SEALS = ("salt", "prev", "hash")


def payload(entry: dict) -> bytes:
    facts = {key: value for key, value in entry.items() if key not in SEALS}
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", text).encode()


def expected_hash(entry: dict, prev: str) -> str:
    inner = hashlib.sha256(bytes.fromhex(entry["salt"]) + payload(entry)).digest()
    return hashlib.sha256(bytes.fromhex(prev) + inner).hexdigest()


def first_fault(lines: list) -> str:
    prev = "0" * 64
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            sound = entry["n"] == number and entry["prev"] == prev and entry["hash"] == expected_hash(entry, prev)
        except (ValueError, KeyError, TypeError) as error:
            return f"line {number} cannot be read: {error}"
        if not sound:
            return f"line {number} does not continue the chain"
        prev = entry["hash"]
    return ""


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").rstrip("\n").split("\n")
    fault = first_fault(lines)
    print(fault or f"{len(lines)} entries, the chain is whole")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main())
