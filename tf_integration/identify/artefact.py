"""A model as a file: Splink's settings form, with the frequencies of names beside it as CSV.

Splink 5 reads the JSON as it stands; what is ours alone (version, what it was trained on) stands under keys of the
levels and comparisons that Splink passes over.
"""

from __future__ import annotations

import csv
import io
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from tf_integration.identify.matching import COMPARISONS, IDENTIFIERS, Matching
from tf_integration.identify.weighing import Model
from tf_integration.model.errors import ContractError

SHIPPED = Path(__file__).with_name("person_model.json")
_ALIKE = "({winkler}({0}_l, {0}_r) >= {1} OR damerau_levenshtein({0}_l, {0}_r) <= 1)"
DIALECTS = {  # what Splink's backends call by names of their own
    "duckdb": {
        "winkler": "jaro_winkler_similarity",
        "first": "{0}[1]",
        "digits": "strftime({0}, '%Y%m%d')",
        "day": "strftime({0}, '%m-%d')",
        "differing": "hamming({0}, {1})",
    },
    "spark": {
        "winkler": "jaro_winkler",
        "first": "substr({0}, 1, 1)",
        "digits": "date_format({0}, 'yyyyMMdd')",
        "day": "date_format({0}, 'MM-dd')",
        "differing": " + ".join(f"CAST(substr({{0}}, {n}, 1) <> substr({{1}}, {n}, 1) AS INT)" for n in range(1, 9)),
    },
}
_BOTH = "forename_l = forename_r AND surname_l = surname_r"


def to_splink(model: Model, matching: Matching, dialect: str = "duckdb") -> dict[str, Any]:
    """The model as Splink's settings, for `profiles.COLUMNS` plus `written` and `sector`; in one of `DIALECTS`."""
    conditions = _conditions(matching, DIALECTS[dialect])
    return {
        "link_type": "dedupe_only",
        "sql_dialect": dialect,
        "unique_id_column_name": "unique_id",
        "linker_uid": f"{model.version} trained on {model.trained_on}",
        "probability_two_random_records_match": model.prior,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": " AND ".join(f"l.{f} = r.{f}" for f in block), "sql_dialect": dialect}
            for block in matching.blocks
        ],
        "comparisons": [
            {
                "output_column_name": comparison,
                "comparison_description": comparison.replace("_", " "),
                "comparison_levels": [
                    {
                        "sql_condition": conditions[comparison]["null"],
                        "label_for_charts": "nothing to compare",
                        "is_null_level": True,
                    }
                ]
                + [
                    {
                        "sql_condition": conditions[comparison][level],
                        "label_for_charts": level,
                        "m_probability": float(model.m[comparison][n]),
                        "u_probability": float(model.u[comparison][n]),
                    }
                    for n, level in enumerate(COMPARISONS[comparison])
                ],
            }
            for comparison in COMPARISONS
        ],
    }


def from_splink(settings: dict[str, Any], frequency: dict[str, dict[str, float]], seldom: dict[str, float]) -> Model:
    """The model that `to_splink`, or Splink after training it further, wrote.

    Raises:
        ContractError: a comparison or a level is missing, or a probability is.
    """
    m, u = {}, {}
    try:
        told = {
            c["output_column_name"]: {x["label_for_charts"]: x for x in c["comparison_levels"]}
            for c in settings["comparisons"]
        }
        for comparison, names in COMPARISONS.items():
            levels = [told[comparison][name] for name in names]
            m[comparison] = np.array([float(x["m_probability"]) for x in levels])
            u[comparison] = np.array([float(x["u_probability"]) for x in levels])
        version, _, trained_on = settings["linker_uid"].partition(" trained on ")
        return Model(
            version, trained_on, float(settings["probability_two_random_records_match"]), m, u, frequency, seldom
        )
    except KeyError as missing:
        raise ContractError(
            f"no {missing.args[0]!r} in the model.",
            where="match model",
            mend="Take one that this version wrote, or train anew.",
        ) from None


def save(model: Model, matching: Matching, file: Path) -> None:
    """Write `file` (JSON) and the names' frequencies beside it (`.csv`)."""
    file.write_text(json.dumps(to_splink(model, matching), indent=1) + "\n")
    file.with_suffix(".csv").write_text(frequencies_as_csv(model))


