"""Checks of display equations that no derivation carries (limits, expectations, sets).

A display equation in a notebook's prose names its check by ``\\label{name}``; a check is a function
without arguments that raises AssertionError.
"""

EQUATIONS = {}
