"""The HTTP interface of the server extension: start a run, follow it, cancel it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado.web import authenticated

from nbprod.findings import NotebookError
from nbprod.lab.command import ACTIONS, RIGHTS
from nbprod.lab.kernel import interpreter
from nbprod.lab.location import NoFile, locate, served_path
from nbprod.lab.outcome import outcome
from nbprod.lab.run import Run
from nbprod.lab.runs import Busy, Runs

_LONGEST_WAIT = 20.0  # seconds; below the time after which proxies give up


class _RunsAPI(APIHandler):
    auth_resource = "nbprod"

    def initialize(self, runs: Runs) -> None:
        """Receive the runs of this server."""
        self.runs = runs

    def answer(self, run: Run, status: int = 200) -> None:
        """Send the state of a run, with its outcome once it has one."""
        found: dict[str, Any] = {
            "id": run.id,
            "action": run.action,
            "path": run.path,
            "state": run.state,
            "revision": run.revision,
            "progress": run.progress,
            "error": run.error,
            "outcome": None,
        }
        if run.state == "done":
            try:
                result = outcome(run.action, run.output, run.notebook.parent, self._served)
                found["outcome"] = result.as_dict()
            except (ValueError, KeyError, TypeError, IndexError) as error:
                found |= {
                    "state": "failed",
                    "error": f"nbprod {run.action} printed something unexpected ({error})",
                }
        self.set_status(status)
        self.finish(json.dumps(found))

    def refuse(self, status: int, message: str) -> None:
        """Send one line that says why not."""
        self.set_status(status)
        self.finish(json.dumps({"message": message}))

    def _served(self, place: Path) -> str | None:
        return served_path(self.contents_manager, place)


class StartHandler(_RunsAPI):
    """``POST nbprod/runs`` with ``{"action": ..., "path": ...}`` starts a run and answers at once."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Start ``convert``, ``verify``, ``check`` or ``tag`` for a saved notebook.

        Status 201 with the run; 400 for a bad request, 404 for no such notebook, 409 when the notebook is
        being converted or verified already.
        """
        body = self.get_json_body()
        body = body if isinstance(body, dict) else {}
        action, path = body.get("action"), body.get("path")
        if action not in ACTIONS or not isinstance(path, str):
            known = ", ".join(ACTIONS)
            self.refuse(400, f'send {{"action": ..., "path": ...}} with one of the actions {known}')
            return
        if not await self._allowed(*RIGHTS[action]):
            self.refuse(403, f"you are not allowed to {action} notebooks on this server")
            return
        try:
            notebook = await locate(self.contents_manager, path.strip("/"))
            python = await self._interpreter(notebook) if action == "verify" else ""
            run = self.runs.start(action, notebook, path.strip("/"), python=python)
        except NoFile as error:
            self.refuse(error.status, str(error))
        except Busy as error:
            self.refuse(409, str(error))
        else:
            self.answer(run, 201)

    async def _allowed(self, right: str, resource: str) -> bool:
        """Ask the server's authorizer, so that nbprod is no way around what it forbids elsewhere."""
        asked = self.authorizer.is_authorized(self, self.current_user, right, resource)
        return bool(await ensure_async(asked))

    async def _interpreter(self, notebook: Path) -> str:
        """Return the Python of the kernel that the notebook names, empty for the server's own."""
        from nbprod.notebook import read

        try:
            kernel = (await asyncio.to_thread(read, notebook)).kernel
        except NotebookError:
            return ""  # the run itself will say what is wrong with the notebook
        return interpreter(self.kernel_spec_manager, kernel)


class RunHandler(_RunsAPI):
    """``GET nbprod/runs/ID`` follows a run, ``DELETE`` cancels it."""

    @authenticated
    @authorized
    async def get(self, identity: str) -> None:
        """Answer when the run is newer than ``?seen=REVISION``, or after 20 seconds."""
        seen = self.get_query_argument("seen", "0")
        run = self.runs.find(identity)
        if run is None:
            self.refuse(404, "no such run; the server may have been restarted")
        elif not seen.isdecimal():
            self.refuse(400, "seen must be a number")
        else:
            if run.state == "running":
                await run.changed(int(seen), _LONGEST_WAIT)
            self.answer(run)

    @authenticated
    @authorized
    async def delete(self, identity: str) -> None:
        """Stop the run and answer when it has ended."""
        run = self.runs.find(identity)
        if run is None:
            self.refuse(404, "no such run; the server may have been restarted")
            return
        await run.cancel()
        self.answer(run)


def routes(runs: Runs) -> list[tuple[str, type[APIHandler], dict[str, Any]]]:
    """Return the handlers by path, without the server's base URL."""
    return [
        ("/nbprod/runs", StartHandler, {"runs": runs}),
        ("/nbprod/runs/([0-9a-f]+)", RunHandler, {"runs": runs}),
    ]


__all__ = ["routes"]
