"""Record what a network is trained on by a loop of the notebook, and what it answers afterwards."""

from __future__ import annotations

import ast
from importlib import import_module
from typing import Any

KEEPER = "__nbprod_kept__"
SPLITTER = "__nbprod_split__"


class Kept(ast.NodeTransformer):
    """Wraps the expressions of a cell whose values are wanted, found by their places."""

    def __init__(self, cell: int, plan: dict[str, Any]) -> None:
        self.places: dict[tuple[int, ...], list[str]] = {}
        wanted = [("rows", plan["rows"]["place"]), ("label", plan["label"]["place"])]
        for number, asked in enumerate(plan["asked"]):
            wanted += [
                ("rows" + str(number), asked["rows"]["place"]),
                ("answer" + str(number), asked["answer"]),
            ]
        for name, place in wanted:
            if place[0] == cell:
                self.places.setdefault(tuple(place[1:]), []).append(name)
        self.splits = {
            tuple(place[1:]): number
            for number, place in enumerate(plan["splits"])
            if place[0] == cell
        }

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if not isinstance(node, ast.expr) or not isinstance(
            getattr(node, "ctx", ast.Load()), ast.Load
        ):
            return node
        place = (
            node.lineno,
            node.col_offset,
            getattr(node, "end_lineno", 0),
            getattr(node, "end_col_offset", 0),
        )
        names = self.places.pop(place, None)
        number = self.splits.pop(place, None)
        if names is None and number is None:
            return node
        keeper = KEEPER if names is not None else SPLITTER
        listed = ast.parse(repr(number if names is None else names), mode="eval").body
        call = ast.Call(func=ast.Name(id=keeper, ctx=ast.Load()), args=[node, listed], keywords=[])
        for part in (call, call.func, *ast.walk(listed)):
            ast.copy_location(part, node)
        return call


class Networks:
    """Keeps rows and answers as they pass by, and asks the trained network for its own rows."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.values: dict[str, Any] = {}
        self.parts: dict[int, Any] = {}  # the places of the rows in each output of a split
        self.trained = False

    def marked(self, cell: int, tree: ast.Module) -> ast.Module:
        """Return the cell with the wanted expressions wrapped."""
        found: ast.Module = Kept(cell, self.plan).visit(tree)
        return found

    def keep(self, value: Any, names: list[str]) -> Any:
        """Take a copy of a value, and hand it on."""
        for name in names:
            if name.startswith("answer") or not self.trained or name not in self.values:
                self.values[name] = _copied(value)
        return value

    def splitter(self, function: Any, number: int) -> Any:
        """Return a split that also tells which rows it takes: it is asked for places in the same way."""

        def split(*arrays: Any, **options: Any) -> Any:
            found = function(*arrays, **options)
            self.parts[number] = function(*[range(len(a)) for a in arrays], **options)
            return found

        return split

    def rows(self, name: str, plan: dict[str, Any]) -> Any:
        """Return a table that was kept, or the part of it that splits took; None when it was not seen."""
        value = self.values.get(name)
        for number, output in plan["taken"]:
            places = self.parts.get(number)
            if value is None or places is None:
                return None
            chosen = list(places[output])
            value = value.iloc[chosen] if hasattr(value, "iloc") else value[chosen]
        return value

    def ends(self, cell: int, node: ast.stmt) -> bool:
        """Say whether this statement is the last one of the training."""
        end = self.plan["end"]
        lines = [getattr(part, "lineno", node.lineno) for part in ast.walk(node)]
        return bool(cell == end["cell"] and min(lines) <= end["line"] <= max(lines))

    def outputs(self, names: dict[str, Any], rows: Any) -> Any:
        """Return what the trained network says of rows, in evaluation mode."""
        torch = import_module("torch")
        network = names[self.plan["model"]]
        modes = [(module, module.training) for module in network.modules()]
        network.eval()
        device = next((p.device for p in network.parameters()), None)
        try:
            space = dict(names)
            space["X"] = rows
            batch = eval(self.plan["tensor"], space)  # noqa: S307
            with torch.no_grad():
                return network(batch.to(device)).detach().cpu().numpy()
        finally:
            for module, mode in modes:
                module.training = mode

    def asked(self) -> list[tuple[Any, Any, int, int]]:
        """Return the rows that the notebook asks the network for, its answers, and where."""
        found = []
        for number, asked in enumerate(self.plan["asked"]):
            rows = self.rows("rows" + str(number), asked["rows"])
            answer = self.values.get("answer" + str(number))
            if rows is not None and answer is not None:
                answer = _whole(answer)
                if answer is not None and len(answer) == len(rows):
                    found.append((rows, answer, asked["answer"][0], asked["answer"][1]))
        return found


def _copied(value: Any) -> Any:
    copy = getattr(value, "clone", None) or getattr(value, "copy", None)
    return copy() if copy is not None else value


def _whole(answer: Any) -> Any:
    """Return answers as an array, those of batches one after the other."""
    import numpy as np

    if hasattr(answer, "detach"):
        answer = answer.detach().cpu().numpy()
    if isinstance(answer, (list, tuple)) and answer and hasattr(answer[0], "__len__"):
        answer = np.concatenate([_whole(part) for part in answer])
    found = np.asarray(answer)
    return found if found.ndim else None


__all__ = ["KEEPER", "SPLITTER", "Networks"]
