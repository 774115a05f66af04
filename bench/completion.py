"""
Two officers who do one task at once: `bin/bench completion --json`.

Both may do the work, as colleagues in one post or as holder and deputy; both have the form open, both press at the same moment.
One must win; the other must get 409 and the winner's name, and nothing may have happened twice. The report counts runs in which
it was otherwise.
"""

from __future__ import annotations

import argparse
import html
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import django

django.setup()

from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from audit.models import AuditEntry  # noqa: E402
from core import clock, ids  # noqa: E402
from documents.models import Document  # noqa: E402
from organizations.services import appoint  # noqa: E402
from tests.factories.offices import SETTER, make_account, make_office, registered_case  # noqa: E402
from tests.factories.organizations import make_delegation  # noqa: E402
from workflow.engine.hold import AlreadyDone  # noqa: E402
from workflow.models import WorkItem  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organizations.models import User
    from tests.factories.offices import Office

RUNS = 50


@dataclass(frozen=True, slots=True)
class Race:
    """One run: how many won, how many learned by whom it was done, and what was wrong."""

    winners: int
    losers: int
    wrong: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one of the two was told."""

    person: User
    status: int
    words: str


def second_officer(office: Office, kind: str) -> User:
    """Somebody who may do the clerk's work too: as `colleague` in the same post, as `deputy` of its holder."""
    person = make_account(f"second-{kind}", {"colleague": "Trần Thị Cùng Bàn", "deputy": "Lê Văn Làm Thay"}[kind])
    if kind == "colleague":
        appoint(user=person, post=office.posts["clerk"], valid_from=clock.today(), actor=SETTER)
    else:
        make_delegation(office.clerk, person)
    return person


def race(office: Office, officers: tuple[User, User], number: int) -> Race:
    """Let both present one paper to the leader."""
    case = registered_case(office, number=str(number), subject=f"Văn bản số {number} cần trình lãnh đạo")
    item = WorkItem.objects.get(document=case.document)
    start = threading.Barrier(len(officers))
    with ThreadPoolExecutor(len(officers)) as pool:
        answers = list(pool.map(lambda person: press(office, item, person, start), officers))
    return judged(item, answers)


def press(office: Office, item: WorkItem, person: User, start: threading.Barrier) -> Answer:
    """Post the form as the page does, at the same moment as the other."""
    client = Client(headers={"host": "127.0.0.1"})
    try:
        client.force_login(person)
        form = {
            "action": "present", "version": 1, "receipt_key": str(ids.new_receipt_key()), "present-note": "",
            "present-leader_post": office.posts["chair"].pk,
        }  # fmt: skip
        start.wait(30)
        answer = client.post(reverse("workflow:complete", args=[item.pk]), form)
        return Answer(person, answer.status_code, html.unescape(answer.content.decode()))
    finally:
        connections.close_all()


def judged(item: WorkItem, answers: list[Answer]) -> Race:
    """What the two were told, held against what was done."""
    done = WorkItem.objects.select_related("completed_by").get(pk=item.pk)
    winners = [answer for answer in answers if answer.status == 302]
    losers = [answer for answer in answers if answer.status == 409 and str(AlreadyDone(done)) in answer.words]
    acts = AuditEntry.objects.filter(act="workflow.item.completed", target=f"documents.document:{item.document_id}")
    following = WorkItem.objects.filter(document=item.document_id, state=WorkItem.State.OPEN)
    claims = {
        "one wins": len(winners) == 1 and done.completed_by == winners[0].person,
        "the other learns by whom": len(losers) == 1,
        "it is done once": acts.count() == 1 and [row.node for row in following] == ["direct"],
    }
    return Race(len(winners), len(losers), ", ".join(f"not: {claim}" for claim, holds in claims.items() if not holds))


def races(office: Office, second: User, runs: int) -> Iterator[Race]:
    """The clerk against a second officer, again and again."""
    for _run in range(runs):
        yield race(office, (office.clerk, second), Document.plain.count() + 1)


def report_of(run: list[Race]) -> dict[str, int]:
    """Right is one winner and one loser in each run, and nothing wrong."""
    return {
        "runs": len(run), "winners": sum(one.winners for one in run), "losers": sum(one.losers for one in run),
        "wrong": sum(bool(one.wrong) for one in run),
    }  # fmt: skip


def main() -> None:
    """Race, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    options = parser.parse_args()
    office = make_office()
    colleague, deputy = (second_officer(office, kind) for kind in ("colleague", "deputy"))
    run = [*races(office, colleague, options.runs // 2), *races(office, deputy, options.runs - options.runs // 2)]
    report = report_of(run)
    print(json.dumps(report) if options.json else report)
    for number, one in enumerate(run, 1):
        if one.wrong:
            print(f"run {number}: {one.wrong}", file=sys.stderr)
    raise SystemExit(1 if report["wrong"] else 0)


if __name__ == "__main__":
    main()
