"""
A mail taken apart by a child like the one that reads papers, under the same limits: a mail is a stranger's file, too.

`python -m documents.intake.unpacking TASK.json` is the child. It leaves what it found in the room: `mail.json`, and each file
that somebody attached under its number.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from documents.intake.letters import MOST_FILES, MailFile, ReadMail, read_mail
from documents.ocr.child import begun
from documents.ocr.model import Limits
from documents.ocr.picture import run_child

SECONDS = 60


class BrokenMail(Exception):
    """No way through the mail was found within the time and memory that a file has."""


def unpacked(path: Path, *, room: Path, limits: Limits | None = None) -> ReadMail:
    """
    What `letters.read_mail` makes of the mail at `path`.

    :param room: an empty folder for working files, which the caller removes again
    :raises BrokenMail: if the child did not come to an end
    """
    task = {"path": str(path.resolve()), "room": str(room)}
    limits = limits or Limits()
    # More than once: a child may be ended for what is no fault of its mail.
    if not any(
        run_child("documents.intake.unpacking", task, room, limits, seconds=SECONDS) for _ in range(limits.attempts)
    ):
        raise BrokenMail
    return _told(room)


def _told(room: Path) -> ReadMail:
    told: dict[str, Any] = json.loads((room / "mail.json").read_text(encoding="utf-8"))
    files = tuple(MailFile(name, (room / str(at)).read_bytes()) for at, name in enumerate(told["files"]))
    sent_at = datetime.fromisoformat(told["sent_at"]) if told["sent_at"] else None
    facts = (told["message_id"], told["sender"], told["subject"], sent_at)
    return ReadMail(*facts, files[:MOST_FILES], files[MOST_FILES:])


def main(task_path: str) -> None:
    """Carry out one task."""
    task, _limits = begun(task_path)
    mail, room = read_mail(Path(task["path"]).read_bytes()), Path(task["room"])
    files = (*mail.files, *mail.beyond)
    for at, file in enumerate(files):
        (room / str(at)).write_bytes(file.data)
    told: dict[str, object] = {"message_id": mail.message_id, "sender": mail.sender, "subject": mail.subject}
    told |= {"sent_at": mail.sent_at and mail.sent_at.isoformat(), "files": [file.name for file in files]}
    (room / "mail.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
