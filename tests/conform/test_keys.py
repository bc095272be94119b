"""Keys that stand twice are found alike in memory and aside on disk, in memory that does not grow."""

import numpy as np
import pytest

from tf_integration.conform.keys import Keys


def found(hashes, in_memory, block):
    keys = Keys(in_memory)
    for at in range(0, len(hashes), block):
        keys.add(hashes[at : at + block], np.arange(at, min(at + block, len(hashes)), dtype=np.int64))
    parts = [(r["hash"].tolist(), r["line"].tolist(), e.tolist()) for r, e in keys.twice()]
    rows = sorted(row for p in parts for row in zip(*p, strict=True))
    return rows, sum(len(p[0]) > 0 for p in parts)


@pytest.mark.parametrize("seed", range(5))
def test_a_file_put_aside_says_what_one_in_memory_says(seed):
    r = np.random.default_rng(seed)
    hashes = r.integers(0, 2**64, 5000, dtype=np.uint64)
    hashes[r.integers(0, 5000, 300)] = hashes[r.integers(0, 5000, 300)]
    (inside, _), (aside, parts) = found(hashes, 10**9, 700), found(hashes, 1000, 700)
    assert inside == aside
    assert parts > 20
    lines = {}
    expected = [n for n, h in enumerate(hashes.tolist()) if h in lines or lines.setdefault(h, n) != n]
    assert sorted(line for _, line, earlier in aside if earlier) == expected


def test_no_keys_and_no_repetition_say_nothing():
    assert found(np.array([], dtype=np.uint64), 10, 5) == ([], 0)
    assert found(np.arange(100, dtype=np.uint64), 10, 5) == ([], 0)
