"""Two families by hand, and the extracts in which five partners speak of them.

FAM1 was attached with a mother on Universal Credit who has been in work since: ready by employment.
FAM2 was attached, and the police were called to its home in March: in progress.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from datetime import date
from pathlib import Path

from tf_integration.model.feed import load_feeds

CANARY = "Quillfeather"                # a surname that no log, receipt or report may show
FIRST, SECOND = date(2019, 5, 1), date(2019, 5, 2)
COVERS_FROM = date(2016, 1, 1)
Row = dict[str, str]


def write(partners: Path, partner: str, feed: str, sequence: int, on: date, rows: list[Row],
          broken: bool = False) -> Path:
    """Put one extract and its control file where the partner would; `broken` says a digest that is not its own."""
    contract = load_feeds()[feed]
    text = io.StringIO(newline="")
    out = csv.DictWriter(text, [c.name for c in contract.columns], restval="", lineterminator="\n")
    out.writeheader()
    out.writerows(rows)
    content = text.getvalue().encode()
    file = partners / partner / "extracts" / f"{feed}_{on:%Y%m%d}_{sequence:04d}.csv"
    control = {"feed": feed, "partner": partner, "snapshot_on": str(on), "mode": contract.mode,
               "sequence": sequence, "rows": len(rows), "bytes": len(content),
               "sha256": "0" * 64 if broken else hashlib.sha256(content).hexdigest(),
               "covers_from": str(COVERS_FROM), "covers_to": str(on)}
    for name, body in ((file.name, content), (f"{file.name}.ctl.json", json.dumps(control).encode())):
        part = file.with_name(f".{name}.part")
        part.write_bytes(body)
        os.replace(part, file.with_name(name))
    return file


def row(person_ref: str, who: Row, **more: str) -> Row:
    """One person's row: the partner's reference, the particulars and the feed's own columns."""
    return {"person_ref": person_ref, **who, **more}


def particulars(forename: str, born: str, nino: str = "") -> Row:
    """The columns that say who somebody is."""
    return {"forename": forename, "surname": CANARY, "date_of_birth": born, "nino": nino}


AMY, DAN = particulars("Amy", "1985-03-04", "JC123456A"), particulars("Dan", "2010-02-03")
BEA, EVE = particulars("Bea", "1988-07-09", "JC654321B"), particulars("Eve", "2012-11-12")

MEMBERS = [
    row("E1", AMY, family_ref="FAM1", relationship="mother", joined_on="2015-01-01"),
    row("E2", DAN, family_ref="FAM1", relationship="child", joined_on="2015-01-01"),
    row("E3", BEA, family_ref="FAM2", relationship="mother", joined_on="2015-01-01"),
    row("E4", EVE, family_ref="FAM2", relationship="child", joined_on="2015-01-01"),
]
MILESTONES = [
    {"family_ref": family, "milestone": milestone, "on": on, "whole_family": "Y", "worker": "W1",
     "worker_role": "family support", "reference": "case file 2.1"}
    for family in ("FAM1", "FAM2")
    for milestone, on in (("referred", "2018-05-20"), ("attached", "2018-06-01"), ("assessment", "2018-06-10"),
                          ("plan", "2018-06-20"), ("lead_worker", "2018-06-05"), ("tfop_agreed", "2018-06-25"))
]
BENEFITS = [row("D1", AMY, benefit="UC", start_on="2018-01-08", end_on="2018-09-03", match="full",
                   uc_regime="search", uc_earnings_above_threshold="N")]
WORK = [row("J1", AMY, op="U", employment_ref="JOB1", start_on="2018-09-10", hours_per_week="30",
               proof="payslip", attested_by="adviser", attested_on="2018-09-20")]
CALL_OUTS = [row("P1", BEA, op="U", occurrence_ref="OCC77", role="victim", incident="domestic_abuse",
                    occurred_on="2019-03-14", recorded_on="2019-03-15", dash="M")]
TENANCIES = [row("H1", AMY, tenancy_ref="T1", role="tenant", start_on="2014-05-05", tenure="LA")]
