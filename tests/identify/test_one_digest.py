"""What all was compared with is known again by another process: else every night would compare everything anew."""

import os
import subprocess
import sys

ASK = """
from tf_integration.identify import artefact
from tf_integration.identify.matching import load_matching, load_nicknames
from tf_integration.identify.pairing import Matcher
print(Matcher(artefact.load(), load_matching(), load_nicknames()).made_by)
"""


def test_every_process_gives_the_model_and_the_rules_the_same_digest():
    digests = set()
    for seed in ("1", "2", "3"):
        done = subprocess.run(
            [sys.executable, "-c", ASK],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout)
    assert len(digests) == 1
