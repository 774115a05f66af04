"""Every address of the office with examples of what may stand in it, found from the configuration itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from documents.models import Document, DocumentFile, Register, RegisterEntry
from exchange.models import Delivery, Dispatch
from meetings.models import AgendaItem, Attendance, Conclusion, Meeting
from organizations.models import Appointment, Delegation, Post, Unit, User
from search.models import AbbreviationEntry, SavedSearch
from workflow.models import WorkItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNKNOWN = 999_999_999
POSTED_ONLY = {"choose_language"}  # functions that only take what a form sends


def routes() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Names and views of all addresses."""
    yield from _below(get_resolver(), "")


def _below(resolver: URLResolver, space: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _below(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"an address without a name: {entry.pattern}"
            assert entry.callback is not None
            yield f"{space}{entry.name}", entry.callback


def has_page(view: Callable[..., Any]) -> bool:
    """Whether the address can be looked at; the others only take what a form sends."""
    view_class = getattr(view, "view_class", None)
    return hasattr(view_class, "get") if view_class else view.__name__ not in POSTED_ONLY


def rows(model: Any) -> list[int]:
    return list(getattr(model, "plain", model.objects).order_by("pk").values_list("pk", flat=True))


def pairs(model: Any, *names: str) -> list[tuple[int, ...]]:
    return list(getattr(model, "plain", model.objects).order_by("pk").values_list(*names))


# What stands in an address, by name of the address; a room's name alone stands for the rest of the room.
EXAMPLES: dict[str, Callable[[], list[Any]]] = {
    "desk": lambda: rows(Document),
    "documents": lambda: rows(Document),
    "documents:void-entry": lambda: rows(RegisterEntry),
    "documents:open-book": lambda: rows(Register),
    "documents:compare": lambda: [(one, other) for one in rows(Document)[:4] for other in rows(Document)[:4]],
    "documents:file": lambda: pairs(DocumentFile, "document", "pk"),
    "search": lambda: rows(SavedSearch),
    "search:reading": lambda: rows(AbbreviationEntry)[:4],
    "search:remove-reading": lambda: rows(AbbreviationEntry)[:4],
    "search:export": lambda: ["csv", "xlsx"],
    "documents:page-part": lambda: [(*pair, 1, 100, 100, 500, 50) for pair in pairs(DocumentFile, "document", "pk")],
    "workflow": lambda: rows(Document),
    "workflow:complete": lambda: rows(WorkItem),
    "workflow:receive": lambda: rows(Delivery),
    "exchange:refuse": lambda: rows(Delivery),
    "exchange:tracker": lambda: rows(Dispatch),
    "meetings": lambda: rows(Meeting),
    "meetings:move-item": lambda: pairs(AgendaItem, "meeting", "pk"),
    "meetings:write": lambda: pairs(AgendaItem, "meeting", "pk"),
    "meetings:mark": lambda: pairs(Attendance, "meeting", "pk"),
    "meetings:revise": lambda: pairs(Conclusion, "meeting", "pk"),
    "meetings:cancel-conclusion": lambda: pairs(Conclusion, "meeting", "pk"),
    "organizations": lambda: rows(Unit)[:4],
    "organizations:post": lambda: rows(Post)[:4],
    "organizations:close-post": lambda: rows(Post)[:4],
    "organizations:end-appointment": lambda: pairs(Appointment, "post", "pk")[:4],
    "organizations:person": lambda: rows(User)[:4],
    "organizations:close-account": lambda: rows(User)[:4],
    "organizations:reopen-account": lambda: rows(User)[:4],
    "organizations:revoke-delegation": lambda: rows(Delegation),
}


def addresses(name: str) -> list[str]:
    """The address with every example, and with numbers that nothing has."""
    count = len(parameters(name))
    if not count:
        return [reverse(name)]
    examples = EXAMPLES.get(name) or EXAMPLES[name.partition(":")[0]]
    known = [example if isinstance(example, tuple) else (example,) for example in examples()]
    assert all(len(example) == count for example in known), f"{name} needs examples of {count} numbers"
    return [reverse(name, args=example) for example in [*known, (UNKNOWN,) * count]]


def parameters(name: str) -> list[str]:
    """What stands in an address."""
    space, _sep, bare = name.rpartition(":")
    resolver: Any = get_resolver()
    for part in filter(None, space.split(":")):
        resolver = resolver.namespace_dict[part][1]
    return list(resolver.reverse_dict.getlist(bare)[0][0][0][1])
