# ruff: noqa: S608  # the tests break the chain by SQL of their own
from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.checks import CheckResult, _checks, register_check, run_checks
from audit.verification import verify_chain
from tests.audit.conftest import CLERK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VERIFIER = Path(__file__).parents[2] / "docs/verify_audit_export.py"
NFD = unicodedata.normalize("NFD", "Đẩy mạnh xử lý văn bản")
ENTRY, LINK, HEAD, TOUCH = "audit_auditentry", "audit_auditlink", "audit_audithead", "audit_audittouch"
THIRD = f"(SELECT entry_id FROM {LINK} WHERE n = 3)"
OTHER = "'" + "ab" * 16 + "'"
FORGED_COLUMNS = "act, actor, target, data, at, salt, head, tail"
TAMPERINGS = {
    "act": f"UPDATE {ENTRY} SET act = 'audit.test.undone' WHERE id = {THIRD}",
    "actor": f"""UPDATE {ENTRY} SET actor = jsonb_set(actor, '{{name}}', '"Người khác"') WHERE id = {THIRD}""",
    "principal": f"""UPDATE {ENTRY} SET on_behalf_of = '{{"user_id": 1, "name": "x"}}' WHERE id = {THIRD}""",
    "empty principal": f"UPDATE {ENTRY} SET on_behalf_of = 'null' WHERE id = {THIRD}",
    "target": f"UPDATE {ENTRY} SET target = 'audit.receipt:99' WHERE id = {THIRD}",
    "fact": f"""UPDATE {ENTRY} SET data = jsonb_set(data, '{{number}}', '"30"') WHERE id = {THIRD}""",
    "fact added": f"""UPDATE {ENTRY} SET data = data || '{{"x": 1}}' WHERE id = {THIRD}""",
    "fact in other letters": f"""UPDATE {ENTRY} SET data = jsonb_set(data, '{{subject}}', '"{NFD}"') WHERE id = {THIRD}""",
    "facts as a list": f"UPDATE {ENTRY} SET data = '[]' WHERE id = {THIRD}",
    "moment": f"UPDATE {ENTRY} SET at = at + interval '1 microsecond' WHERE id = {THIRD}",
    "salt": f"UPDATE {ENTRY} SET salt = {OTHER} WHERE id = {THIRD}",
    "salt in capitals": f"ALTER TABLE {ENTRY} DROP CONSTRAINT audit_salt_is_hex; UPDATE {ENTRY} SET salt = upper(salt)",
    "salt of no hex": f"ALTER TABLE {ENTRY} DROP CONSTRAINT audit_salt_is_hex; UPDATE {ENTRY} SET salt = 'zz'",
    "stored text before": f"UPDATE {ENTRY} SET head = replace(head, 'Mai', 'Lan') WHERE id = {THIRD}",
    "stored text after": f"UPDATE {ENTRY} SET tail = tail || ' ' WHERE id = {THIRD}",
    "columns and text": f"UPDATE {ENTRY} SET act = 'x', head = replace(head, 'audit.test.done', 'x') WHERE id = {THIRD}",
    "number": f"UPDATE {LINK} SET n = 300 WHERE n = 3",
    "numbers swapped": f"UPDATE {LINK} SET n = 99 WHERE n = 3; UPDATE {LINK} SET n = 3 WHERE n = 2; "
    f"UPDATE {LINK} SET n = 2 WHERE n = 99",
    "previous": f"UPDATE {LINK} SET prev = hash WHERE n = 3",
    "hash": f"UPDATE {LINK} SET hash = prev WHERE n = 3",
    "hash emptied": f"UPDATE {LINK} SET hash = NULL WHERE n = 3",
    "link taken away": f"DELETE FROM {LINK} WHERE n = 3",
    "link blanked": f"UPDATE {LINK} SET n = NULL WHERE n = 5",
    "first removed": f"DELETE FROM {TOUCH} WHERE entry_id = (SELECT entry_id FROM {LINK} WHERE n = 1);"
    f"DELETE FROM {ENTRY} WHERE id = (SELECT entry_id FROM {LINK} WHERE n = 1); DELETE FROM {LINK} WHERE n = 1",
    "middle removed": f"DELETE FROM {TOUCH} WHERE entry_id = {THIRD};"
    f"DELETE FROM {ENTRY} WHERE id = {THIRD}; DELETE FROM {LINK} WHERE n = 3",
    "last removed": f"DELETE FROM {TOUCH} WHERE entry_id = (SELECT entry_id FROM {LINK} WHERE n = 5);"
    f"DELETE FROM {ENTRY} WHERE id = (SELECT entry_id FROM {LINK} WHERE n = 5); DELETE FROM {LINK} WHERE n = 5",
    "entry removed, link kept": f"DELETE FROM {TOUCH} WHERE entry_id = {THIRD}; DELETE FROM {ENTRY} WHERE id = {THIRD}",
    "inserted past the trigger": f"ALTER TABLE {ENTRY} DISABLE TRIGGER audit_mark;"
    f"INSERT INTO {ENTRY} ({FORGED_COLUMNS}) SELECT {FORGED_COLUMNS} FROM {ENTRY} WHERE id = {THIRD}",
    "inserted with a link of its own": f"ALTER TABLE {ENTRY} DISABLE TRIGGER audit_mark;"
    f"ALTER TABLE {LINK} DISABLE TRIGGER audit_chain;"
    f"WITH forged AS (INSERT INTO {ENTRY} ({FORGED_COLUMNS}) SELECT {FORGED_COLUMNS} FROM {ENTRY} WHERE id = {THIRD} RETURNING id)"
    f"INSERT INTO {LINK} (entry_id, n, prev, hash) SELECT forged.id, 6, l.hash, l.hash FROM forged, {LINK} l WHERE l.n = 5",
    "text that differs from columns": f"INSERT INTO {ENTRY} ({FORGED_COLUMNS})"
    f"SELECT 'forged', actor, target, data, at, salt, head, tail FROM {ENTRY} WHERE id = {THIRD}",
    "head's number": f"UPDATE {HEAD} SET n = 4",
    "head's hash": f"UPDATE {HEAD} SET hash = {OTHER}",
    "head's place": f"UPDATE {HEAD} SET id = 2",
    "head removed": f"DELETE FROM {HEAD}",
    "second head": f"INSERT INTO {HEAD} (id, n, hash) VALUES (2, 7, 'x')",
    "touch turned": f"UPDATE {TOUCH} SET target = 'audit.receipt:99' WHERE entry_id = {THIRD}",
    "touch removed": f"DELETE FROM {TOUCH} WHERE entry_id = {THIRD}",
    "touch added": f"INSERT INTO {TOUCH} (entry_id, target) VALUES ({THIRD}, 'audit.receipt:99')",
}  # fmt: skip


def tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestVerifyChain:
    @pytest.mark.django_db
    def test_finds_a_whole_chain_whole(self, acts: Callable[..., Any]) -> None:
        acts(5)

        assert verify_chain() == CheckResult(checked=5, violations=[])

    @pytest.mark.django_db
    def test_finds_nothing_in_an_empty_office(self) -> None:
        assert verify_chain() == CheckResult(checked=0, violations=[])

    @pytest.mark.django_db
    @pytest.mark.parametrize("what", TAMPERINGS)
    def test_finds_tampering(self, what: str, acts: Callable[..., Any]) -> None:
        acts(5)

        tamper(TAMPERINGS[what])

        assert verify_chain().violations, what

    @pytest.mark.django_db
    def test_says_which_entry(self, acts: Callable[..., Any]) -> None:
        acts(5)

        tamper(TAMPERINGS["fact"])

        assert verify_chain().violations == ["entry 3 was changed after it was written"]

    @pytest.mark.django_db
    def test_says_what_is_missing_and_goes_on_from_there(self, acts: Callable[..., Any]) -> None:
        acts(5)

        tamper(TAMPERINGS["middle removed"])

        assert verify_chain().violations == [
            "entries 3 to 3 are missing",
            "entry 4 does not follow the entry before it",
        ]

    @pytest.mark.django_db
    def test_a_lost_head_stops_further_acts(self, acts: Callable[..., Any]) -> None:
        acts(2)
        tamper(TAMPERINGS["head removed"])

        with pytest.raises(Exception, match="head of the audit chain is missing"):
            acts(1)


