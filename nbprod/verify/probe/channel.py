"""Messages to the process that started this one: one JSON document a line on a private pipe."""

from __future__ import annotations

import json
import os
import threading
from typing import Any

from . import orphans

VARIABLE = "NBPROD_CHANNEL"


class Channel:
    """Writes messages; the pipe's number is taken from the environment, so children do not inherit it."""

    def __init__(self) -> None:
        self._descriptor = int(os.environ.pop(VARIABLE))
        os.set_inheritable(self._descriptor, False)
        self._lock = threading.Lock()
        orphans.adopt()

    def send(self, kind: str, **fields: Any) -> None:
        """Send one message; a reader that has gone is not an error."""
        fields["kind"] = kind
        line = (json.dumps(fields) + "\n").encode("utf-8")
        with self._lock:
            try:
                while line:
                    line = line[os.write(self._descriptor, line) :]
            except OSError:
                os._exit(1)
        if kind == "done":
            orphans.stay()
