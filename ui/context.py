"""What the shell shows about the person, the place and the language."""

import json
from dataclasses import dataclass
from functools import cache, cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from ui.navigation import Link, bell_count, links_for, url_or_none
from ui.words import script_words


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at the desk, as the shell says it."""

    name: str
    post: str
    unit: str
    acting_for: str = ""


@dataclass(frozen=True, slots=True)
class PostChoice:
    """A post the person may work in."""

    id: int
    title: str
    unit: str
    is_current: bool


@cache
def _words_in(language: str) -> str:
    """The same on every page; `language` is the one that is active."""
    return json.dumps(script_words(), ensure_ascii=False, separators=(",", ":"))


class Shell:
    """The shell's facts, each found out only when a template asks: fragments ask for none."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def person(self) -> Person | None:
        """Name, post and unit; None for a visitor."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        actor = getattr(self.request, "actor", None)
        name = getattr(actor, "name", "") or user.get_full_name() or user.get_username()
        acting_for = getattr(actor, "on_behalf_of", "")
        return Person(name, getattr(actor, "post", ""), getattr(actor, "unit", ""), acting_for)

    @cached_property
    def posts(self) -> list[PostChoice]:
        """Posts to switch between; empty when there is no choice."""
        posts = getattr(self.request, "posts", None) or []
        current = getattr(getattr(self.request, "actor", None), "post_id", None)
        return [
            PostChoice(post.pk, str(post.title), str(getattr(post.unit, "name", post.unit)), post.pk == current)
            for post in posts
        ]

    @cached_property
    def links(self) -> list[Link]:
        """The whole menu of this person."""
        return links_for(self.request)

    @cached_property
    def main_links(self) -> list[Link]:
        """The menu above the rule."""
        return [link for link in self.links if link.section == "main"]

    @cached_property
    def foot_links(self) -> list[Link]:
        """The menu below the rule."""
        return [link for link in self.links if link.section == "foot"]

    def _link(self, key: str) -> Link | None:
        return next((link for link in self.links if link.key == key), None)

    @cached_property
    def dock_left(self) -> list[Link]:
        """The phone's bar before the camera: inbox and search, if they are there."""
        return [link for key in ("inbox", "search") if (link := self._link(key))]

    @cached_property
    def dock_right(self) -> list[Link]:
        """The phone's bar after the camera: meetings."""
        return [link for key in ("meetings",) if (link := self._link(key))]

    @cached_property
    def intake(self) -> Link | None:
        """Where this person takes papers in, if that is among their tasks."""
        return self._link("intake")

    @cached_property
    def bell_count(self) -> int:
        """Unread notices."""
        return bell_count(self.request)

    @cached_property
    def urls(self) -> dict[str, str | None]:
        """Addresses of other rooms that may not be there."""
        names = {
            "home": "desk:inbox",
            "search": "search:page",
            "suggest": "search:suggest",
            "switch_post": "organizations:switch-post",
            "profile": "organizations:profile",
            "delegations": "organizations:delegations",
            "notices": "desk:notices",
            "sign_in": "account_login",
            "sign_out": "account_logout",
            "change_password": "account_change_password",
            "set_language": "ui:set-language",
        }
        return {key: url_or_none(name) for key, name in names.items()}

    @property
    def live_url(self) -> str:
        """Where event streams come from: this origin, or the exact other one that the settings name."""
        return f"{getattr(settings, 'STREAMS_ORIGIN', '')}/live/"

    @property
    def other_language(self) -> str:
        """The language the switch offers."""
        return "vi" if (get_language() or "vi").startswith("en") else "en"

    @property
    def words(self) -> str:
        """The sentences of the scripts, as JSON."""
        return _words_in(get_language() or "")


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: `shell` for every template."""
    return {"shell": Shell(request)}
