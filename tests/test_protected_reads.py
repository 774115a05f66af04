"""
Nobody reads a protected row without saying for whom: found in the source, since one forgotten line is a leak.

`objects` of a protected model raises but for `visible_to(person)` and `system(reason)`; its plain manager is for Django's own
use and for writing (docs/architecture.md, "Access").
"""

from __future__ import annotations

import ast
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import models

from organizations.managers import ProtectedManager, UnprotectedRead
from organizations.services import close_account
from tests.factories.organizations import MAKER, make_user

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
CONTRACT = {
    "Document", "DocumentFile", "Page", "Dispatch", "Delivery", "IncomingCase", "OutgoingCase", "Direction", "Assignment",
    "ProgressReport", "Meeting", "MeetingInvite", "AgendaItem", "Attendance", "Conclusion", "DraftVersion", "ExtractedField",
}  # fmt: skip
PROTECTED = {
    model.__name__: model
    for model in apps.get_models()
    if isinstance(getattr(model, "objects", None), ProtectedManager)
}
WRITES = {
    "create", "bulk_create", "get_or_create", "update_or_create", "select_for_update", "update", "bulk_update", "delete", "none",
}  # fmt: skip
# Where a room writes, it may read what it is about to write; screens, forms, selectors and commands may not.
WRITING_PLACES = {"models", "models.py", "services", "services.py", "flows", "checks.py"}
PLAIN_READS: dict[str, int] = {}  # a place and how often, with the reason
DJANGO_S_OWN = {"workflow/engine/lock.py"}  # viewflow's lock reads the process by its default manager
# How often a room may act for the office itself. Raise it only with the reason standing in the call.
SYSTEM_READS = {"demo": 20, "desk": 2, "documents": 11, "exchange": 4, "meetings": 8, "workflow": 10, "search": 3}
CHOICES = {"ModelChoiceField", "ModelMultipleChoiceField"}


@cache
def sources() -> dict[str, ast.Module]:
    """Our own modules by path, without tests and migrations."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "*.py"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    ours = [name for name in names if name and not name.startswith(("tests/", "bench/")) and "/migrations/" not in name]
    return {name: ast.parse((ROOT / name).read_text(encoding="utf-8")) for name in ours if (ROOT / name).is_file()}


def nodes(kind: type[ast.AST]) -> Iterator[tuple[str, Any]]:
    for name, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield name, node


def chain_after(attribute: ast.AST, parents: dict[ast.AST, ast.AST]) -> set[str]:
    """The names of the methods called on `X.plain`, one after the other."""
    names, node = set(), parents.get(attribute)
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        node = parents.get(node)
    return names


def place(name: str, node: ast.AST) -> str:
    return f"{name}:{getattr(node, 'lineno', 0)}"


class TestSource:
    def test_nobody_uses_the_default_manager(self) -> None:
        hidden = {"_default_manager", "_base_manager", "default_manager", "base_manager"}

        found = [place(n, a) for n, a in nodes(ast.Attribute) if a.attr in hidden and n not in DJANGO_S_OWN]

        assert found == []

    def test_the_plain_manager_is_for_writing(self) -> None:
        found: Counter[str] = Counter()
        for name, tree in sources().items():
            parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
            for node in ast.walk(tree):
                is_plain = isinstance(node, ast.Attribute) and node.attr == "plain"
                if is_plain and not chain_after(node, parents) & WRITES and not WRITING_PLACES & set(Path(name).parts):
                    found[name] += 1

        assert found == PLAIN_READS

    def test_acting_for_the_office_is_rare_and_says_why(self) -> None:
        found: Counter[str] = Counter()
        for name, call in nodes(ast.Call):
            if not ast.unparse(call.func).endswith(".objects.system"):
                continue
            (reason,) = call.args
            assert isinstance(reason, (ast.Constant, ast.Name)), place(name, call)
            assert not isinstance(reason, ast.Constant) or len(str(reason.value).split()) > 1, place(name, call)
            found[name.split("/", maxsplit=1)[0]] += 1

        assert {room: count for room, count in found.items() if count > SYSTEM_READS.get(room, 0)} == {}

    def test_choices_of_rows_say_which_rows(self) -> None:
        """A choice field without rows of its own, or with all, offers and accepts what the person may not see."""
        found = []
        for name, call in nodes(ast.Call):
            if ast.unparse(call.func).rsplit(".", maxsplit=1)[-1] not in CHOICES:
                continue
            rows = [keyword.value for keyword in call.keywords if keyword.arg == "queryset"] or call.args[:1]
            if not rows or not ast.unparse(rows[0]).endswith(".none()"):
                found.append(place(name, call))

        assert found == []

    def test_forms_and_generic_views_are_not_made_from_protected_models(self) -> None:
        """Both read by the default manager: a form's foreign keys offer all rows, a view's `model` finds them all."""
        found = []
        for name, made in nodes(ast.ClassDef):
            if any("ModelForm" in ast.unparse(base) or "ModelSerializer" in ast.unparse(base) for base in made.bases):
                found.append(place(name, made))
            for line in made.body:
                if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "model":
                    found += [place(name, line)] if ast.unparse(line.value) in PROTECTED else []

        assert found == []

    def test_short_cuts_are_given_rows_and_not_protected_models(self) -> None:
        found = [
            place(name, call)
            for name, call in nodes(ast.Call)
            if ast.unparse(call.func).endswith(("get_object_or_404", "get_list_or_404"))
            and ast.unparse(call.args[0]).rsplit(".", maxsplit=1)[-1] in PROTECTED
        ]

        assert found == []

    def test_the_tests_above_would_find_something(self) -> None:
        """They look at real code: the rooms are there, and so are the reads they allow."""
        assert len(sources()) > 100
        assert any(call for _name, call in nodes(ast.Call) if ast.unparse(call.func).endswith(".visible_to"))


class TestModels:
    def test_everything_that_must_be_is_protected(self) -> None:
        assert set(PROTECTED) >= CONTRACT

    @pytest.mark.parametrize("name", sorted(PROTECTED))
    def test_reading_without_a_reader_raises(self, name: str) -> None:
        manager: Any = PROTECTED[name].objects  # type: ignore[attr-defined]

        for read in (
            manager.all, manager.count, manager.first, manager.exists, manager.get, manager.filter, manager.values,
            manager.order_by, manager.in_bulk, manager.iterator, manager.raw, manager.aggregate, manager.get_queryset,
            lambda: manager.exclude(pk=1), lambda: manager.update(pk=1), lambda: manager.system(""),
        ):  # fmt: skip
            with pytest.raises(UnprotectedRead):
                read()

    @pytest.mark.parametrize("name", sorted(PROTECTED))
    def test_django_s_own_manager_stays_plain(self, name: str) -> None:
        """`full_clean()`, deletion and the tree of foreign keys use it; a protected one would break them far from here."""
        model: Any = PROTECTED[name]

        assert type(model._default_manager) is models.Manager
        assert model._meta.default_manager_name == "plain"
        assert type(model._base_manager) is models.Manager

    @pytest.mark.django_db
    @pytest.mark.parametrize("name", sorted(PROTECTED))
    def test_whoever_holds_nothing_sees_nothing_and_a_closed_account_is_not_even_asked_about(
        self, name: str, django_assert_num_queries: Any
    ) -> None:
        stranger, closed = make_user(), make_user()
        close_account(user=closed, actor=MAKER)
        model: Any = PROTECTED[name]

        assert list(model.objects.visible_to(stranger)) == []
        with django_assert_num_queries(0):
            assert list(model.objects.visible_to(closed)) == []
