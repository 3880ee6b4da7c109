"""What was learned on the way: fields of the state, sites, findings and assumptions."""

from __future__ import annotations

from dataclasses import dataclass, field

from nbprod.findings import Finding
from nbprod.split.learned_values import LearnSite, StateField


@dataclass
class Learned:
    """What was learned so far."""

    fields: dict[str, StateField] = field(default_factory=dict)
    sites: list[LearnSite] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    assumptions: dict[tuple[int, int, str], dict[str, object]] = field(default_factory=dict)
    by_node: dict[tuple[int, str], str] = field(default_factory=dict)
    runtime: set[str] = field(default_factory=set)  # small functions the generated package needs
    across_rows: bool = False  # the label of a row is made out of other rows
    imports: set[tuple[str, str]] = field(default_factory=set)
