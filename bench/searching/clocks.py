"""Wall and CPU time of the same act, again and again."""

from __future__ import annotations

import os
import platform
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.relevance.metrics import percentile

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Clock:
    """Milliseconds of each act."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def run(self) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.cpu.append((time.process_time() - cpu) * 1000)

    @property
    def facts(self) -> dict[str, float]:
        return {
            "n": len(self.wall), "p50_ms": round(percentile(self.wall, 0.5), 3), "p95_ms": round(percentile(self.wall, 0.95), 3),
            "cpu_p50_ms": round(percentile(self.cpu, 0.5), 3), "cpu_p95_ms": round(percentile(self.cpu, 0.95), 3),
        }  # fmt: skip

    @property
    def p50(self) -> float:
        return percentile(self.wall, 0.5)

    @property
    def p95(self) -> float:
        return percentile(self.wall, 0.95)

    @property
    def cpu_seconds(self) -> float:
        return sum(self.cpu) / 1000


def machine() -> dict[str, object]:
    """What figures depend on."""
    return {
        "cores": os.cpu_count(),
        "load": [round(one, 2) for one in os.getloadavg()],
        "python": platform.python_version(),
    }
