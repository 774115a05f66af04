"""What all flows share."""

from __future__ import annotations

from typing import Any

from viewflow.workflow import flow

from workflow.engine.lock import RowLock
from workflow.engine.models import DocumentProcess


class OfficeFlow(flow.Flow):  # type: ignore[misc]
    """A procedure of one unit on one paper."""

    process_class = DocumentProcess
    lock_impl = RowLock()

    def has_view_permission(self, user: Any, obj: Any = None) -> bool:
        """The engine's own pages are not mounted; nobody views through them."""
        return False

    def has_manage_permission(self, user: Any, obj: Any = None) -> bool:
        """Repairs go through our services alone."""
        return False
