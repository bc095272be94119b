"""Why the model takes two records for one person, in words and weights, without values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tf_integration.identify.matching import Matching
from tf_integration.identify.pairing import unpack


def sentences(packed: NDArray[np.int64], matching: Matching) -> dict[int, str]:
    """What agreed and what did not, per pattern of levels, as one sentence."""
    distinct = np.unique(packed)
    levels = unpack(distinct)
    return {
        int(pattern): sentence({c: int(found[i]) for c, found in levels.items()}, matching)
        for i, pattern in enumerate(distinct.tolist())
    }


def sentence(levels: dict[str, int], matching: Matching) -> str:
    """For example: `same name, same date of birth, another address`."""
    found = [list(matching.comparisons[c].values())[n - 1].words for c, n in levels.items() if n]
    return ", ".join(found) or "nothing to compare"
