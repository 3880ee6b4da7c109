"""Print ``features.py``: one function per cell or heading, called by ``fit`` and ``transform``."""

from __future__ import annotations

import ast
from typing import Any

from nbprod.flow.program import Program, Section
from nbprod.flow.tree import walk
from nbprod.modules.analysis import Analysis
from nbprod.modules.cutting import cut
from nbprod.modules.fitting_imports import learn_late
from nbprod.modules.functions import connect, print_function
from nbprod.modules.imports import Imports, arrange, parsed
from nbprod.modules.pieces import Piece
from nbprod.modules.printing import Printer
from nbprod.modules.tidy import rename, tidy
from nbprod.modules.variable_types import TABLES, Kind, VariableTypes
from nbprod.split.names import NameMap
from nbprod.split.numbered import numbered_anew


class Features:
    """Everything that ``features.py`` is printed from."""

    def __init__(
        self,
        analysis: Analysis,
        imports: Imports,
        constants: dict[str, str],
        printer: Printer,
    ) -> None:
        self.analysis = analysis
        self.printer = printer
        self.imports = imports
        self.constants = constants
        body = analysis.body
        self.extras = self._extras()
        wanted = _loads(body.x) | _loads(body.y) | {body.holdout} | set(self.extras)
        statements = [_constants(s, constants) for s in without_constants(body.body, constants)]
        self.body, self.names = tidy(statements, wanted - {""}, analysis.flow.renamed)
        spelled = {**constants, **self.names}
        self.x = _renamed(body.x, spelled)
        self.y = _renamed(body.y, spelled)
        self.holdout = self.names.get(body.holdout, body.holdout)
        self.wanted = {self.names.get(n, n) for n in wanted if n}
        self.sources = list(body.sources) or [analysis.primary]
        if analysis.primary in self.sources:
            self.sources.remove(analysis.primary)
            self.sources.insert(0, analysis.primary)
        self.helpers = self._helpers()
        outside = set(imports.known) | set(analysis.flow.functions)
        self.pieces: list[Piece] = cut(self.body, _sections(analysis.program))
        for piece in self.pieces:
            from nbprod.split.guards import merge_guards

            piece.body = merge_guards(piece.body)
        connect(self.pieces, self.sources, self.wanted, outside)
        types = VariableTypes(analysis.flow, self.names, self.sources)
        types.follow(self.pieces)
        self.x_type, self.y_type = (_type(types.of(part)) for part in (self.x, self.y))

    def _extras(self) -> list[str]:
        sink = self.analysis.sink
        own = {n.id for part in (sink.x, sink.y) if isinstance(part, ast.Name) for n in [part]}
        return sorted(self.analysis.slices.extras - own)

    def _helpers(self) -> list[str]:
        texts: list[str] = []
        node: Any
        for node in self.analysis.body.helpers:
            if isinstance(node, ast.ClassDef):
                continue
            if isinstance(node, ast.Assign):
                kept = without_constants([node], self.constants)
                texts += [self.printer.body([_constants(n, self.constants)], 0) for n in kept]
                continue
            learned = self.analysis.body.helper_state.get(node.name, [])
            if learned:
                names = {
                    n: self.analysis.body.names[n] for n in learned if n in self.analysis.body.names
                }
                node = NameMap(names).visit(_constants(node, {}))
                node.args.kwonlyargs.append(ast.arg("state"))
                node.args.kw_defaults.append(None)
            texts.append(self.printer.body([_constants(node, self.constants)], 0))
        return list(dict.fromkeys(texts))  # people define the same function twice

    # -- printing --------------------------------------------------------------------------------
    def text(self) -> str:
        """Return the source of ``features.py``."""
        functions = [print_function(p, self.printer) for p in self.pieces]
        body = "\n\n\n".join([*self.helpers, *functions, self._prepare(), FIT, self._transform()])
        replay = sorted(self.runtime())
        training = self._training()
        numpy = ("import numpy as np",) if "np.ndarray" in body + training else ()
        moved = learn_late(
            body, self.imports.used(f"{training}\n{body}", (*self._standard(), *numpy))
        )
        body, lines = moved.source, moved.head
        package = (
            [f"from .config import {', '.join(sorted(self._used(body)))}"]
            if self._used(body)
            else []
        )
        package.append("from .data import Sources")
        if replay:
            package.append(f"from .replay import {', '.join(replay)}")
        if self.classes():
            used = [
                c
                for c in self.classes()
                if c in {n.id for n in walk(parsed(body)) if isinstance(n, ast.Name)}
            ]
            if used:
                package.append(f"from .transformers import {', '.join(sorted(used))}")
        package.append("from .state import PreprocessState")
        title = '"""Preprocessing of the notebook: the same functions prepare training rows and requests.\n\nWith ``fitting`` true a function also learns: what it takes from the training rows goes into ``state``\nand is only read back when a request is served.\n"""'
        return "\n".join(
            [
                title,
                "",
                arrange(["from __future__ import annotations", *lines, *package]),
                "",
                "",
                training,
                "",
                "",
                body,
                "",
            ]
        )

    def classes(self) -> list[str]:
        """Return the names of the notebook's own classes that the path uses."""
        return [n.name for n in self.analysis.body.helpers if isinstance(n, ast.ClassDef)]

    def runtime(self) -> set[str]:
        """Return the replay functions used."""
        labels = {"row_labels"} if self._labels() != ("None", "None") else set()
        return self.analysis.body.learned.runtime | labels

    def _standard(self) -> tuple[str, ...]:
        extra = [
            f"from {module} import {name}"
            for module, name in sorted(self.analysis.body.learned.imports)
        ]
        if any(str(line).endswith("deepcopy") for line in extra) and not any(
            isinstance(n, ast.Name) and n.id == "deepcopy" for s in self.body for n in walk(s)
        ):
            extra = [line for line in extra if not line.endswith("deepcopy")]
        return (
            "from dataclasses import dataclass, field",
            "from typing import Any",
            "import pandas as pd",
            *extra,
        )

    def _used(self, body: str) -> set[str]:
        names = {n.id for n in walk(parsed(body)) if isinstance(n, ast.Name)}
        return names & set(self.constants.values())

    def _prepare(self) -> str:
        lines = [
            "def prepare(sources: Sources, state: PreprocessState, *, fitting: bool) -> Training:",
            '    """Run the notebook\'s preprocessing; learn into ``state`` when ``fitting``."""',
        ]
        for name in self.sources:
            lines.append(f"    {name} = sources.{name}")
        defined = set(self.sources)
        for piece in self.pieces:
            arguments = list(piece.inputs)
            if piece.uses_state:
                arguments.append("state")
            if piece.uses_fitting:
                arguments.append("fitting=fitting")
            call = f"{piece.name}({', '.join(arguments)})"
            lines.append(
                f"    {', '.join(piece.outputs)} = {call}" if piece.outputs else f"    {call}"
            )
            defined |= set(piece.outputs)
        x = self.printer.expression(self.x) if self.x is not None else "None"
        y = "None"
        if self.y is not None:
            y = self.printer.expression(self.y)
            if not isinstance(self.y, ast.Name):
                y = f"{y} if fitting else None"
        rows, holdout = self._labels()
        lines.append("    return Training(")
        lines.append(f"        X={x},")
        lines.append(f"        y={y},")
        if rows != "None":
            lines.append(f"        rows={rows},")
        if holdout != "None":
            lines.append(f"        holdout={holdout},")
        if self.extras:
            items = ", ".join(
                f'"{n}": {self.names.get(n, n)}'
                for n in self.extras
                if self.names.get(n, n) in defined
            )
            lines.append(f"        extras={{{items}}},")
        lines.append("    )")
        return "\n".join(lines)

    def _labels(self) -> tuple[str, str]:
        """Return the expressions for the raw row labels of the training and the held-back rows."""
        analysis = self.analysis
        flow, sink = analysis.flow, analysis.sink
        parts = []
        for node, final in ((sink.x, self.x), (sink.y, self.y)):
            if node is None or final is None:
                continue
            axis = flow.val(node).axis
            node, final = _with_labels(node), _with_labels(final)
            if axis is None or not flow.axes[axis].labelled or flow.val(node).kind == "array":
                continue
            if numbered_anew(flow, node, sink.statement):
                continue
            parts.append(self.printer.expression(final))
        rows = f"row_labels({', '.join(parts)}) if fitting else None" if parts else "None"
        known = bool(parts and self.holdout)
        holdout = f"row_labels({self.holdout}) if fitting else None" if known else "None"
        return rows, holdout

    def _training(self) -> str:
        label = "None" if self.y is None else self.y_type
        optional = label if label in ("Any", "None") else f"{label} | None"
        return TRAINING.format(features=self.x_type, label=optional)

    def _transform(self) -> str:
        primary = self.analysis.primary
        others = "".join(f", {s}=None" for s in self.sources if s != primary)
        table = f"{primary}=raw.reset_index(drop=True){others}"
        return TRANSFORM.format(sources=table, features=self.x_type)


