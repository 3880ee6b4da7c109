"""What is emitted, and the state that the emission of one program shares."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from nbprod.flow.tree import shallow
from nbprod.flow.values import Flow
from nbprod.split.guards import guard
from nbprod.split.learned import Learned
from nbprod.split.marks import Slices
from nbprod.split.naming import Namer
from nbprod.split.rewrite import Rewriter
from nbprod.split.sinks import Sink


@dataclass
class Emitted:
    """The statements of the generated body and what was learned on the way."""

    body: list[ast.stmt] = field(default_factory=list)
    learned: Learned = field(default_factory=Learned)
    constants: list[ast.Assign] = field(default_factory=list)
    helpers: list[ast.stmt] = field(default_factory=list)
    helper_state: dict[str, list[str]] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    names: dict[str, ast.expr] = field(default_factory=dict)
    x: ast.expr | None = None
    y: ast.expr | None = None
    holdout: str = ""  # variable with the rows that the notebook's split keeps back


class Emission:
    """Marked statements on their way into statements of the generated package."""

    def __init__(
        self, flow: Flow, slices: Slices, sink: Sink, mode: str, learned: Learned | None = None
    ) -> None:
        self.flow = flow
        self.slices = slices
        self.sink = sink
        self.mode = mode  # "fit": body of both modes; "label": serving form of the label path
        self.learned = learned or Learned()
        self.rewriter = Rewriter(flow, self.learned, Namer())
        self.out = Emitted(learned=self.learned)

    def _block(self, body: list[ast.stmt]) -> tuple[list[ast.stmt], bool]:
        """Emit statements; say whether the fit of the model was met among them."""
        raise NotImplementedError

    def _both(self, node: ast.stmt) -> list[ast.stmt]:
        """Emit one statement for fitting and serving."""
        raise NotImplementedError

    def _flush(self) -> list[ast.stmt]:
        """Return the pending learn lines under the flag."""
        lines, self.rewriter.before = self.rewriter.before, []
        if not lines or self.mode == "label":
            return []
        return [guard(lines, [], None)]

    def _finish(self, node: ast.stmt, new: list[ast.stmt]) -> list[ast.stmt]:
        out = self._placed(node, [*self._flush(), *new])
        lead, tail = getattr(node, "lead", []), getattr(node, "tail", [])
        for index, statement in enumerate(out):
            if isinstance(statement, ast.If) and getattr(statement, "guard", False):
                statement.body = [_said(s, node) for s in statement.body]
                statement.orelse = [_said(s, node) for s in statement.orelse]
            elif hasattr(node, "otherwise"):
                statement.otherwise = node.otherwise  # type: ignore[attr-defined]
            statement.lead = lead if index == 0 else []  # type: ignore[attr-defined]
            statement.tail = tail if index == len(out) - 1 else []  # type: ignore[attr-defined]
            statement.trail = ""  # type: ignore[attr-defined]
        if out:
            last = out[-1]
            if isinstance(last, ast.If) and getattr(last, "guard", False):
                last = last.body[-1]  # the comment is about what is done, not about the flag
            last.trail = getattr(node, "trail", "")  # type: ignore[attr-defined]
        return out

    def _placed(self, node: ast.stmt, new: list[ast.stmt]) -> list[ast.stmt]:
        """Place new statements where ``node`` stands in the notebook."""
        for statement in new:
            ast.copy_location(statement, node)
            statement.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
            statement.helper = getattr(node, "helper", "")  # type: ignore[attr-defined]
            statement.via = getattr(node, "via", None)  # type: ignore[attr-defined]
        return new


def _said(statement: ast.stmt, node: ast.stmt) -> ast.stmt:
    """Return a statement below a flag without the comments of ``node``, which stand around the flag."""
    lead, tail = getattr(statement, "lead", []), getattr(statement, "tail", [])
    own_lead = [] if lead == getattr(node, "lead", []) else lead
    own_tail = [] if tail == getattr(node, "tail", []) else tail
    if own_lead == lead and own_tail == tail:
        return statement
    new = shallow(statement)
    new.lead, new.tail = own_lead, own_tail  # type: ignore[attr-defined]
    return new
