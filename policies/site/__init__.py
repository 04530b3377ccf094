"""`python -m policies site`: the law as pages, every number linked to what it is from."""

import argparse
import shutil
import sys
from pathlib import Path

from policies.reading.documents import PackFault
from policies.site.pages import Book

_MARK = ".doudi-law"


def main(arguments: list[str]) -> int:
    """The subcommand; 1 when the law cannot be read, or the folder is somebody else's."""
    parser = argparse.ArgumentParser(prog="python -m policies site", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(".law"), help="a folder of its own")
    parser.add_argument("--places-dir", type=Path, help="where places lie, if not here")
    chosen = parser.parse_args(arguments)
    try:
        count = write(chosen.out, chosen.places_dir)
    except (PackFault, OSError) as why:
        sys.stderr.write(f"site: {why}\n")
        return 1
    sys.stdout.write(f"{chosen.out / 'index.html'} ({count} pages)\n")
    return 0


def write(out: Path, places_dir: Path | None = None) -> int:
    """The whole site anew; how many pages. What an earlier site left is cleared.

    Raises:
        FileExistsError: the folder holds something that is no site of the law.
    """
    if out.exists():
        if any(out.iterdir()) and not (out / _MARK).is_file():
            raise FileExistsError(f"{out} holds something else: name an empty folder")
        shutil.rmtree(out)
    book = Book.read(places_dir)
    pages = dict(book.pages())
    for name, content in pages.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (out / _MARK).touch()
    return sum(name.endswith(".html") for name in pages)
