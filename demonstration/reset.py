"""Clears a demonstration's DATA; `make reset` calls it, also when nothing is installed."""

import os
import shutil
import sys
from pathlib import Path


def main() -> None:
    """Remove DATA if it is ours and nothing works in it."""
    folder = Path(os.environ.get("DATA") or ".doudi").absolute()
    if not folder.exists():
        sys.stdout.write(f"{folder}: there is nothing to clear\n")
        return
    if not (folder / "demonstration.json").exists():
        sys.exit(f"{folder} holds no demonstration; nothing was cleared")
    for pid in _at_work_in(folder):
        sys.exit(f"process {pid} still works in {folder}: stop it first (Ctrl-C where it runs)")
    shutil.rmtree(folder)
    sys.stdout.write(f"{folder} is cleared\n")


def _at_work_in(folder: Path) -> list[int]:
    """Processes that have something of the folder open or stand in it."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            places = [os.readlink(f"/proc/{entry}/cwd")]
            places += [
                os.readlink(f"/proc/{entry}/fd/{one}") for one in os.listdir(f"/proc/{entry}/fd")
            ]
        except OSError:
            continue
        if any(Path(place).is_relative_to(folder) for place in places if place[:1] == "/"):
            found.append(int(entry))
    return found


if __name__ == "__main__":
    main()
