"""The Vietnamese catalogues: complete, natural in number of rooms, and of one mind about each word."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parent.parent
CATALOGUES = sorted(ROOT.glob("*/locale/vi/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.relative_to(ROOT).parts[0])
class TestCatalogue:
    def test_has_every_message_translated(self, path: Path) -> None:
        catalogue = polib.pofile(str(path))

        unfinished = [entry.msgid for entry in catalogue if not entry.translated() and not entry.obsolete]

        assert unfinished == []

    def test_keeps_every_placeholder(self, path: Path) -> None:
        catalogue = polib.pofile(str(path))

        for entry in catalogue:
            translations = list(entry.msgstr_plural.values()) or [entry.msgstr]
            for text in translations:
                wanted = PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)
                assert sorted(PLACEHOLDER.findall(text)) == sorted(wanted), entry.msgid

    def test_knows_every_message_of_its_room(self, path: Path, tmp_path: Path) -> None:
        room = tmp_path / path.relative_to(ROOT).parts[0]
        shutil.copytree(ROOT / room.name, room, ignore=shutil.ignore_patterns("vendor", "*.mo", "__pycache__"))
        known = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path))}

        command = [sys.executable, "-P", "-m", "django", "makemessages", "-l", "vi", "--no-location", "--no-obsolete"]
        subprocess.run(command, cwd=room, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin"})

        found = polib.pofile(str(room / "locale/vi/LC_MESSAGES/django.po"))
        assert {(entry.msgctxt, entry.msgid) for entry in found} <= known


class TestRoomsTogether:
    def test_every_room_that_speaks_has_a_catalogue(self) -> None:
        speaking = {
            path.relative_to(ROOT).parts[0]
            for room in (path.parent for path in ROOT.glob("*/apps.py"))
            for path in [*room.rglob("*.py"), *room.rglob("*.html")]
            if "gettext" in (text := path.read_text(encoding="utf-8")) or "{% translate" in text
        }

        assert speaking == {path.relative_to(ROOT).parts[0] for path in CATALOGUES}

    def test_one_message_has_one_translation(self) -> None:
        """Django merges the catalogues: of two translations only one would ever be seen."""
        translations: dict[tuple[str | None, str], set[str]] = defaultdict(set)
        for path in CATALOGUES:
            for entry in polib.pofile(str(path)):
                translations[(entry.msgctxt, entry.msgid)].add(entry.msgstr)

        assert {key: texts for key, texts in translations.items() if len(texts) > 1} == {}
