"""
The embedded index wants a disk of this machine: over a network its locks and mapped files are not what they seem, and two machines
would write one index. So such a disk is refused when the office starts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.translation import gettext as _

from search.backends.embedded import EmbeddedBackend
from search.engine import backend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps.config import AppConfig

MOUNTS = Path("/proc/mounts")
NETWORK = frozenset({
    "nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "ceph", "glusterfs", "afs", "coda", "ncpfs", "lustre",
    "gpfs", "beegfs", "ocfs2", "gfs2", "orangefs", "pvfs2", "davfs", "vboxsf", "prl_fs",
})  # fmt: skip
REMOTE_FUSE = (
    "sshfs", "ceph", "glusterfs", "s3fs", "rclone", "davfs", "gcsfuse", "goofys", "mount-s3", "curlftpfs", "smbnetfs", "nfs",
    "juicefs", "seaweedfs", "moosefs", "mfs", "vmhgfs", "blobfuse", "lustre",
)  # fmt: skip
_ESCAPED = re.compile(r"\\([0-7]{3})")


def mounted_at(path: Path, mounts: str) -> tuple[str, str]:
    """Kind and place of the file system under a path, by a table as /proc/mounts has it; empty where it tells nothing."""
    kind, place = "", ""
    for line in mounts.splitlines():
        words = line.split(" ")
        if len(words) > 2:  # noqa: PLR2004  # device, place, kind
            point = _ESCAPED.sub(lambda found: chr(int(found.group(1), 8)), words[1])
            if path.is_relative_to(point) and len(point) >= len(place):  # the last one on a place covers those below
                kind, place = words[2], point
    return kind, place


def is_network(kind: str) -> bool:
    """Whether a kind of file system lies on another machine."""
    base, _dot, fuse = kind.lower().partition(".")
    return base in NETWORK or (base == "fuse" and fuse.startswith(REMOTE_FUSE))


def refusal(root: Path, mounts: str | None = None) -> str:
    """Why the embedded index may not lie below `root`; empty when it may."""
    if mounts is None:
        mounts = MOUNTS.read_text(errors="replace") if MOUNTS.exists() else ""
    kind, place = mounted_at(root.resolve(), mounts)
    if not is_network(kind):
        return ""
    words = _(
        "The search index must not lie on a network disk: %(root)s is on %(kind)s, mounted at %(place)s. Let SEARCH_ROOT name a"
        " folder on a disk of this machine, or give the address of an Elasticsearch in SEARCH_URL."
    )
    return words % {"root": root, "kind": kind, "place": place}


def refused() -> str:
    """The same for the index of this office; a cluster has its own disks."""
    return refusal(Path(settings.SEARCH_ROOT)) if isinstance(backend(), EmbeddedBackend) else ""


def check_disk(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """Django's system check."""
    found = refused()
    return [Error(found, id="search.E001")] if found else []
