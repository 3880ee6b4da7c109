"""The ``predict`` cell: a function from one request to an answer, and everything that it reads."""

from nbprod.split.request.find import entry_function
from nbprod.split.request.slice import Kept, backwards
from nbprod.split.request.values import Field, Request

__all__ = ["Field", "Kept", "Request", "backwards", "entry_function"]
