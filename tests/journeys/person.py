"""Somebody of the office at their own browser: every page they look at is examined on the spot."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polib
from django.urls import resolve

from demo.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ROOT = Path(__file__).parents[2]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
DRAWN = """() => [...document.querySelectorAll("vb-pdf")].every(
    (paper) => !paper.checkVisibility() || paper.querySelector(".v-pdf__sheet canvas[style], .v-pdf__message"))"""
MADE_OF = """() => {
    const looks = (one) => ["class", "role"].map((name) => one.getAttribute(name)).concat(one.getAttributeNames());
    const kind = (one) => one ? `${one.localName} ${looks(one).join(" ")}` : "";
    const within = (one) => `${kind(one.parentElement)} > ${kind(one)} ${Boolean(one.textContent.trim())}`;
    return [...new Set([...document.querySelectorAll("*")].map(within))].sort().join("\\n");
}"""
WIDER = """(width) => document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll("main *")]
    .filter((one) => one.getBoundingClientRect().right > width).map((one) => `sideways: ${one.localName}.${one.className}`)"""
SIGN_IN = "account_login"


@cache
def axe() -> str:
    return next(ROOT.glob("tests/vendor/axe-core-*/axe.min.js")).read_text(encoding="utf-8")


@cache
def english() -> frozenset[str]:
    """What the sources say in two words or more, which a Vietnamese page must not show."""
    entries = [entry for path in ROOT.glob("*/locale/vi/LC_MESSAGES/django.po") for entry in polib.pofile(str(path))]
    return frozenset(e.msgid for e in entries if " " in e.msgid and "%(" not in e.msgid and e.msgid != e.msgstr)


@dataclass
class Round:
    """What was looked at in a journey: whose pages, to be opened once more in the other size, and of what they are made."""

    pages: dict[tuple[str, str], Visit] = field(default_factory=dict)
    examined: set[tuple[int, str, str]] = field(default_factory=set)
    sessions: dict[str, Any] = field(default_factory=dict)
    looks: int = 0

    def note(self, person: Person) -> None:
        """Keep the last address of each kind of page for each person."""
        self.looks += 1
        owner = "" if person.place == SIGN_IN else person.username
        self.pages[owner, person.place] = Visit(owner, person.address, person.window)

    def is_new(self, person: Person) -> bool:
        """Whether this window has shown nothing yet that is made of the same elements in the same places."""
        made_of = person.width, person.window.get("color_scheme", ""), person.page.evaluate(MADE_OF)
        is_new = made_of not in self.examined
        self.examined.add(made_of)
        return is_new


@dataclass(frozen=True)
class Visit:
    """Who saw which address in what window; nobody is signed in where one signs in."""

    username: str
    address: str
    window: dict[str, Any]

    @property
    def other_window(self) -> dict[str, Any]:
        """The other size, and in the dark, which the first visit was not."""
        return (PHONE if self.window == DESK else DESK) | {"color_scheme": "dark"}


@dataclass
class Person:
    """One window with its owner."""

    username: str
    page: Page
    window: dict[str, Any]
    round: Round

    @property
    def width(self) -> int:
        width: int = self.window["viewport"]["width"]
        return width

    @property
    def address(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.page.url)

    @property
    def place(self) -> str:
        """The name of the page's address, such as `desk:paper`."""
        return resolve(re.sub(r"[?#].*", "", self.address)).view_name

    def signs_in(self) -> Person:
        self.page.goto("/")
        self.looks()
        self.page.get_by_label("Tên đăng nhập").fill(self.username)
        self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        return self.presses("Đăng nhập")

    def opens(self, address: str) -> Person:
        self.page.goto(address)
        return self.looks()

    def presses(self, words: str, within: Locator | None = None) -> Person:
        """Press a button or a link that leads to another page, and look at that page."""
        where = within or self.page
        targets = [where.get_by_role(role, name=words, exact=True) for role in ("button", "link")]
        with self.page.expect_navigation():
            targets[0].or_(targets[1]).first.click()
        return self.looks()

    def looks(self) -> Person:
        """The page is Vietnamese, accessible (axe: A and AA, of WCAG 2.0 to 2.2) and no wider than its window."""
        self.page.wait_for_function(DRAWN)
        self.round.note(self)
        self._keeps_a_picture()
        faults = self.words_left() + self.width_left() + (self.faults() if self.round.is_new(self) else [])
        assert not faults, f"{self.username}, {self.width}: {self.address}: {faults}"
        return self

    def words_left(self) -> list[str]:
        """What the page says in the language of the sources."""
        text = self.page.inner_text("body")
        strange = [] if self.page.get_attribute("html", "lang") == "vi" else ["the page is not in Vietnamese"]
        return strange + [words for words in english() if words in text]

    def width_left(self) -> list[str]:
        """What makes the page wider than the window."""
        wide: list[str] = self.page.evaluate(WIDER, self.width)
        return wide

    def faults(self) -> list[str]:
        """What axe finds: the rule and where."""
        self.page.evaluate(axe())
        found = self.page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
        return [f"{rule['id']}: {node['target'][0]}" for rule in found["violations"] for node in rule["nodes"]]

    def _keeps_a_picture(self) -> None:
        """With JOURNEY_SHOTS=folder in the environment a journey leaves a picture of every page, for people to look at."""
        if folder := os.environ.get("JOURNEY_SHOTS"):
            name = f"{self.round.looks:03}-{self.username}-{self.place.replace(':', '-')}-{self.width}.png"
            self.page.screenshot(
                path=Path(folder) / name, caret="initial"
            )  # hiding it would break the page's own rule of styles
