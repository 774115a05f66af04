"""The engine's lock on a process."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator


class RowLock:
    """
    Waits for the process's row, at most `lock_timeout`; the package's own lock gives up after tries and takes a plain
    FOR UPDATE, which collides with the foreign keys that are checked at commit (docs/architecture.md, locks).
    """

    @contextmanager
    def __call__(self, flow_class: Any, process_pk: int) -> Iterator[None]:
        rows = flow_class.process_class._default_manager.filter(pk=process_pk)  # noqa: SLF001  # viewflow's own way
        with transaction.atomic():
            list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))
            yield