@pytest.fixture
def wrong_check(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("search.checks.PATIENCE_SECONDS", 0.1)  # what a test has not committed never reaches the index
    register_check("I99", "never true")(lambda: CheckResult(3, ["the third is wrong"]))
    yield
    del _checks["I99"]


@pytest.mark.django_db
class TestCommands:
    def run(self, *words: str) -> tuple[int, str]:
        out = StringIO()
        try:
            call_command(*words, stdout=out)
        except SystemExit as end:
            return int(str(end.code)), out.getvalue()
        return 0, out.getvalue()

    def test_verify_audit_prints_the_chain_alone(self, acts: Callable[..., Any]) -> None:
        acts(3)

        code, out = self.run("verify_audit", "--json")

        assert code == 0
        assert json.loads(out) == {"ok": True, "checks": [{"id": "I4", "ok": True, "checked": 3, "violations": []}]}

    def test_verify_audit_ends_with_1_after_tampering(self, acts: Callable[..., Any]) -> None:
        acts(3)
        tamper(TAMPERINGS["fact"])

        code, out = self.run("verify_audit", "--json")

        assert code == 1
        assert json.loads(out)["checks"][0]["violations"] == ["entry 3 was changed after it was written"]

    def test_verify_prints_every_check_and_ends_with_1(self, wrong_check: None) -> None:
        code, out = self.run("verify", "--json")
        report = json.loads(out)

        assert (code, report["ok"]) == (1, False)
        assert report["checks"][-1] == {"id": "I99", "ok": False, "checked": 3, "violations": ["the third is wrong"]}
        assert {"I4", "I99"} <= {check["id"] for check in report["checks"]}

    def test_verify_tells_a_person_too(self, wrong_check: None) -> None:
        _code, out = self.run("verify")

        assert "VIOLATED" in out
        assert "the third is wrong" in out

    def test_run_checks_can_run_one(self, wrong_check: None) -> None:
        assert run_checks("I99")["checks"][0]["checked"] == 3


def outside_verdict(path: Path) -> tuple[int, str]:
    """The verifier as a stranger runs it: isolated, without our folder on its path."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    return done.returncode, done.stdout


@pytest.mark.django_db
class TestExport:
    def export(self, tmp_path: Path) -> Path:
        path = tmp_path / "chain.jsonl"
        call_command("export_audit", str(path), stderr=StringIO())
        return path

    def test_writes_every_entry_with_these_keys(self, acts: Callable[..., Any], tmp_path: Path) -> None:
        acts(3)

        lines = [json.loads(line) for line in self.export(tmp_path).read_text(encoding="utf-8").splitlines()]

        assert [line["n"] for line in lines] == [1, 2, 3]
        assert set(lines[0]) == {"n", "at", "act", "actor", "on_behalf_of", "target", "data", "salt", "prev", "hash"}
        assert lines[0]["prev"] == "0" * 64
        assert lines[0]["at"].endswith("Z")
        assert len(lines[0]["at"]) == len("2026-11-24T05:10:11.123456Z")
        assert lines[2]["actor"]["name"] == CLERK.name

    def test_is_accepted_by_the_verifier_from_outside(self, acts: Callable[..., Any], tmp_path: Path) -> None:
        acts(3)

        code, said = outside_verdict(self.export(tmp_path))

        assert (code, said[:13]) == (0, "ok: 3 entries")

    def test_of_an_empty_office_is_accepted(self, tmp_path: Path) -> None:
        assert outside_verdict(self.export(tmp_path))[0] == 0

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda lines: [lines[0], lines[1].replace(b'"02"', b'"20"'), lines[2]], "line 2 was changed"),
            (lambda lines: [lines[0], lines[2]], "line 2 bears the number 3"),
            (lambda lines: lines[1:], "line 1 bears the number 2"),
            (lambda lines: [lines[0], lines[0], *lines[1:]], "line 2 bears the number 1"),
            (lambda lines: [lines[1], lines[0], lines[2]], "line 1 bears the number 2"),
            (lambda lines: [lines[0], b"{}\n", *lines[1:]], "line 2 cannot be read"),
            (lambda lines: [lines[0], lines[1].replace(b'"prev": "', b'"prev": "0')], "line 2 does not follow"),
            (lambda lines: [lines[0].replace(b'{"act"', b'{"a": 1, "act"')], "line 1 was changed"),
        ],
    )
    def test_changed_by_a_line_is_refused(
        self, change: Callable[[list[bytes]], list[bytes]], said: str, acts: Callable[..., Any], tmp_path: Path
    ) -> None:
        acts(3)
        path = self.export(tmp_path)
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

        code, out = outside_verdict(path)

        assert code == 1
        assert out.startswith(said)

    def test_to_a_place_that_cannot_be_written_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="cannot be written"):
            call_command("export_audit", str(tmp_path / "gone" / "chain.jsonl"))

    def test_of_no_file_is_an_error_of_use(self, tmp_path: Path) -> None:
        assert outside_verdict(tmp_path / "gone")[0] == 2
