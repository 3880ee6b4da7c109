"""Column operations on numpy alone, bit for bit those of pandas.

A frame is a dict of one-dimensional arrays, one a column, in order. Numbers are int64, float64 or bool arrays;
text is an object array of ``str`` with NaN where a value is missing; dates are datetime64. A function raises
rather than returns something that pandas would not.
"""
