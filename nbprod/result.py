"""What a conversion did, as a value for Python: findings, files, verdict, and the way to the proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nbprod.findings import Finding, NotebookError

if TYPE_CHECKING:
    from nbprod.pipeline import Analysed
    from nbprod.verify import Verdict
    from nbprod.write import Change, Written


@dataclass(frozen=True)
class Result:
    """What a conversion did.

    ``written`` is None when the notebook was refused: ``findings`` then has the errors.
    """

    analysed: Analysed
    written: Written | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.analysed.findings

    @property
    def target(self) -> Path:
        return self.analysed.target

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse the conversion; nothing was written when there are any."""
        return self.analysed.refusals

    @property
    def changes(self) -> tuple[Change, ...]:
        """What happened to every file of the project; nothing when the notebook was refused."""
        return self.written.update.changes if self.written else ()

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """The files in which the notebook and a person changed the same lines."""
        return self.written.update.conflicts if self.written else ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The generated files as they are on disk now, without those that a person deleted."""
        gone = {"removed", "respected"}
        return tuple(self.target / c.path for c in self.changes if c.status not in gone)

    @property
    def verdict(self) -> str:
        """``REFUSED``, or the level in the project's certificate."""
        return "REFUSED" if self.written is None else certificate_level(self.target)

    def verify(
        self,
        *,
        python: str | None = None,
        timeout: float = 1800.0,
        max_memory: int | None = None,
        progress: Callable[[str], None] = lambda text: None,
    ) -> Verdict:
        """Run the notebook and the project in processes of their own and compare them.

        Args:
            python: the interpreter of the notebook's environment; by default the one whose versions the
                project pins, else this one.
            timeout: seconds for the notebook, and again for the project.
            max_memory: bytes for a process with all it starts; by default 3/4 of the machine's.
            progress: called with one line about each step.

        Returns:
            The certificate, which is in the project's ``verdict.json`` as well.

        Raises:
            NotebookError: the notebook was refused, or it or the project cannot be read.
        """
        from nbprod.pins import pinned_python
        from nbprod.verify import verify

        if self.errors:
            raise NotebookError(
                f"{self.errors[0].code} {self.errors[0].message}; nothing to verify"
            )
        return verify(
            Path(self.analysed.notebook.path),
            self.target,
            python=python or pinned_python(self.target),
            timeout=timeout,
            max_memory=max_memory,
            keep_rows=self.analysed.settings.keep_rows,
            progress=progress,
        )


def certificate_level(project: Path) -> str:
    """Return the level in a project's ``verdict.json``; ``UNVERIFIED`` without a readable one."""
    import json

    try:
        level = json.loads((project / "verdict.json").read_text("utf-8"))["level"]
    except (OSError, ValueError, KeyError, TypeError):
        return "UNVERIFIED"
    return str(level).upper()


__all__ = ["Result", "certificate_level"]
