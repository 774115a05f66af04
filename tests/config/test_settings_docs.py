"""docs/settings.md lists every variable, and none that is not read."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
READ = re.compile(r"""(?:env\.\w+\(\s*|environ\.get\(\s*|environ\[)["']([A-Z_]+)["']""")
OTHERS = {"DJANGO_SETTINGS_MODULE", "PATH", "VANTHU_THROW_AWAY", "VANTHU_SERVED_BY", "XDG_CACHE_HOME"}


class TestSettingsPage:
    def test_lists_every_variable_that_is_read(self) -> None:
        sources = [ROOT / "config/settings.py", *(ROOT / "config/ground").glob("*.py")]
        read = {name for path in sources for name in READ.findall(path.read_text())} - OTHERS

        listed = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))

        assert listed == read
