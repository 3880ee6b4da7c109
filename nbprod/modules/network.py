"""Print a network of PyTorch: ``network.py`` builds, asks and keeps it, and what trains it goes into ``model.py``."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import cast

from nbprod.findings import NotebookError
from nbprod.flow.networks.needed import free
from nbprod.flow.networks.values import Training
from nbprod.flow.program import origin
from nbprod.flow.scope import literal
from nbprod.flow.substitution import Replace, assigned_names
from nbprod.flow.tree import walk
from nbprod.modules.analysis import Analysis
from nbprod.modules.imports import Imports, arrange, parsed
from nbprod.modules.printing import Printer
from nbprod.modules.tidy import rename

SIZES = "sizes"
FEATURES = ("shape[1]", "shape[-1]", "columns)", "features)")
CLASSES = ("unique", "classes_", "set(", "nunique")


@dataclass(frozen=True)
class Built:
    """How a network is built: statements up to its call, and what it takes from the data, by name."""

    statements: tuple[ast.stmt, ...]
    call: ast.expr
    sizes: dict[str, ast.expr]


class NetworkParts:
    """The statements of a training, cut into what builds the network and what trains it."""

    def __init__(self, analysis: Analysis, constants: dict[str, str], known: set[str]) -> None:
        assert analysis.sink.training is not None
        self.training: Training = analysis.sink.training
        self.constants = constants
        self.analysis = analysis
        flow = analysis.flow
        self.outside = known | set(flow.functions) | set(constants)
        self.outside |= {s.name for s in flow.body if isinstance(s, ast.ClassDef)}
        self._check_classes(known)
        self.built, self.statements = self._cut()

    def _check_classes(self, known: set[str]) -> None:
        """Refuse classes that read what only the training has: they are loaded without it."""
        flow = self.analysis.flow
        fixed = {
            n.id
            for s in flow.body
            if isinstance(s, ast.Assign) and literal(s.value) is not NotImplemented
            for n in s.targets
            if isinstance(n, ast.Name)
        }
        used = {n.id for s in self.training.statements for n in walk(s) if isinstance(n, ast.Name)}
        for node in flow.body:
            if isinstance(node, ast.ClassDef) and node.name in used:
                strange = sorted(free(node) - self.outside - known - fixed)
                if strange:
                    at = origin(node)
                    raise NotebookError(
                        f"E-NOSINK: cell {at.cell}:{at.line}: the class {node.name} reads {strange[0]} from around it, which "
                        "the service does not have; hand it to the constructor"
                    )

    def _cut(self) -> tuple[Built, list[ast.stmt]]:
        training = self.training
        place = next(
            (
                i
                for i, s in enumerate(training.statements)
                if any(n is training.built for n in walk(s))
            ),
            None,
        )
        maker = training.statements[place] if place is not None else None
        if place is None or not isinstance(maker, ast.Assign):
            at = origin(training.built)
            where, advice = "inside a function", "build it at the top of a cell"
            if isinstance(maker, (ast.For, ast.While)):
                where = "in each round of a loop"
                advice = "train the network to serve once, after the loop, on all rows"
            elif isinstance(maker, ast.If):
                where, advice = "in a branch", "write the branch that is taken at the top of a cell"
            raise NotebookError(
                f"E-NOSINK: cell {at.cell}:{at.line}: {ast.unparse(training.built)[:60]} is built {where}, so it could not "
                f"be built again when it is loaded; {advice}"
            )
        making = self._making(place)
        sizes: dict[str, ast.expr] = {}
        own = assigned_names(making)
        inner = _Sizes(self.outside | own, sizes)
        call = cast("ast.expr", inner.visit(copy.deepcopy(training.built)))
        statements = tuple(cast("ast.stmt", inner.visit(copy.deepcopy(s))) for s in making)
        arguments = [ast.keyword(None, ast.Name(SIZES, ast.Load()))] if sizes else []
        again = ast.Call(ast.Name("build_network", ast.Load()), [], arguments)
        memo = {id(training.built): training.built}
        new = cast("ast.stmt", Replace(training.built, again).visit(copy.deepcopy(maker, memo)))
        out: list[ast.stmt] = []
        for index, statement in enumerate(training.statements):
            if any(statement is m for m in making):
                continue
            if index == place and sizes:
                pairs = [(ast.Constant(name), value) for name, value in sizes.items()]
                given = ast.Dict([k for k, _ in pairs], [v for _, v in pairs])
                first = ast.Assign([ast.Name(SIZES, ast.Store())], given)
                first.lead = getattr(new, "lead", [])  # type: ignore[attr-defined]
                new.lead = []  # type: ignore[attr-defined]
                out.append(first)
            out.append(new if index == place else statement)
        return Built(statements, call, sizes), out

    def _making(self, place: int) -> list[ast.stmt]:
        """Return the statements that make what the call of the network is given, such as a list of layers."""
        training = self.training
        live = _reads(training.built)
        found: list[ast.stmt] = []
        filled: set[str] = set()
        for node in reversed(training.statements[:place]):
            changed = assigned_names([node]) | {
                n.func.value.id
                for n in walk(node)
                if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
                and isinstance(n.func.value, ast.Name)
            }  # fmt: skip
            layers = "nn." in ast.unparse(node) and "parameters()" not in ast.unparse(node)
            starts = isinstance(node, ast.Assign) and changed & (assigned_names(found) | filled)
            if changed & live and (layers or starts):
                filled |= changed
                found.insert(0, node)
                live |= _reads(node)
        return found

    # -- model.py ----------------------------------------------------------------------------------
    def final(self, x_name: str, y_name: str) -> list[ast.stmt]:
        """Return the statements that train, with the features and the label of ``training`` in them."""
        swaps = {id(self.training.rows): x_name, id(self.training.label): y_name}
        memo = {key: ast.Name(name, ast.Load()) for key, name in swaps.items()}
        return [copy.deepcopy(s, dict(memo)) for s in self.statements]

    def returned(self) -> str:
        """Return the expression of the trained network."""
        return f"Network({self.training.model}, {SIZES if self.built.sizes else '{}'})"

    # -- network.py --------------------------------------------------------------------------------
    def text(self, imports: Imports, printer: Printer) -> str:
        """Return the source of ``network.py``."""
        constants = self.constants
        parameters = ", ".join(f"{name}: Any" for name in self.built.sizes)
        cell = origin(self.training.built).cell
        body = printer.body([rename(s, constants) for s in self.built.statements])
        call = printer.expression(_value(rename(ast.Expr(self.built.call), constants)))
        build = "\n".join(
            [
                f"def build_network({parameters}) -> torch.nn.Module:",
                f'    """Return the network of notebook cell {cell} with its first weights."""',
                *([body] if body else []),
                f"    return {call}",
            ]
        )
        tensor = TENSOR.format(expression=self.training.tensor)
        source = f"{build}\n\n\n{tensor}\n\n\n{NETWORK}"
        names = {n.id for n in walk(parsed(source)) if isinstance(n, ast.Name)}
        settings = sorted(names & set(constants.values()))
        classes = sorted(
            s.name
            for s in self.analysis.flow.body
            if isinstance(s, ast.ClassDef) and s.name in names
        )
        functions = sorted(set(self.analysis.flow.functions) & names)
        if functions:
            raise NotebookError(
                f"E-NOSINK: cell {cell}:{origin(self.training.built).line}: the network is built by {functions[0]}(); "
                "write what it does at the top of a cell, or as a class"
            )
        package = [f"from .config import {', '.join(settings)}"] if settings else []
        package += [f"from .transformers import {', '.join(classes)}"] if classes else []
        lines = [
            "from __future__ import annotations",
            "import json",
            "from pathlib import Path",
            "from typing import Any",
            "import numpy as np",
            "import torch",
            *imports.used(source),
            *package,
        ]
        head = '"""The network of the notebook: how it is built, asked and kept."""'
        places = 'WEIGHTS = "network.pt"\nBUILT_FROM = "network.json"'
        return f"{head}\n\n{arrange(lines)}\n\n{places}\n\n\n{source}\n"


class _Sizes(ast.NodeTransformer):
    """Put names in the place of what a network takes from the data."""

    def __init__(self, outside: set[str], sizes: dict[str, ast.expr]) -> None:
        self.outside, self.sizes = outside, sizes

    def visit(self, node: ast.AST) -> ast.AST:
        if not isinstance(node, ast.expr) or not self._from_data(node):
            return node if isinstance(node, ast.expr) else self.generic_visit(node)
        calls_layers = (
            isinstance(node, ast.Call) and not self._from_data(node.func) and self._layer(node)
        )
        if calls_layers or isinstance(node, (ast.List, ast.Tuple, ast.Starred, ast.Dict)):
            return self.generic_visit(node)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            return node
        return ast.copy_location(ast.Name(self._named(node), ast.Load()), node)

    def _layer(self, node: ast.Call) -> bool:
        name = ast.unparse(node.func)
        last = name.rsplit(".", 1)[-1]
        return last[:1].isupper() or last in ("append", "extend", "add_module")

    def _from_data(self, node: ast.AST) -> bool:
        bound = {
            n.id for n in walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
        }
        return bool(_reads(node) - self.outside - bound)

    def _named(self, node: ast.expr) -> str:
        text = ast.unparse(node)
        for name, value in self.sizes.items():
            if ast.unparse(value) == text:
                return name
        name = "size"
        if isinstance(node, ast.Name):
            name = node.id
        elif any(word in text for word in FEATURES):
            name = "n_features"
        elif any(word in text for word in CLASSES):
            name = "n_classes"
        free, count = name, 2
        while free in self.sizes:
            free, count = f"{name}_{count}", count + 1
        self.sizes[free] = node
        return free


def _reads(node: ast.AST) -> set[str]:
    import builtins

    names = {n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return names - set(dir(builtins))


def _value(node: ast.stmt) -> ast.expr:
    assert isinstance(node, ast.Expr)
    return node.value


TENSOR = '''def tensor(X: Any) -> torch.Tensor:
    """Return features as the network takes them, one row a row."""
    return {expression}'''

NETWORK = '''def plain(size: Any) -> Any:
    """Return a number of NumPy as JSON has it."""
    return size.tolist() if hasattr(size, "tolist") else size


class Network:
    """A trained network and what it was built from; it answers in evaluation mode, row by row."""

    def __init__(self, module: torch.nn.Module, sizes: dict[str, Any]) -> None:
        self.module = module.cpu().eval()
        self.sizes = {name: plain(size) for name, size in sizes.items()}

    @property
    def classes_(self) -> np.ndarray:
        """The codes of the classes, (n classes,): one an output, two of a single one."""
        wide = [m.out_features for m in self.module.modules() if isinstance(m, torch.nn.Linear)]
        return np.arange(max(2, wide[-1])) if wide else np.arange(0)

    def predict(self, X: Any) -> np.ndarray:
        """Return the outputs of the network, (n rows,) or (n rows, n outputs), in its own precision."""
        with torch.no_grad():
            output = self.module(tensor(X)).numpy()
        return output if output.shape[:1] == (len(X),) else output.reshape(len(X), -1)

    def save(self, folder: Path) -> None:
        """Write weights and sizes into ``folder``."""
        torch.save(self.module.state_dict(), folder / WEIGHTS)
        (folder / BUILT_FROM).write_text(json.dumps(self.sizes), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Network:
        """Build the network again and give it the weights in ``folder``; nothing else is unpickled."""
        sizes = json.loads((folder / BUILT_FROM).read_text("utf-8"))
        weights = torch.load(folder / WEIGHTS, map_location="cpu", weights_only=True)
        module = build_network(**sizes)
        for weight in weights.values():
            if weight.is_floating_point():
                module = module.to(weight.dtype)
        module.load_state_dict(weights)
        return cls(module, sizes)'''


__all__ = ["NetworkParts"]