TRAINING = '''@dataclass
class Training:
    """What is handed to ``fit``: features, labels and where the rows come from."""

    X: {features}
    y: {label}
    rows: pd.Index | None = None
    holdout: pd.Index | None = None
    extras: dict[str, Any] = field(default_factory=dict)'''

FIT = '''def fit(sources: Sources) -> tuple[PreprocessState, Training]:
    """Learn the preprocessing from the training data and return it with the training features."""
    state = PreprocessState()
    copies = Sources(*(table.copy() for table in sources))
    return state, prepare(copies, state, fitting=True)'''

TRANSFORM = '''def transform(raw: pd.DataFrame, state: PreprocessState) -> {features}:
    """Return the features of raw rows: the same rows in the same order.

    Raises:
        ValueError: the preprocessing lost or added rows.
    """
    features = prepare(Sources({sources}), state, fitting=False).X
    count = features.shape[0] if hasattr(features, "shape") else len(features)
    if count != len(raw):
        raise ValueError(f"preprocessing returned {{count}} rows for {{len(raw)}}")
    if isinstance(features, (pd.DataFrame, pd.Series)):
        features = features.set_axis(raw.index)
    return features'''


def _type(kind: Kind | None) -> str:
    return kind.type if kind is not None and kind.type in TABLES else "Any"


