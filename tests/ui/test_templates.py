"""Every template of every room keeps the rules of the house, so that the strict CSP holds."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path for path in ROOT.glob("*/templates/**/*.html") if path.relative_to(ROOT).parts[0] not in {"tests", "var"}
)
COMPONENTS = sorted((ROOT / "ui/templates/cotton").glob("*.html"))
ICONS = {*(ROOT / "ui/icons.txt").read_text(encoding="utf-8").split(), "vanthu"}
RULES = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script\b(?![^>]*\bsrc=)",
    "an event attribute": r"<[^>]*\son[a-z]+\s*=",
    "a script of htmx": r"hx-on|hx-vals\s*=\s*[\"']?js:",
    "an asset from elsewhere": r"<(?:script|link|img|iframe|source|use|image)\b[^>]*https?://",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def for_browsers(path: Path) -> bool:
    """Tell a page from a paper: papers are made by WeasyPrint, carry their own @page and reach no browser."""
    return "@page" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [path for path in TEMPLATES if for_browsers(path)], ids=name_of)
class TestTemplate:
    def test_holds_nothing_inline(self, path: Path) -> None:
        text = re.sub(
            r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|{%.*?%}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )

        found = [what for what, rule in RULES.items() if re.search(rule, text)]

        assert found == []

    def test_extends_first(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")

        assert "{% extends" not in text or text.startswith("{% extends")

    def test_draws_only_icons_of_the_sprite(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")

        named = set(re.findall(r"(?<![\w-])icon=\"([a-z0-9-]+)\"", text)) | set(
            re.findall(r"{% icon \"([^\"]+)\"", text)
        )

        assert named - ICONS == set()

    def test_uses_only_components_that_exist(self, path: Path) -> None:
        used = set(re.findall(r"<c-([a-z0-9-]+)", path.read_text(encoding="utf-8"))) - {"vars", "slot"}

        assert {name.replace("-", "_") for name in used} - {component.stem for component in COMPONENTS} == set()


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
class TestComponent:
    def test_says_its_parameters(self, path: Path) -> None:
        assert path.read_text(encoding="utf-8").startswith("{# ")

    def test_has_its_place_in_the_gallery(self, path: Path) -> None:
        gallery = (ROOT / "ui/templates/ui/gallery.html").read_text(encoding="utf-8")

        assert f"<c-{path.stem.replace('_', '-')}" in gallery

    def test_stands_in_the_readme(self, path: Path) -> None:
        readme = (ROOT / "ui/README.md").read_text(encoding="utf-8")

        assert f"c-{path.stem.replace('_', '-')}" in readme
