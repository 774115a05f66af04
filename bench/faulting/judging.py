"""What was acknowledged, held against what is there."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.processes import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.faulting.clerks import Clerk, Diary, Registered, Uploaded
    from bench.faulting.storm import Office

# Reading is the office's humblest work: on a busy machine it takes its time, but it goes on. Longer than this nothing waits:
# half a minute until a dead worker's work is given to others, a minute's pause after many deaths.
STILL_SECONDS, READ_SECONDS = 180, 1500
LOOK_SECONDS, STOP_SECONDS = 5, 90
UNDER_WAY = {"QUEUED", "READING"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many acts were acknowledged, how much of it is not as it was told, and in words what is wrong."""

    uploads: int
    registrations: int
    lost: int
    doubles: int
    gaps: int
    unread: int
    orphans: int
    verify: bool
    complaints: list[str]


def judge(office: Office, clerks: Sequence[Clerk], diary: Diary, orphans: list[str]) -> Verdict:
    """
    Wait until the work is done, look at everything, stop the office.

    :param orphans: processes that outlived their supervisor before
    """
    facts = wait_until_read(office)
    uploads, registrations = diary.read()
    lost = [*lost_bytes(uploads, facts, clerks), *lost_numbers(registrations, facts)]
    unread = [f"paper {paper} is {state} {reason}" for paper, state, reason in facts["papers"] if state != "READ"]
    verified = verify(office)
    orphans = [*orphans, *strays(office), *left_after_stop(office)]
    violations = [words for check in verified["checks"] for words in check["violations"]]
    return Verdict(
        uploads=len(uploads), registrations=len(registrations), lost=len(lost), doubles=doubles(facts), gaps=gaps(facts),
        unread=len(unread), orphans=len(orphans), verify=verified["ok"],
        complaints=[*lost, *unread, *facts["failed_jobs"], *orphans, *violations],
    )  # fmt: skip


def wait_until_read(office: Office) -> dict[str, Any]:
    """What the database holds once no paper waits, or when the work does not go on any more."""
    begun = moved = time.monotonic()
    before = -1
    while True:
        facts = last_line(office.ground.run("-m", "bench.faulting.office", "facts").stdout)
        waiting = sum(state in UNDER_WAY for _paper, state, _reason in facts["papers"])
        now = time.monotonic()
        moved = now if waiting != before else moved
        if not waiting or now - moved > STILL_SECONDS or now - begun > READ_SECONDS:
            return facts
        before = waiting
        time.sleep(LOOK_SECONDS)


def lost_bytes(uploads: Sequence[Uploaded], facts: dict[str, Any], clerks: Sequence[Clerk]) -> Iterator[str]:
    """Acknowledged scans that the office does not give back as they were sent."""
    files = {(document, sha256): file for document, file, sha256 in facts["files"]}
    by_name = {clerk.user: clerk for clerk in clerks}
    for act in uploads:
        file = files.get((act.document, act.sha256))
        if file is None or by_name[act.clerk].download(act.document, file) != act.sha256:
            yield f"lost: {act}"


def lost_numbers(registrations: Sequence[Registered], facts: dict[str, Any]) -> Iterator[str]:
    """Acknowledged registrations of papers that stand in no book, or under another number than was told."""
    lines = {document: number for _book, number, document in facts["lines"]}
    for act in registrations:
        if act.document not in lines or act.number not in (None, lines[act.document]):
            yield f"lost: {act}"


def doubles(facts: dict[str, Any]) -> int:
    """Numbers given twice, papers with two numbers, scans that became two papers."""
    numbers = Counter((book, number) for book, number, _document in facts["lines"])
    papers = Counter(document for _book, _number, document in facts["lines"])
    scans = Counter(sha256 for _document, _file, sha256 in facts["files"])
    return sum(count - 1 for counter in (numbers, papers, scans) for count in counter.values())


def gaps(facts: dict[str, Any]) -> int:
    """Numbers that are missing below the last of their book."""
    books: dict[int, set[int]] = {}
    for book, number, _document in facts["lines"]:
        books.setdefault(book, set()).add(number)
    return sum(max(numbers) - len(numbers) for numbers in books.values())


def verify(office: Office) -> dict[str, Any]:
    """`manage.py verify --json` beside the running office."""
    return last_line(office.ground.manage("verify", "--json").stdout)


def strays(office: Office) -> list[str]:
    """Processes of this office that its supervisor did not start."""
    pid = office.supervisor.pid
    ours = {pid} | office.ground.below(pid)
    return [words for other, words in office.ground.processes().items() if other not in ours]


def left_after_stop(office: Office) -> list[str]:
    """Processes that are there after the office was asked to stop."""
    office.supervisor.terminate()
    office.supervisor.wait(STOP_SECONDS)
    try:
        wait_for(lambda: not office.ground.processes(), 10)
    except AssertionError:
        return list(office.ground.processes().values())
    return []


def last_line(output: str) -> dict[str, Any]:
    """
    The JSON that a program printed last.

    :raises AssertionError: with everything it said, if there is none
    """
    for line in reversed(output.splitlines()):
        if line.startswith("{"):
            found: dict[str, Any] = json.loads(line)
            return found
    raise AssertionError(output)
