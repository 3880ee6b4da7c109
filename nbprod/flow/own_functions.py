"""Transfer functions for calls of the notebook's own functions: their body, with what they are called with."""

from __future__ import annotations

import ast

from nbprod.flow.binding import Binding
from nbprod.flow.scope import keyword, literal
from nbprod.flow.tree import walk
from nbprod.flow.values import CONST, Flow, Val, join

DEEPEST = 5
CHOOSING = ("filter", "dropna", "concat", "relabel", "reorder", "set_index")


class OwnFunctions(Binding):
    """Calls of functions and lambdas of the notebook."""

    def block(self, body: list[ast.stmt]) -> None:
        """Interpret statements."""
        raise NotImplementedError

    def call_function(
        self,
        node: ast.AST,
        function: Val,
        args: list[Val],
        keywords: dict[str, Val],
        callback: bool = False,
    ) -> Val:
        """Evaluate a notebook function for one call; remember whether it must be taken apart."""
        definition = function.fn
        if definition is None or self.depth >= DEEPEST:
            return join(*args, *keywords.values())
        if any(a.is_row for a in args) and any(
            isinstance(n, (ast.Yield, ast.YieldFrom)) for n in walk(definition)
        ):
            self.assume(
                node, f"{ast.unparse(node)[:60]} is assumed to yield a value for each row by itself"
            )
            return Val("row", "list", join(*args).axis, join(*args).sources)
        if any(a.role == "elem" for a in args):
            self.flow.row_functions.add(id(definition))
        saved = dict(self.env)
        parameters = [*definition.args.posonlyargs, *definition.args.args]
        defaults = definition.args.defaults
        for parameter, default in zip(
            parameters[len(parameters) - len(defaults) :], defaults, strict=True
        ):
            self.env[parameter.arg] = self.ev(default)
        for parameter in parameters[: len(parameters) - len(defaults)]:
            self.env[parameter.arg] = CONST
        for parameter, arg in zip(parameters, args, strict=False):
            self.env[parameter.arg] = arg
        for parameter, default2 in zip(
            definition.args.kwonlyargs, definition.args.kw_defaults, strict=True
        ):
            self.env[parameter.arg] = self.ev(default2) if default2 is not None else CONST
        names = {p.arg for p in [*parameters, *definition.args.kwonlyargs]}
        for name, val in keywords.items():
            if name in names:
                self.env[name] = val
        self.depth += 1
        try:
            if isinstance(definition, ast.Lambda):
                return self.ev(definition.body)
            self.impure.append(False)
            self.returns.append([])
            self.block(definition.body)
            results = self.returns.pop()
            if self.impure.pop():
                self.flow.impure.add(definition.name)
        finally:
            self.depth -= 1
            self.env = saved
        if not results:
            return Val("const", "none")
        if not callback and isinstance(node, ast.Call):
            selected = self._selection(node, definition, args, results)
            if selected is not None:
                return selected
        best = results[0] if len(results) == 1 else join(*results)
        if len(results) > 1 and all(r.elems is not None for r in results):
            best = results[-1]
        return best

    def _selection(
        self, node: ast.Call, definition: ast.FunctionDef, args: list[Val], results: list[Val]
    ) -> Val | None:
        """Recognise a helper that returns some of the rows of its table and changes nothing else."""
        tables = [a for a in args if a.is_row and a.kind == "frame"]
        if len(tables) != 1 or len(results) != 1 or not results[0].is_row:
            return None
        table, result = tables[0], results[0]
        if result.kind != "frame" or result.axis is None or result.axis == table.axis:
            return None
        hows: list[str] = []
        axis: int | None = result.axis
        while axis is not None and axis != table.axis:
            hows.append(self.flow.axes[axis].how)
            axis = self.flow.axes[axis].parent
        if axis is None or not set(hows) <= set(CHOOSING) or not set(hows) & {"filter", "dropna"}:
            return None
        if _stores_columns(self.flow, definition):
            return None
        self.mark(node, "filter")
        self.flow.selectors.add(definition.name)
        self.assume(node, f"{definition.name}() is assumed to choose rows and change nothing else")
        labelled = False if set(hows) & {"concat", "relabel", "set_index"} else None
        return table.with_(axis=self.axis(table.axis, "filter", labelled))


def _stores_columns(flow: Flow, definition: ast.FunctionDef) -> bool:
    for node in walk(definition):
        if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            if flow.val(node.value).is_row:
                return True
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if literal(keyword(node, "inplace")) is True or node.func.attr in (
                "fit",
                "fit_transform",
            ):
                return True
    return False
