"""The example county: life histories first, then what each partner sees of them."""

from tf_integration.county.generate import CountySummary, generate

__all__ = ["CountySummary", "generate"]
