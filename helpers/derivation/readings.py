"""Choose how a derivation is read, where it can be read in several ways."""

from __future__ import annotations

from collections.abc import Collection

from helpers.derivation.claims import Claims, judge_claims
from helpers.derivation.setting import Setting
from helpers.derivation.trees import Tree

__all__ = ["check_claims"]


def check_claims(
    text: str, function: Tree, setting: Setting, titles: Collection[str] = ()
) -> Claims:
    return judge_claims(text, function, setting, titles)
