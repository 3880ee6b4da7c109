"""Judge a generated package against a recorded run of the notebook, in a process of its own."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from .. import randomness
from ..channel import Channel
from .raised import place_of
from .wording import error, finding

SHARED = "V4"  # the check whose rows two processes share


def main(request_path: str) -> None:
    """Run every check of this process and send each outcome; the last message is ``done``."""
    request = json.loads(Path(request_path).read_text("utf-8"))
    channel = Channel()
    sys.path[0] = request["source"]
    os.chdir(request["scratch"])
    try:
        problem = _judge(request, channel)
    except Exception as raised:  # noqa: BLE001  what the package raises is a result
        where = place_of(raised, Path(request["source"], request["package"]), request["plan"])
        problem = finding("E-PACKAGE", f"the package cannot be judged: {error(raised)}", **where)
    channel.send("done", problem=problem)
    os._exit(0)


def _judge(request: dict[str, Any], channel: Channel) -> dict[str, Any] | None:
    import sklearn.utils  # noqa: F401  so that its generator can be pinned

    randomness.pin()
    from . import preparation, sharing
    from .checks import all_checks

    first, *others = all_checks()
    fitted = preparation.fit(request, channel)
    _send_check(first, fitted, channel)  # what is fitted wrongly may not even be servable
    case = preparation.prepare(fitted, request, channel)
    # single rows come last: the process that reloads the version is done by then and takes half of them
    for module in sorted(others, key=lambda module: module.ID == SHARED):
        _send_check(module, case, channel)
    sharing.close(case.scratch)
    channel.send("facts", **preparation.facts(case))
    return None


def _send_check(module: Any, case: Any, channel: Channel) -> None:
    start = time.perf_counter()
    outcome = run_check(module, case)
    channel.send(
        "check",
        id=module.ID,
        name=module.NAME,
        status=outcome.status,
        figure=outcome.figure,
        findings=list(outcome.findings),
        details=outcome.details,
        assumptions=list(outcome.assumptions),
        seconds=round(time.perf_counter() - start, 3),
    )


def run_check(module: Any, case: Any) -> Any:
    """Run one check; an exception of the package under judgement is a failure of the check."""
    from .case import FAILED, Case, Outcome

    try:
        return module.check(case)
    except Exception as raised:  # noqa: BLE001  what the package raises is a result
        message = f"{module.NAME}: {error(raised)}"
        where = case.place_of(raised) if isinstance(case, Case) else {}
        return Outcome(FAILED, message, (finding("E-PACKAGE", message, **where),))
