"""Rules of the house that a machine can check."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 600
REGISTRIES = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|repo1?\.maven|deb\.debian\.org|crates\.io")


def tracked(*patterns: str) -> list[Path]:
    """Files git knows or would take, without what is vendored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [ROOT / name for name in names if name and "vendor" not in name and (ROOT / name).is_file()]


class TestFiles:
    def test_no_file_is_longer_than_a_reader_can_hold(self) -> None:
        files = [path for path in tracked("*.py", "*.html", "*.js", "*.css") if "migrations" not in path.parts]

        long = {str(path): count for path in files if (count := len(path.read_text().splitlines())) > LONGEST}

        assert files
        assert long == {}

    def test_no_file_names_a_package_registry(self) -> None:
        texts = [path for path in tracked() if path.suffix not in {".png", ".pdf", ".ttf", ".woff2"}]

        naming = [
            str(p) for p in texts if p.name != Path(__file__).name and REGISTRIES.search(p.read_text(errors="ignore"))
        ]

        assert naming == []

    def test_scripts_can_be_run(self) -> None:
        assert all(path.stat().st_mode & 0o100 for path in tracked("bin/*") if path.suffix == "")


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    """The modules of a process of the office that has only just begun."""
    words = "import sys, django; django.setup(); print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", words], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return frozenset(said.split())


class TestProcesses:
    @pytest.mark.parametrize("heavy", ["numpy", "elasticsearch", "weasyprint", "pyhanko", "zxingcpp"])
    def test_none_loads_what_few_of_them_need(self, heavy: str, loaded: frozenset[str]) -> None:
        assert heavy not in loaded
