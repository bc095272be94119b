"""Who is who, and who lives as a family with whom, when."""

from tf_integration.identify.explaining import why
from tf_integration.identify.resolve import resolve

__all__ = ["resolve", "why"]
