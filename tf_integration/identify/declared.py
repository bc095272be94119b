"""Read a YAML file of this room against its model."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from tf_integration.model.errors import ContractError

Declared = TypeVar("Declared", bound=BaseModel)


def read(file: Path, model: type[Declared]) -> Declared:
    """The file as its model.

    Raises:
        ContractError: with the file, the field and what is wrong with it.
    """
    mend = "See tf_integration/identify/README.md."
    try:
        return model(**yaml.safe_load(file.read_text()))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise ContractError(f"not valid YAML{line}.", where=file.name, mend=mend) from None
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise ContractError(said, where=file.name, mend=mend) from None
    except TypeError:
        raise ContractError("not a mapping.", where=file.name, mend=mend) from None
