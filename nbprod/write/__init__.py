"""Write a generated project: whole or not at all, merging with what people changed."""

from __future__ import annotations

from nbprod.write.base_text import with_base
from nbprod.write.project import conflicts, preview, write
from nbprod.write.values import Change, Update, Written

__all__ = ["Change", "Update", "Written", "conflicts", "preview", "with_base", "write"]