def _with_labels(node: ast.expr) -> ast.expr:
    """Return the table or column behind its bare ``.values``."""
    if isinstance(node, ast.Attribute) and node.attr == "values":
        return node.value
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "to_numpy"
    ):
        return node.func.value
    return node


def _loads(node: ast.expr | None) -> set[str]:
    return {n.id for n in walk(node) if isinstance(n, ast.Name)} if node is not None else set()


def _renamed(node: ast.expr | None, names: dict[str, str]) -> ast.expr | None:
    if node is None:
        return None
    new = rename(ast.Expr(node), names)
    assert isinstance(new, ast.Expr)
    return new.value


def _constants(node: ast.stmt, constants: dict[str, str]) -> ast.stmt:
    return rename(node, constants)


def without_constants(body: list[ast.stmt], constants: dict[str, str]) -> list[ast.stmt]:
    """Leave out the assignments that moved to ``config.py``."""
    out: list[ast.stmt] = []
    for node in body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id in constants
        ):
            continue
        if getattr(node, "guard", False):
            assert isinstance(node, ast.If)
            node.body = without_constants(node.body, constants)
            if not node.body and not node.orelse:
                continue
            node.body = node.body or [ast.Pass()]
        out.append(node)
    return out


def _sections(program: Program) -> dict[int, Section]:
    return program.sections
