"""What is vendored is what was fetched, has its licence, and nothing is fetched from elsewhere."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "ui/static/ui"
PACKAGES: list[dict[str, Any]] = json.loads((STATIC / "vendor/VENDOR.json").read_text(encoding="utf-8"))["packages"]
OWN_CSS = sorted((STATIC / "css").rglob("*.css"))
OWN_SCRIPTS = sorted((STATIC / "elements").glob("*.js"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
class TestPackage:
    def test_holds_exactly_the_files_of_the_list_with_their_hashes(self, package: dict[str, Any]) -> None:
        folder = ROOT / package["folder"]

        found = {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*")
            if path.is_file()
        }

        assert found == package["files"]

    def test_brings_its_licence(self, package: dict[str, Any]) -> None:
        licences = [name for name in package["files"] if name.startswith("LICENSE")]

        assert package["licence"]
        assert licences
        assert (ROOT / package["folder"] / licences[0]).stat().st_size > 300

    def test_is_named_with_its_version(self, package: dict[str, Any]) -> None:
        assert package["folder"].endswith(f"-{package['version']}")
        assert package["integrity"] or package["origin"] != "npm"


class TestVendorFolder:
    def test_holds_no_package_that_is_not_listed(self) -> None:
        folders = {
            path.name for home in (STATIC / "vendor", ROOT / "tests/vendor") for path in home.iterdir() if path.is_dir()
        }

        assert folders == {Path(package["folder"]).name for package in PACKAGES}


class TestSprite:
    def test_has_every_icon_of_the_list(self) -> None:
        sprite = (STATIC / "icons.svg").read_text(encoding="utf-8")
        wanted = (ROOT / "ui/icons.txt").read_text(encoding="utf-8").split()

        missing = [name for name in [*wanted, "vanthu"] if f'<symbol id="{name}"' not in sprite]

        assert missing == []


@pytest.mark.parametrize("path", [*OWN_CSS, *OWN_SCRIPTS], ids=lambda path: path.name)
class TestOwnAssets:
    def test_fetch_nothing_from_elsewhere(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")

        assert not re.search(r"https?://", text)

    def test_stay_readable(self, path: Path) -> None:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 600


@pytest.mark.parametrize("path", OWN_CSS, ids=lambda path: path.name)
class TestOwnCss:
    def test_names_only_files_that_exist(self, path: Path) -> None:
        named = re.findall(r'url\("([^"]+)"\)', path.read_text(encoding="utf-8"))

        assert [name for name in named if not (path.parent / name).resolve().is_file()] == []

    def test_takes_colours_from_the_tokens(self, path: Path) -> None:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        if path.name in {"tokens.css", "print.css"}:
            return

        assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", text) == []

    def test_uses_only_tokens_that_exist(self, path: Path) -> None:
        known = set(re.findall(r"(--[\w-]+):", (STATIC / "css/tokens.css").read_text(encoding="utf-8")))

        used = set(re.findall(r"var\((--[\w-]+)", path.read_text(encoding="utf-8")))

        assert used - known == set()


@pytest.mark.parametrize("path", OWN_SCRIPTS, ids=lambda path: path.name)
class TestOwnScripts:
    def test_need_no_eval_and_no_inline_style_text(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")

        assert not re.search(
            r"\beval\(|new Function|\.(?:inner|outer)HTML|insertAdjacentHTML|setAttribute\(\"style\"", text
        )
