"""Functions of pandas, numpy, scikit-learn and Python that need a rule of their own."""

from __future__ import annotations

import ast

from nbprod.flow.learning_calls import LearningCalls
from nbprod.flow.scope import axis_argument, base_name, keyword, literal
from nbprod.flow.values import CONST, Role, Val, join


class NamedCalls(LearningCalls):
    """One method a function, ``call_`` and its name."""

    def call_train_test_split(
        self, node: ast.Call, args: list[Val], keywords: dict[str, Val]
    ) -> Val:
        self.mark(node, "split")
        rows = next((a for a in args if a.is_row), None)
        if rows is None:
            return Val("const", "tuple", elems=tuple(CONST for _ in range(2 * len(args))))
        train, test = self.axis(rows.axis, "split:train"), self.axis(rows.axis, "split:test")
        parts = tuple(a.with_(axis=x, elems=None) for a in args for x in (train, test))
        return Val("row", "tuple", train, join(*args).sources, elems=parts)

    def call_concat(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        if node.args and isinstance(node.args[0], (ast.ListComp, ast.GeneratorExp, ast.Call)):
            if self.reads_files(node.args[0]):
                return self.source_of(node, "frame")
        parts = args[0] if args else keywords.get("objs", CONST)
        rows = [e for e in (parts.elems or ()) if e.is_row]
        if axis_argument(node, 1) == 1:
            return join(*(parts.elems or (parts,))).with_(kind="frame", elems=None)
        if not rows:
            return parts.with_(kind="frame", elems=None) if not parts.is_row else parts
        self.mark(node, "concat")
        joined = join(*(parts.elems or (parts,)))
        axis = self.axis(rows[0].axis, "concat", False)
        return joined.with_(kind=rows[0].kind, axis=axis, elems=None)

    def call_concatenate(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        return self.call_concat(node, args, keywords).with_(kind="array")

    def call_merge(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        joined = join(*args, *keywords.values())
        if joined.is_row:
            self.mark(node, "merge")
            left = args[0] if args else keywords.get("left", joined)
            axis = self.axis(left.axis if left.is_row else joined.axis, "relabel", False)
            return joined.with_(kind="frame", axis=axis, elems=None)
        return joined

    def call_DataFrame(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        joined = join(*args, *keywords.values())
        if joined.is_row:
            return joined.with_(kind="frame", elems=None, qual="")
        data = args[0] if args else keywords.get("data", CONST)
        if joined.role == "const" and (args or "data" in keywords) and self.depth == 0:
            if (data.known and data.literal in ([], {}, None)) or data.kind == "scalar":
                return Val("const", "frame")
            return self._source(node, "pandas.DataFrame")
        return Val(joined.role, "frame", sources=joined.sources)

    def call_json_normalize(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        return self.call_DataFrame(node, args, keywords)

    def call_Series(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        joined = join(*args, *keywords.values())
        return joined.with_(kind="series", elems=None, qual="", known=False)

    def call_get_dummies(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        joined = join(*args, *keywords.values())
        if joined.is_row:
            self.mark(node, "fused:get_dummies")
        return joined.with_(kind="frame", elems=None, qual="")

    def call_cut(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        joined = join(*args, *keywords.values())
        bins = node.args[1] if len(node.args) > 1 else keyword(node, "bins")
        known = isinstance(bins, (ast.List, ast.Tuple)) or (
            bins is not None
            and self.flow.val(bins).role in ("const", "stat")
            and not isinstance(literal(bins), int)
            and self.flow.val(bins).kind != "scalar"
        )
        if joined.is_row and not known:
            self.mark(node, "fused:bins")
        result = joined.with_(kind="series", elems=None, qual="category")
        if keyword(node, "retbins") is not None:
            return result.with_(
                kind="tuple", elems=(result, Val("stat", "list", sources=joined.sources))
            )
        return result

    def call_qcut(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        joined = join(*args, *keywords.values())
        if joined.is_row:
            self.mark(node, "fused:bins")
        result = joined.with_(kind="series", elems=None, qual="category")
        if keyword(node, "retbins") is not None:
            return result.with_(
                kind="tuple", elems=(result, Val("stat", "list", sources=joined.sources))
            )
        return result

    def call_factorize(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        return self.factorized(node, args[0]) if args and args[0].is_row else join(*args)

    def call_Categorical(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        joined = join(*args, *keywords.values())
        if args and args[0].is_row:
            if len(args) == 1 and not {"categories", "dtype"} & set(keywords):
                self.mark(node, "fused:categorical")
            return args[0].with_(kind="accessor", qual="cat", elems=None)
        return joined

    def call_where(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        joined = join(*args)
        if len(args) == 1 and joined.is_row:
            return joined.with_(kind="index")
        return joined.with_(kind="series" if joined.is_row else "any", elems=None, qual="")

    def call_zip(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        return join(*args).with_(kind="list", elems=None)

    def call_enumerate(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        return args[0].with_(kind="enumerate", elems=args[0].elems) if args else CONST

    def call_make_column_selector(
        self, node: ast.Call, args: list[Val], keywords: dict[str, Val]
    ) -> Val:
        return Val("const", "selector")

    def call_len(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        joined = join(*args)
        if not joined.is_row:
            return Val(joined.role, "any", sources=joined.sources, target=joined.target)
        self.touch()
        return Val("stat", "any", sources=joined.sources, target=joined.target, qual="count")

    def call_range(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        role: Role = "stat" if any(a.role == "stat" for a in args) else "const"
        return Val(role, "range", sources=join(*args).sources)

    def call_train(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        self.mark(node, "fit")
        root = base_name(node.func) or ""
        library = "lightgbm" if self.load(root).qual.startswith("lightgbm") else "xgboost"
        every = join(*args, *keywords.values())
        return Val("stat", "model", sources=every.sources, fitted=True, qual=f"{library}.Booster")

    def call_add_constant(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        joined = join(*args, *keywords.values())
        if joined.is_row:
            self.mark(node, "fused:add_constant")
        return joined.with_(elems=None)

    def call_cross_val_score(
        self, node: ast.Call, args: list[Val], keywords: dict[str, Val]
    ) -> Val:
        return Val("stat", "any", sources=join(*args).sources)

    call_vstack = call_concatenate
    call_cross_val_predict = call_cross_val_score
    call_cross_validate = call_cross_val_score
