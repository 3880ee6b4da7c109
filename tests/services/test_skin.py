"""Skins are found by walking, asked for by target, and each has its template."""

import pytest

import nbprod.services.vertex as vertex
from nbprod.services import all_skins, skins_for
from tests.services.shop import TEMPLATES


def test_every_skin_has_a_template_of_its_own():
    modules = [skin.module for skin in all_skins()]
    assert len(set(modules)) == len(modules) >= 4
    assert all((TEMPLATES / "service" / f"{module}.py.j2").is_file() for module in modules)


def test_only_the_skins_of_the_wanted_targets_are_chosen_in_a_stable_order():
    assert [skin.target for skin in skins_for(["vertex", "kubernetes", "kserve"])] == [
        "kserve",
        "vertex",
    ]
    assert skins_for([]) == ()


def test_two_skins_of_one_target_are_refused(monkeypatch: pytest.MonkeyPatch):
    import nbprod.services.kserve as kserve

    monkeypatch.setattr(kserve, "SKIN", vertex.SKIN)
    with pytest.raises(ValueError, match="two skins for the target 'vertex'"):
        all_skins()
