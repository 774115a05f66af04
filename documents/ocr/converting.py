"""
The process in which LibreOffice turns one file into another: `python -m documents.ocr.converting TASK.json`.

Limited as every child, with a profile of its own and a fence around both: no macro runs, no link is followed, and what lies outside
the working folder and the system's own files cannot be read.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from shutil import which

from documents.ocr import fence
from documents.ocr.child import begun

BEGIN_AGAIN = 81  # how the program ends once it has made its profile
_ETC = ("fonts", "libreoffice", "ld.so.cache", "ld.so.conf", "passwd", "nsswitch.conf", "localtime", "alternatives")
_VAR = ("cache/fontconfig", "lib/libreoffice", "spool/libreoffice")
_SYSTEM = (
    *map(Path, ("/usr", "/lib", "/lib64", "/bin")),
    *(Path("/etc", name) for name in _ETC),
    *(Path("/var", name) for name in _VAR),
)
_DEVICES = tuple(Path("/dev", name) for name in ("null", "zero", "random", "urandom"))
_SOCKETS = Path("/tmp")  # noqa: S108 - where the program puts its own, whatever TMPDIR says
_CALM = ("headless", "invisible", "norestore", "nologo", "nodefault", "nolockcheck", "nofirststartwizard")
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "2"),
    ("Common/Misc", "UseLocking", "false"),
)
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>"""
_ITEM = '<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'


def main(task_path: str) -> None:
    """Carry out one task."""
    task, _limits = begun(task_path)
    room, program = Path(task["room"]), Path(task["program"]).resolve()
    _make_profile(room / "profile")
    command = _command(program, room, Path(task["file"]), task["target"])
    fence.stay_within(reading=(*_SYSTEM, program.parent.parent), writing=(room, *_DEVICES), sockets=[_SOCKETS])
    for _attempt in (1, 2):
        if subprocess.run(command, cwd=room, stdin=subprocess.DEVNULL, check=False).returncode != BEGIN_AGAIN:
            break


def _make_profile(folder: Path) -> None:
    (folder / "user").mkdir(parents=True)
    items = "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    (folder / "user" / "registrymodifications.xcu").write_text(_PROFILE.format(items=items), encoding="utf-8")


def _command(program: Path, room: Path, file: Path, target: str) -> list[str]:
    """The program itself, without the scripts before it, ending when this process ends."""
    engine = program.with_name("soffice.bin")
    keeper = [found, "--pdeathsig", "KILL"] if (found := which("setpriv")) else []
    calm = [f"--{name}" for name in _CALM]
    profile = f"-env:UserInstallation={(room / 'profile').as_uri()}"
    started = str(engine if engine.exists() else program)
    return [*keeper, started, profile, *calm, "--convert-to", target, "--outdir", str(room / "out"), str(file)]


if __name__ == "__main__":
    main(sys.argv[1])
