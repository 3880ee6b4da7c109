"""Lower the serving path of a notebook from pandas to readable numpy code on a dict of columns.

The kernel is a second form of what ``features.py`` does for a request. It is generated only when every
operation on the path has a rule that is exactly pandas; otherwise the reason is kept, and pandas serves.
"""
