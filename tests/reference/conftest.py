from reference.database import planned

__all__ = ["planned"]
