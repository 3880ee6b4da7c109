"""The functions of ``vector/`` that mean something else since pandas 3; each replaces the one of its name.

A column of text has a type of its own there (``str``), which this form does not show: an object array of nothing but
texts and missing values is such a column. No operation finds a plainer type for objects any more.
"""
