"""Steps of the demo run: each says what it did and how long it took, and fails without hiding the next."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)
Tale = TypeVar("Tale")


@dataclass(frozen=True, slots=True)
class Step(Generic[Tale]):
    """
    One act of the story.

    `act` changes the tale and returns a Vietnamese sentence about what was done; `needs` are keys of earlier steps.
    """

    key: str
    title: str
    act: Callable[[Tale], str]
    needs: tuple[str, ...] = ()


class StepFailed(Exception):
    """What a step found is not what the story needs; the message says what was found."""


def expect(is_so: bool, otherwise: str) -> None:
    """Fail the step with a sentence unless a fact holds."""
    if not is_so:
        raise StepFailed(otherwise)


def play(steps: Sequence[Step[Tale]], tale: Tale, say: Callable[[str], None]) -> int:
    """
    Act the steps out in order, say each in Vietnamese, and return how many passed.

    A step whose forerunner failed is not tried and counts as failed.
    """
    passed: set[str] = set()
    titles = {step.key: step.title for step in steps}
    for number, step in enumerate(steps, start=1):
        missing = [key for key in step.needs if key not in passed]
        if missing:
            say(f"[{number:2}/{len(steps)}] BỎ QUA  {step.title}: cần bước “{titles[missing[0]]}” trước đã.")
            continue
        started = time.monotonic()
        done, mark = _try(step, tale), "ĐẠT "
        if done.failed:
            mark = "HỎNG"
        else:
            passed.add(step.key)
        say(f"[{number:2}/{len(steps)}] {mark}  {step.title} ({_seconds(time.monotonic() - started)})")
        say(f"          {done.text}")
    say(f"demo: {len(passed)} of {len(steps)} steps passed")
    return len(passed)


@dataclass(frozen=True, slots=True)
class _Done:
    text: str
    failed: bool = False


def _try(step: Step[Tale], tale: Tale) -> _Done:
    """Act one step; whatever goes wrong becomes its reason."""
    try:
        return _Done(step.act(tale))
    except StepFailed as failure:
        return _Done(str(failure), failed=True)
    except Exception as failure:
        logger.exception("demo step %s failed", step.key)
        return _Done(f"{type(failure).__name__}: {failure}", failed=True)


def _seconds(duration: float) -> str:
    return f"{duration:.1f} giây".replace(".", ",")
