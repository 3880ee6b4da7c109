"""Statements on the serving path whose answer is not a function of the row alone, found by reading them."""

from __future__ import annotations

from nbprod.findings import Finding
from nbprod.flow.values import Flow
from nbprod.split.in_place_order import reordered_in_place
from nbprod.split.learned import Learned
from nbprod.split.marks import Slices
from nbprod.split.outside import dynamic, reads
from nbprod.split.row_lists import uneven
from nbprod.split.row_memory import memories
from nbprod.split.row_places import places
from nbprod.split.served import served
from nbprod.split.sinks import Sink


def hazards(flow: Flow, slices: Slices, sink: Sink, learned: Learned) -> list[Finding]:
    """Return the findings; what can only be assumed is added to ``learned.assumptions``."""
    statements = list(served(flow, slices, sink))
    found = [
        *dynamic(flow, sink),
        *memories(flow, statements),
        *uneven(flow, statements),
        *places(flow, statements),
        *reordered_in_place(flow, sink, statements),
        *reads(flow, statements, learned),
    ]
    return list({(f.code, f.origin): f for f in reversed(found)}.values())[::-1]


__all__ = ["hazards"]