@lru_cache(maxsize=4)
def load(file: Path = SHIPPED) -> Model:
    """Read a model that `save` wrote.

    Raises:
        ContractError: it is not one.
    """
    try:
        settings = json.loads(file.read_text())
    except json.JSONDecodeError as error:
        raise ContractError(f"not JSON (line {error.lineno}).", where=file.name, mend="Write it anew.") from None
    return from_splink(settings, *frequencies_from_csv(file.with_suffix(".csv").read_text()))


def frequencies_as_csv(model: Model) -> str:
    """`field,name,share` rows; a blank name is what stands for all others."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("field", "name", "share"))
    for field, shares in model.frequency.items():
        rows.writerow((field, "", f"{model.seldom[field]:.3g}"))
        rows.writerows((field, name, f"{share:.4g}") for name, share in sorted(shares.items()))
    return out.getvalue()


def frequencies_from_csv(text: str) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """The shares of names, and of all others, per field."""
    frequency: dict[str, dict[str, float]] = {"forename": {}, "surname": {}}
    seldom = {"forename": 1e-6, "surname": 1e-6}
    for row in csv.DictReader(io.StringIO(text)):
        if row["name"]:
            frequency[row["field"]][row["name"]] = float(row["share"])
        else:
            seldom[row["field"]] = float(row["share"])
    return frequency, seldom


def _conditions(matching: Matching, said: dict[str, str]) -> dict[str, dict[str, str]]:
    """Each level as SQL of a Splink backend. Nicknames are ours alone: there the initial stands for them."""
    alike = {f: _ALIKE.format(f, matching.names.alike, winkler=said["winkler"]) for f in ("forename", "surname")}
    days = ", ".join(f"'{d}'" for d in matching.births.placeholder_days)
    one, other = (said["digits"].format(f"date_of_birth_{side}") for side in "lr")
    slips, day = said["differing"].format(one, other), said["day"].format("date_of_birth_l")
    first = " = ".join(said["first"].format(f"forename_{side}") for side in "lr")
    either = " OR ".join(f"{f}_{side} IS NULL" for f in ("forename", "surname") for side in "lr")
    short = f"((length(forename_l) = 1 OR length(forename_r) = 1) AND {first})"
    found = {
        "name": {
            "null": either,
            "exact": _BOTH,
            "swapped": "forename_l = surname_r AND forename_r = surname_l",
            "surname_alike": f"forename_l = forename_r AND {alike['surname']}",
            "forename_short": f"surname_l = surname_r AND {short}",
            "forename_alike": f"surname_l = surname_r AND {alike['forename']}",
            "both_alike": f"{alike['surname']} AND {alike['forename']}",
            "forename_only": "forename_l = forename_r",
            "surname_only": "surname_l = surname_r",
            "other": "ELSE",
        },
        "birth_date": {
            "null": "date_of_birth_l IS NULL OR date_of_birth_r IS NULL",
            "exact": f"date_of_birth_l = date_of_birth_r AND {day} NOT IN ({days})",
            "placeholder": "date_of_birth_l = date_of_birth_r",
            "swapped": "year(date_of_birth_l) = year(date_of_birth_r) AND "
            "month(date_of_birth_l) = day(date_of_birth_r) AND day(date_of_birth_l) = month(date_of_birth_r)",
            "slip": f"{slips} = 1 AND "
            f"abs(year(date_of_birth_l) - year(date_of_birth_r)) < {matching.births.a_generation}",
            "same_year": "year(date_of_birth_l) = year(date_of_birth_r)",
            "other": "ELSE",
        },
        "home": {
            "null": "(postcode_l IS NULL OR postcode_r IS NULL) AND "
            "coalesce(uprn_l <> uprn_r, true)",
            "same": "uprn_l = uprn_r OR (written_l = written_r AND (uprn_l IS NULL OR uprn_r IS NULL))",
            "postcode": "postcode_l = postcode_r",
            "sector": "sector_l = sector_r",
            "other": "ELSE",
        },
        "sex": {
            "null": "coalesce(sex_l, 'U') = 'U' OR coalesce(sex_r, 'U') = 'U'",
            "same": "sex_l = sex_r",
            "other": "ELSE",
        },
    }
    for i in IDENTIFIERS:
        found[i] = {"null": f"{i}_l IS NULL OR {i}_r IS NULL", "same": f"{i}_l = {i}_r", "other": "ELSE"}
    return found
