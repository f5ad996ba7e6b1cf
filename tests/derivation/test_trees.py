"""Trees are taken apart and put together again."""

from hypothesis import given

from helpers.derivation import children, replace_children, substitute, walk
from tests.derivation.formulas import trees


@given(trees())
def test_children_round_trip(tree):
    assert replace_children(tree, children(tree)) == tree
    assert substitute(tree, {}) == tree
    assert len(list(walk(tree))) == 1 + sum(len(list(walk(c))) for c in children(tree))
