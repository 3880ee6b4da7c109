"""The server extension: adds the handlers, keeps the server awake while it works, cleans up after itself."""

from __future__ import annotations

from typing import Any

from jupyter_server.extension.application import ExtensionApp

from nbprod.lab.handlers import routes
from nbprod.lab.runs import Runs


class NbprodExtension(ExtensionApp):
    """Serves ``nbprod/runs`` below the server's base URL."""

    name = "nbprod"

    def initialize_handlers(self) -> None:
        """Add the handlers."""
        self.runs = Runs()
        self.handlers.extend(routes(self.runs))

    def current_activity(self) -> dict[str, Any] | None:
        """Return what is going on, so that an idle server is not shut down in the middle of it."""
        running = self.runs.running()
        return {"runs": [run.id for run in running]} if running else None

    async def stop_extension(self) -> None:
        """Cancel what is going on when the server stops."""
        await self.runs.stop()


__all__ = ["NbprodExtension"]
