"""How records without a shared identifier are compared, as `matching.yaml` and `nicknames.yaml` declare it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tf_integration.identify.declared import read
from tf_integration.text import names

SHIPPED = Path(__file__).with_name("matching.yaml")
NICKNAMES = Path(__file__).with_name("nicknames.yaml")
FIELDS = frozenset(
    [
        "forename",
        "surname",
        "forename_initial",
        "initials",
        "date_of_birth",
        "birth_year",
        "birth_day",
        "uprn",
        "written",
        "postcode",
        "sector",
        "nhs_number",
        "upn",
        "nino",
    ]
)
COMPARISONS: dict[str, tuple[str, ...]] = {
    "name": (
        "exact",
        "swapped",
        "surname_alike",
        "forename_short",
        "forename_alike",
        "both_alike",
        "forename_only",
        "surname_only",
        "other",
    ),
    "birth_date": ("exact", "placeholder", "swapped", "slip", "same_year", "other"),
    "home": ("same", "postcode", "sector", "other"),
    "sex": ("same", "other"),
    "nhs_number": ("same", "other"),
    "upn": ("same", "other"),
    "nino": ("same", "other"),
}
IDENTIFIERS = ("nhs_number", "upn", "nino")


class Level(BaseModel):
    """One thing that a comparison can find; `words` stand in reasons, without values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str
    evident_other: bool = False
    at_most: float | None = None


class Names(BaseModel):
    """When two names are written differently and yet may be one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alike: float = Field(gt=0, le=1)
    a_name_of_its_own: float = Field(gt=0, lt=1)
    shortest: int
    placeholders: frozenset[str]
    alike_enough_undated: frozenset[str]


class Births(BaseModel):
    """Days of birth written when only the year is known, as `MM-DD`; how many years apart are no slip of one digit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    placeholder_days: tuple[str, ...]
    a_generation: int = Field(ge=1)

    def month_days(self) -> list[int]:
        """Each as month times 100 and day."""
        return [int(day.replace("-", "")) for day in self.placeholder_days]


class Matching(BaseModel):
    """The words are explained in `matching.yaml`. Weights are bits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    join_at: float
    hold_at: float
    review_at: float
    lead: float
    most_records: int
    most_in_block: int
    blocks: tuple[tuple[str, ...], ...]
    names: Names
    births: Births
    comparisons: dict[str, dict[str, Level]]

    @model_validator(mode="after")
    def _known(self) -> Matching:
        if {n: tuple(c) for n, c in self.comparisons.items()} != COMPARISONS:
            raise ValueError("`comparisons` must hold each comparison with its levels, in their order")
        unknown = {f for block in self.blocks for f in block} - FIELDS
        if unknown:
            raise ValueError(f"no such field: {', '.join(sorted(unknown))}; there are {', '.join(sorted(FIELDS))}")
        if not self.review_at <= self.hold_at <= self.join_at:
            raise ValueError("review_at, hold_at and join_at must rise")
        return self

    def level(self, comparison: str, name: str) -> int:
        """The number of a level: 1 is the first, 0 stands for nothing to compare."""
        return COMPARISONS[comparison].index(name) + 1

    def weak(self) -> list[tuple[str, int, float]]:
        """Each (comparison, number of the level, bits) that never weighs more."""
        return [
            (c, n, level.at_most)
            for c, levels in self.comparisons.items()
            for n, level in enumerate(levels.values(), 1)
            if level.at_most is not None
        ]

    def births_tell(self, block: tuple[str, ...]) -> bool:
        """Whether two of this block whose birth dates evidently differ are two people: not if it is an identifier's."""
        return self.comparisons["birth_date"]["other"].evident_other and not set(block) & set(IDENTIFIERS)

    def evident_others(self) -> list[tuple[str, int]]:
        """Each (comparison, number of the level) that says of itself: two people."""
        return [
            (c, n)
            for c, levels in self.comparisons.items()
            for n, level in enumerate(levels.values(), 1)
            if level.evident_other
        ]


class _Nicknames(BaseModel):
    """Sets of forenames that are used for one another."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sets: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=4)
def load_matching(file: Path = SHIPPED) -> Matching:
    """Read how records are compared.

    Raises:
        ContractError: the file is not what `Matching` says.
    """
    return read(file, Matching)


@lru_cache(maxsize=4)
def load_nicknames(file: Path = NICKNAMES) -> dict[str, frozenset[int]]:
    """Each plain forename and the numbers of the sets that it stands in.

    Raises:
        ContractError: the file is not what `_Nicknames` says.
    """
    found: dict[str, set[int]] = {}
    for number, together in enumerate(read(file, _Nicknames).sets):
        for name in together:
            found.setdefault(names.plain(name), set()).add(number)
    return {name: frozenset(sets) for name, sets in found.items()}
