"""What both Splink peers of people are told: blocks, comparisons and lessons as Splink's documentation has them."""

import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on

IDENTIFIERS = ("nhs_number", "nino", "upn")


def settings(identifiers: tuple[str, ...] = IDENTIFIERS) -> SettingsCreator:
    """Settings for records of people with these identifiers."""
    blocks = [
        *(block_on(i) for i in identifiers),
        block_on("date_of_birth", "postcode"),
        block_on("surname", "date_of_birth"),
        block_on("forename", "date_of_birth"),
        block_on("surname", "postcode"),
        block_on("forename", "postcode"),
        block_on("uprn", "substr(forename, 1, 1)"),
    ]
    comparisons = [
        cl.ForenameSurnameComparison("forename", "surname", forename_surname_concat_col_name="full_name"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True),
        cl.PostcodeComparison("postcode"),
        cl.ExactMatch("uprn"),
        cl.ExactMatch("sex"),
        *(cl.ExactMatch(i) for i in identifiers),
    ]
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        blocking_rules_to_generate_predictions=blocks,
        comparisons=comparisons,
    )


def train(linker: Linker, random_pairs: float) -> None:
    """Learn the prior, u from so many random pairs, and m, without labels."""
    linker.training.estimate_probability_two_random_records_match(
        [block_on("nhs_number"), block_on("forename", "surname", "date_of_birth")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=random_pairs)
    for block in (("surname", "date_of_birth"), ("forename", "postcode"), ("nhs_number",)):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*block))
