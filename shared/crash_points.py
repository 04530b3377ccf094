"""Named points of a month at which a fault run may kill a process, to see that nothing is lost.

A point kills once: it takes away the file that armed it, then the process. Nothing is armed but by
somebody who can write in the process's own folder.
"""

import os
import signal
from pathlib import Path

_folder: Path | None = None


def configure(files_dir: Path) -> None:
    """Watch this process's own folder for armed points."""
    global _folder
    _folder = files_dir / "crash-points"


def arm(files_dir: Path, point: str) -> None:
    """Ask for a kill at a point, once."""
    folder = files_dir / "crash-points"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / point).touch()


def reach(point: str) -> None:
    """Say that a point is reached; ends the process with SIGKILL if it is armed."""
    if _folder is None:
        return
    try:
        (_folder / point).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
