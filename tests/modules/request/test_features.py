"""``features.py`` learns with ``fit`` and asks with ``transform``."""

from __future__ import annotations

from nbprod.modules.imports import Imports
from nbprod.modules.request.analysis import Asked
from nbprod.modules.request.features import print_features
from nbprod.modules.request.pieces import pieces_of

STATE = {"popular": "popular", "heard": "heard"}


def test_what_the_function_reads_goes_into_the_state_and_comes_from_it(asked: Asked) -> None:
    imports = Imports(asked.flow.body)
    pieces = pieces_of(asked, {}, imports, set(STATE))
    source = print_features(asked, pieces, imports, {}, STATE)
    assert "    state.popular = popular\n    state.heard = heard\n" in source
    assert "known = known_requests(sources.requests)" in source
    assert "plain_answer(suggest(user=user, k=k, state=state))" in source
    assert "from .asking import suggest" in source
