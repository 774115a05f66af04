"""Commands bring the database with them, and share it."""

from __future__ import annotations

import json
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from config.ground.locks import host_of
from tests.processes import ROOT, wait_for

if TYPE_CHECKING:
    from tests.grounds import Ground

pytestmark = [pytest.mark.xdist_group("ground"), pytest.mark.slow]
ASK = "from django.db import connection as c; x = c.cursor(); x.execute('{}'); print('said', x.fetchone()[0])"


class TestCommand:
    def test_runs_on_a_machine_where_nothing_is_there_yet(self, bare_ground: Ground) -> None:
        ended = bare_ground.manage("shell", "-v0", "-c", ASK.format("SELECT current_user"))

        assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "said vanthu_app"), ended.stdout
        assert bare_ground.processes() == {}

    def test_gives_its_exit_code(self, ground: Ground) -> None:
        assert ground.manage("shell", "-v0", "-c", "raise SystemExit(7)").returncode == 7

    def test_several_share_one_database(self, ground: Ground) -> None:
        count = "SELECT count(*) FROM django_migrations, pg_sleep({})"
        words = ["with", "--", sys.executable, str(ROOT / "manage.py"), "shell", "-v0", "-c"]

        begun = [ground.start(*words, ASK.format(count.format(seconds))) for seconds in (0.1, 2, 0.5)]
        ended = [(process.communicate(timeout=90)[0], process.returncode) for process in begun]

        assert [code for _output, code in ended] == [0, 0, 0], ended
        assert ground.processes() == {}

    def test_a_signal_reaches_the_command_and_nothing_stays(self, ground: Ground) -> None:
        process = ground.start("with", "--", sys.executable, "-c", "import time; time.sleep(60)")
        wait_for(lambda: host_of(ground.var).is_ready and ground.find("database"))
        time.sleep(0.5)

        process.terminate()

        assert process.wait(20) == 128 + signal.SIGTERM
        assert ground.processes() == {}

    def test_a_killed_host_leaves_nothing_and_the_next_command_runs(self, ground: Ground) -> None:
        process = ground.start("with", "--", sys.executable, "-c", "import time; time.sleep(60)")
        wait_for(lambda: host_of(ground.var).pid == process.pid and host_of(ground.var).is_ready)

        process.kill()
        process.wait()

        wait_for(lambda: ground.processes() == {})
        assert ground.manage("shell", "-v0", "-c", ASK.format("SELECT 1")).returncode == 0


class TestPrivateServer:
    def test_asks_for_a_password_and_has_no_port(self, ground: Ground) -> None:
        words = ASK.format(
            "SELECT current_setting($$listen_addresses$$) || $$|$$ || current_setting($$data_checksums$$)"
        )
        ended = ground.manage("shell", "-v0", "-c", words)

        assert "said |on" in ended.stdout
        rules = (ground.var / "postgres/data/pg_hba.conf").read_text().splitlines()
        methods = {line.split()[-1] for line in rules if line.strip() and not line.startswith("#")}
        assert methods == {"scram-sha-256"}

    def test_keeps_secrets_and_data_to_itself(self, ground: Ground) -> None:
        assert ground.manage("shell", "-v0", "-c", ASK.format("SELECT 1")).returncode == 0
        modes = {
            name: (ground.var / name).stat().st_mode & 0o777 for name in ("secrets.json", "postgres", "postgres/socket")
        }

        assert modes == {"secrets.json": 0o600, "postgres": 0o700, "postgres/socket": 0o700}
        assert set(json.loads((ground.var / "secrets.json").read_text())) == {
            "postgres",
            "vanthu_owner",
            "vanthu_app",
            "django",
        }
        assert (ground.var / "reserve").stat().st_blocks * 512 >= 64 << 20

    def test_the_application_may_not_rewrite_what_was_done(self, ground: Ground) -> None:
        change = "UPDATE audit_auditentry SET act = $$x$$"

        ended = ground.manage("shell", "-v0", "-c", ASK.format(change))

        assert ended.returncode != 0
        assert "permission denied for table audit_auditentry" in ended.stdout

    def test_letters_of_vietnamese_have_their_case(self, ground: Ground) -> None:
        ended = ground.manage("shell", "-v0", "-c", ASK.format("SELECT lower($$ĐẨY MẠNH XỬ LÝ$$)"))

        assert "said đẩy mạnh xử lý" in ended.stdout
