"""Where values are learned: fields of the state, the ledger of sites, refusals and assumptions."""

from __future__ import annotations

import ast
import copy

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow, RowAxis
from nbprod.split.kinds import comment
from nbprod.split.learned import Learned
from nbprod.split.learned_values import LearnSite, StateField
from nbprod.split.names import identity
from nbprod.split.naming import Namer

REFUSED = {
    "cross": (
        "E-CROSS-ROW",
        "the value for one row depends on other rows, so it cannot be computed for one request",
        "drop the feature, keep a history store, or replace it by a value learned from the training rows",
    ),
    "expand": (
        "E-EXPAND",
        "one row becomes several or rows become columns; a request of one row has no such result",
        "reshape the data before it reaches the notebook, or compute the feature per row",
    ),
    "random": (
        "E-RANDOM",
        "random numbers on the serving path: the same row would get a different answer each time",
        "fill with a statistic such as the median",
    ),
    "dynamic": (
        "E-DYNAMIC-CODE",
        "code built at run time cannot be analysed",
        "write the statement out",
    ),
}


class LearnSites:
    """What one rewriting of a program has learned so far, and how to read it back."""

    def __init__(self, flow: Flow, learned: Learned, namer: Namer) -> None:
        self.flow = flow
        self.learned = learned
        self.namer = namer
        self.names: dict[str, ast.expr] = {}  # learned variables and where they are kept
        self.keys: list[str] = []  # loop variables around the statement
        self.before: list[ast.stmt] = []  # learn lines to put before the statement
        self.constructors: dict[str, ast.expr] = {}
        self.functions_state: dict[str, list[str]] = {}
        self.snapshots: dict[str, ast.expr] = {}  # tables that row functions look into
        self.bound: list[set[str]] = []
        self.routed = False
        self.for_label = False  # what is written is the label alone: training has all rows in order
        self.partial: set[str] = set()  # columns that the serving path does not make

    def access(self, name: str) -> ast.expr:
        """Return ``state.name`` or ``state.name[key]``."""
        node: ast.expr = ast.Attribute(ast.Name("state", ast.Load()), name, ast.Load())
        if self.keys:
            node = ast.Subscript(node, self.key(), ast.Load())
        return node

    def key(self) -> ast.expr:
        names: list[ast.expr] = [ast.Name(k, ast.Load()) for k in self.keys]
        return names[0] if len(names) == 1 else ast.Tuple(names, ast.Load())

    def learn(
        self,
        wanted: str,
        expression: ast.expr,
        source: ast.AST,
        kind: str,
        annotation: str,
        codec: str,
        target: bool = False,
    ) -> ast.expr:
        """Store the value of an expression in the state; return how to read it."""
        place = (identity(source), "")
        if place in self.learned.by_node:
            return self.access(self.learned.by_node[place])
        name = self.namer.new(wanted)
        self.learned.by_node[place] = name
        self.declare(name, source, kind, annotation, codec, ast.unparse(expression))
        access = self.access(name)
        store = copy.deepcopy(access)
        store.ctx = ast.Store()  # type: ignore[attr-defined]
        line = ast.Assign([store], expression)
        line.learned = name  # type: ignore[attr-defined]
        self.before.append(line)
        return access

    def declare(
        self, name: str, source: ast.AST, kind: str, annotation: str, codec: str, text: str = ""
    ) -> None:
        """Add a field to the state and a site to the ledger."""
        at = origin(source)
        val = self.flow.val(source)
        text = text or (ast.unparse(source) if isinstance(source, ast.expr) else "")
        self.learned.fields[name] = StateField(
            name, annotation, codec, bool(self.keys), comment(kind, text), at  # type: ignore[arg-type]
        )
        self.learned.sites.append(
            LearnSite(
                f"S{len(self.learned.sites) + 1}", at.cell, at.line, text[:200], kind, name,
                self.fitted_on(source), val.target,
            )
        )  # fmt: skip

    def fitted_on(self, source: ast.AST) -> str:
        """Say which rows a value is learned from."""
        axes: list[RowAxis] = []
        for part in walk(source):
            val = self.flow.val(part)
            if val.is_row and val.axis is not None:
                axis: RowAxis | None = self.flow.axes[val.axis]
                while axis is not None:
                    axes.append(axis)
                    axis = self.flow.axes[axis.parent] if axis.parent is not None else None
        hows = {a.how for a in axes}
        if "split:train" in hows:
            return "train split"
        if "concat" in hows:
            return "train+test"
        return "all rows"

    def refuse(self, node: ast.AST, rule: str) -> None:
        """Record why an operation cannot be served."""
        code, message, advice = REFUSED[rule]
        at = origin(node)
        if not any(f.code == code and f.origin == at for f in self.learned.findings):
            source = ast.unparse(node)
            self.learned.findings.append(
                Finding(code, f"{source[:80]}: {message}", at, source[:200], advice)
            )

    def across_rows(self, node: ast.AST) -> None:
        """Record that the label of a row is made out of other rows: training has them, a request needs none."""
        at = origin(node)
        self.learned.across_rows = True
        if not any(f.code == "W-LABEL-ACROSS" and f.origin == at for f in self.learned.findings):
            source = ast.unparse(node)
            self.learned.findings.append(
                Finding(
                    "W-LABEL-ACROSS",
                    f"{source[:80]}: the label of a row is made out of other rows, so rows that come alone cannot be scored",
                    at,
                    source[:200],
                    "keep the label as a column of the data where outcomes are to be watched",
                )
            )

    def _clock(self, node: ast.expr) -> None:
        self.learned.findings.append(
            Finding(
                "W-CLOCK",
                f"{ast.unparse(node)} is the time of training when serving, so that answers do not drift with the clock",
                origin(node),
                advice="compute ages from a date column where the answer must follow the calendar",
            )
        )

    def _assume(self, node: ast.expr) -> None:
        at = origin(node)
        what = self.flow.assumed[id(node)]
        self.learned.assumptions[(at.cell, at.line, what)] = {
            "cell": at.cell,
            "line": at.line,
            "what": what,
            "source": ast.unparse(node)[:200],
        }
