"""What benefits needs of identification: determinations by reference, in pages, over HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shared.contracts.digest import ListDigest
from shared.contracts.identification import RosterImported
from shared.ids import new_id
from tests.benefits.makers import COUNTY, OCTOBER


@dataclass
class Identification:
    """Its imports, and how it behaves when it is asked."""

    imports: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    url: str = ""
    page_items_max: int = 5000
    fails_after_pages: int | None = None
    asked: int = 0

    def has_imported(self, *determinations: dict[str, Any]) -> RosterImported:
        """An import lies ready; the event that says so."""
        items = sorted(determinations, key=lambda item: str(item["determination_id"]))
        import_id, digest = new_id(), ListDigest()
        for item in items:
            digest.add(item)
        self.imports[str(import_id)] = items
        return RosterImported(
            county=COUNTY,
            occurred_at=OCTOBER,
            import_id=import_id,
            determinations_count=digest.count,
            determinations_sha256=digest.hexdigest(),
        )

    def answer(self, query: dict[str, list[str]]) -> dict[str, Any] | None:
        """A page, or nothing when it is told to fail."""
        self.asked += 1
        if self.fails_after_pages is not None and self.asked > self.fails_after_pages:
            return None
        if "determination_id" in query:
            everything = [item for items in self.imports.values() for item in items]
            wanted = query["determination_id"][0]
            items = [item for item in everything if item["determination_id"] == wanted]
            return {"items": items, "next": None}
        after, limit = query.get("after", [""])[0], min(int(query["limit"][0]), self.page_items_max)
        later = [
            item for item in self.imports[query["import_id"][0]] if item["determination_id"] > after
        ]
        page = later[:limit]
        more = len(later) > limit
        return {"items": page, "next": page[-1]["determination_id"] if more else None}


@contextmanager
def standing(identification: Identification) -> Iterator[Identification]:
    """Let it answer on a port of its own."""

    class Face(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # The library's name.
            page = identification.answer(parse_qs(urlsplit(self.path).query))
            body = json.dumps(page).encode()
            self.send_response(200 if page is not None else 500)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Face)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    identification.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield identification
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
