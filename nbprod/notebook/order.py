"""Whether the cells were last run in the order in which they stand."""

from __future__ import annotations

from itertools import pairwise

from nbprod.findings import Finding, Origin
from nbprod.notebook.values import Notebook


def out_of_order(notebook: Notebook) -> list[Finding]:
    """Return a finding for the first cell that was run before a cell above it.

    The counts change with every run, so this is never part of a generated project.
    """
    counts = [(c.execution_count, c.number) for c in notebook.code_cells if c.execution_count]
    for (before, _), (after, number) in pairwise(counts):
        if before > after:
            message = (
                f"cell {number} was last run before a cell above it (In [{after}], In [{before}])"
            )
            advice = "the saved outputs may not be those of a run from top to bottom; run all cells again"
            return [Finding("W-OUT-OF-ORDER", message, Origin(number, 1), "", advice)]
    return []


__all__ = ["out_of_order"]
