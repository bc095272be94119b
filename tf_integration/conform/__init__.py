"""From a delivery's file to typed rows, and from rows to source records, facts and coverage."""

from tf_integration.conform.alone import inspect
from tf_integration.conform.apply import apply
from tf_integration.conform.header import Layout
from tf_integration.conform.likeness import Likeness, likeness
from tf_integration.conform.rebuild import is_late, rebuild
from tf_integration.conform.report import Fault, Note, Reject, Staged
from tf_integration.conform.source import Source, source_of
from tf_integration.conform.stage import Vanishing, open_header, stage, vanishing

__all__ = [
    "Fault",
    "Layout",
    "Likeness",
    "Note",
    "Reject",
    "Source",
    "Staged",
    "Vanishing",
    "apply",
    "inspect",
    "is_late",
    "likeness",
    "open_header",
    "rebuild",
    "source_of",
    "stage",
    "vanishing",
]
