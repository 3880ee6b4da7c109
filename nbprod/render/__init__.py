"""The rendering stage: modules in, the text of a whole project out; nothing is written here."""

from nbprod.render.environment import Environment, current
from nbprod.render.renderer import render, templates_folder

__all__ = ["Environment", "current", "render", "templates_folder"]
