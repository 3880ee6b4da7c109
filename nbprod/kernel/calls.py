"""Lower calls: by their rule, as they are when they do not depend on rows, or with the function that is called."""

from __future__ import annotations

import ast
import builtins

from nbprod.kernel import rules
from nbprod.kernel.making import NAMES, Making, shown
from nbprod.kernel.values import PLAIN, Kind, Lowered, NotLowered


class Calls(Making):
    """Lower calls of methods, of imported functions and of those of the notebook."""

    def _call(self, node: ast.Call) -> Lowered:
        function = node.func
        if isinstance(function, ast.Attribute):
            base = self.lower(function.value)
            what, name = base.kind.what, function.attr
            if what == "module":
                return self._function(node, f"{base.kind.dtype}.{name}")
            found = rules.CALLS.get((what, name))
            if found is not None:
                return found(self.whole, node, base)
            if what in ("plain", "learned"):
                return self._plain_call(node, ast.Attribute(base.node, name, ast.Load()))
            raise NotLowered(f".{name}() of a {NAMES.get(what, what)} has no rule", node)
        if isinstance(function, ast.Name):
            if function.id in self.imports and function.id not in self.kinds:
                return self._function(node, self.imports[function.id])
            if ("function", function.id) in rules.CALLS and function.id not in self.functions:
                return self._function(node, function.id)
            if function.id in self.functions:
                return self._own_function(node, function)
            if hasattr(builtins, function.id) and function.id not in self.kinds:
                return self._plain_call(node, function)
        raise NotLowered(f"{shown(function)}() has no rule", node)

    def _own_function(self, node: ast.Call, function: ast.Name) -> Lowered:
        """A function of the notebook: of plain values as it is, of frames and columns lowered."""
        arguments = [self.lower(a) for a in node.args if not isinstance(a, ast.Starred)]
        if all(a.kind.what in ("plain", "learned", "state") for a in arguments):
            self.needed.add(function.id)
            return self._plain_call(node, function)
        return self.lowered_function(node, function.id, arguments)

    def lowered_function(self, node: ast.Call, name: str, arguments: list[Lowered]) -> Lowered:
        """Return the call of a function of the notebook that works on frames or columns."""
        raise NotImplementedError

    def _function(self, node: ast.Call, qualified: str) -> Lowered:
        found = rules.CALLS.get(("function", qualified))
        if found is None:
            if qualified.split(".")[0] in ("math", "re", "string"):
                return self._plain_call(node, node.func)
            raise NotLowered(f"{qualified}() has no rule", node)
        return found(self.whole, node, Lowered(node.func, Kind("module", qualified)))

    def _plain_call(self, node: ast.Call, function: ast.expr) -> Lowered:
        args = [self.plain(a) for a in node.args]
        keywords = [ast.keyword(k.arg, self.plain(k.value)) for k in node.keywords]
        return Lowered(ast.Call(function, args, keywords), PLAIN)


__all__ = ["Calls"]
