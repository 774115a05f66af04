"""
A fence of the kernel's own around a process (Landlock, Linux 5.13): files outside it are not there for it, nor for what it starts.

Office files name other files that they want to show: without a fence a stranger's paper could ask for another's.
"""

from __future__ import annotations

import ctypes
import os
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system calls, of the same numbers on every machine
_ASK_VERSION, _BENEATH = 1, 1
_NO_NEW_PRIVILEGES = 38
_RIGHTS = {
    1: 13,
    2: 14,
    3: 15,
    4: 15,
}  # how many kinds of access the versions know; later ones add what files have no need of
_EXECUTE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 2, 1 << 3
_SOCKETS = 1 << 9 | 1 << 5  # made and taken away again
_OF_FOLDERS = ~((1 << 0) | (1 << 1) | (1 << 2) | (1 << 14))  # rights that make no sense for a single file


def is_there() -> bool:
    """Whether this kernel has such fences."""
    return _version() > 0


def _version() -> int:
    return int(_call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION)))


def _call(number: int, *arguments: object) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *arguments))


def stay_within(*, reading: Iterable[Path], writing: Iterable[Path], sockets: Iterable[Path] = ()) -> bool:
    """
    From now on read and run only what lies below `reading`, and do anything below `writing`; whether the kernel can do that.

    :param sockets: folders to open sockets in, without seeing what else is there
    :raises OSError: if it can and would not
    """
    if (version := _version()) < 1:
        return False
    every = (1 << _RIGHTS.get(version, 15)) - 1
    rules = _call(_CREATE, struct.pack("=Q", every), ctypes.c_size_t(8), ctypes.c_uint32(0))
    if rules < 0:
        raise OSError(ctypes.get_errno(), "no rules for a fence")
    try:
        for path in reading:
            _allow(rules, path, _EXECUTE | _READ_FILE | _READ_FOLDER)
        for path in writing:
            _allow(rules, path, every)
        for path in sockets:
            _allow(rules, path, _SOCKETS)
        _close(rules)
    finally:
        os.close(rules)
    return True


def _allow(rules: int, path: Path, rights: int) -> None:
    """What is not there need not be let in."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rights = rights if path.is_dir() else rights & ~_OF_FOLDERS
        if _call(
            _ADD, ctypes.c_int(rules), ctypes.c_int(_BENEATH), struct.pack("=Qi", rights, place), ctypes.c_uint32(0)
        ):
            raise OSError(ctypes.get_errno(), "no rule for a fence")
    finally:
        os.close(place)


def _close(rules: int) -> None:
    ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if _call(_RESTRICT, ctypes.c_int(rules), ctypes.c_uint32(0)):
        raise OSError(ctypes.get_errno(), "the fence does not close")
