"""Ask a plan's questions of each household's facts, and keep the answers with their evidence."""

from tf_integration.assess.missed import find_missed
from tf_integration.assess.nightly import assess
from tf_integration.assess.plans import load_plans

__all__ = ["assess", "find_missed", "load_plans"]
