"""What the shell's menu holds. Rooms put their entries in when Django starts, the shell asks for them by request."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise


def _anyone(_request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NavItem:
    """
    One entry of the menu.

    `url_name` may belong to a room that is not installed: the entry is then left out. `dock` puts it in the phone's
    bottom bar, `section="foot"` below the rule, `section="top"` into the bar above. `badge` may be asked more than once
    per request: keep its answer there.
    """

    key: str
    label: str | Promise
    icon: str
    url_name: str
    order: int
    badge: Callable[[HttpRequest], int] | None = None
    visible: Callable[[HttpRequest], bool] = _anyone
    section: str = "main"
    dock: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one page shows it."""

    key: str
    label: str
    icon: str
    url: str
    count: int
    is_current: bool
    section: str
    dock: bool


_items: dict[str, NavItem] = {}
_bell: list[Callable[[HttpRequest], int]] = []


def register(item: NavItem) -> None:
    """Put an entry in the menu; the same key again replaces it."""
    _items[item.key] = item


def register_bell(count: Callable[[HttpRequest], int]) -> None:
    """Say how many notices are unread; the last one who says it is believed."""
    _bell[:] = [count]


def bell_count(request: HttpRequest) -> int:
    """Ask for the number beside the bell."""
    return _bell[0](request) if _bell else 0


def links_for(request: HttpRequest) -> list[Link]:
    """Give this person's entries in order; the one with the longest matching address is the current one."""
    found = [
        (item, url)
        for item in sorted(_items.values(), key=lambda item: item.order)
        if (url := url_or_none(item.url_name)) and item.visible(request)
    ]
    matching = [url for _item, url in found if _lies_under(request.path, url)]
    current = max(matching, key=len, default="")
    return [_link(item, url, is_current=url == current, request=request) for item, url in found]


def url_or_none(name: str) -> str | None:
    """Resolve a URL name, or tell that its room is not there."""
    return _address(name, get_urlconf(), get_script_prefix())


@lru_cache(maxsize=500)
def _address(name: str, urls: str | None, _prefix: str) -> str | None:
    """Remembered: every page asks for some thirty of the same few."""
    try:
        return reverse(name, urls)
    except NoReverseMatch:
        return None


def _lies_under(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _link(item: NavItem, url: str, *, is_current: bool, request: HttpRequest) -> Link:
    count = item.badge(request) if item.badge else 0
    return Link(item.key, str(item.label), item.icon, url, count, is_current, item.section, item.dock)
