"""The certificate for people: one self-contained page."""

from nbprod.verify.certificate.page import render

__all__ = ["render"]
