"""One way to hash a list that is fetched by reference, so that both ends mean the same list."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any


class ListDigest:
    """SHA-256 over items in the order of their ids, each as one line of compact JSON."""

    def __init__(self) -> None:
        self._hash = sha256()
        self.count = 0

    def add(self, item: Mapping[str, Any]) -> None:
        """Count one more item; values must be JSON's own."""
        line = json.dumps(item, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        self._hash.update(line.encode() + b"\n")
        self.count += 1

    def hexdigest(self) -> str:
        """The hash so far, in hex."""
        return self._hash.hexdigest()
