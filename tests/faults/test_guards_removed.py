"""Each guard taken away once: the harm that it prevents is then done. A guard without harm to show would be ceremony."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from small_council import Council, actions, tenancies

from tf_integration.check.guards import SHIPPED, load_guards
from tf_integration.land.limits import load_limits
from tf_integration.land.open import Unreadable, open_text
from tf_integration.store import warehouse

FEED = "housing_tenancies"


@dataclass(frozen=True)
class Guard:
    """A rule, what must be sent for it to speak, and the SQL that counts the harm once the rule only warns."""

    rule: str
    send: Callable[[Council], str]
    harm: str
    feed: str = FEED


def _second(text: str, first: str = "", **how: object) -> Callable[[Council], str]:
    """A good file a week before, then `text`."""

    def send(council: Council) -> str:
        council.housing.put(FEED, "2019-05-01", 1, first or tenancies(150))
        assert council.night(FEED, "2019-05-01") == ["accepted"]
        return council.housing.put(FEED, "2019-05-08", 2, text, **how)  # type: ignore[arg-type]

    return send


def _only(text: str, **how: object) -> Callable[[Council], str]:
    return lambda council: council.housing.put(FEED, "2019-05-08", 2, text, **how)  # type: ignore[arg-type]


def _gap(council: Council) -> str:
    council.housing.put("housing_actions", "2019-05-01", 1, actions("U,H1,A1,T1,arrears,2019-04-01,,100"))
    assert council.night("housing_actions", "2019-05-01") == ["accepted"]
    return council.housing.put("housing_actions", "2019-05-08", 3, actions("U,H1,A3,T1,arrears,2019-04-01,,100"))


def _exchanged(text: str) -> str:
    return "".join(
        ",".join([*c[:3], "-".join([*c[3].split("-")[:1], *reversed(c[3].split("-")[1:])]), *c[4:]])
        for c in (line.split(",") for line in text.splitlines(keepends=True))
    )


SHORT = tenancies(60)
ENDING = "SELECT count(*) FROM core.absence"
STANDING = "SELECT count(*) FROM core.fact WHERE known_to = 'infinity'"
GUARDS = (
    Guard("volume", _second(SHORT), ENDING),
    Guard("vanished", _second(tenancies(125)), ENDING),
    Guard("stranger", _second(tenancies(150, first=1000)), ENDING),
    Guard("no_rows", _second(tenancies(0), control={"rows": 1}), ENDING),
    Guard("no_good_rows", _second(tenancies(8).replace(",tenant,", ",zzz,"), tenancies(8)), "SELECT count(*) FROM landing.delivery WHERE status LIKE 'accepted%'"
          " AND rows_loaded = 0"),
    Guard("repeated", _only(tenancies(30) + tenancies(30).partition("\n")[2]), STANDING),
    Guard("row_faults", _only(tenancies(100).replace(",tenant,", ",zzz,", 60)), STANDING),
    Guard("born_changed", _second(re.sub(",19[789]", ",196", tenancies(150))),
          "SELECT count(*) FROM core.source_record WHERE known_to = 'infinity' AND date_of_birth < '1970-01-01'"),
    Guard("elsewhere", _second(tenancies(150).replace("CT1 2AB", "M1 1AE")),
          "SELECT count(*) FROM core.source_record WHERE known_to = 'infinity' AND postcode = 'M1 1AE'"),
    Guard("dates_exchanged", _only(_exchanged(tenancies(26))), STANDING),
    Guard("control_rows", _only(tenancies(10), control={"rows": 12}), STANDING),
    Guard("control_digest", _only(tenancies(10), control={"sha256": "0" * 64}), STANDING),
    Guard("control_bytes", _only(tenancies(10), control={"bytes": 1}), STANDING),
    Guard("control_feed", _only(tenancies(10), control={"feed": "police_incidents"}), STANDING),
    Guard("control_partner", _only(tenancies(10), control={"partner": "police"}), STANDING),
    Guard("control_snapshot_on", _only(tenancies(10), control={"snapshot_on": "2019-04-01"}), STANDING),
    Guard("control_sequence", _only(tenancies(10), control={"sequence": 9}), STANDING),
    Guard("control_mode", _only(tenancies(10), control={"mode": "increment"}), STANDING),
    Guard("control_unreadable", _only(tenancies(10), control={"sha256": "short"}), STANDING),
    Guard("control_covers", _only(tenancies(10), control={"covers_from": "2019-05-08", "covers_to": "2019-05-01"}),
          "SELECT count(*) FROM core.coverage"),
    Guard("expectation", _only(re.sub("[0-9]{4}-[0-9]{2}-[0-9]{2},F", ",F", tenancies(240))), STANDING),
    Guard("sequence_gap", _gap, "SELECT count(*) FROM core.fact WHERE ref = 'A3'", "housing_actions"),
)  # fmt: skip
SHOWN_ELSEWHERE = {  # these stop a file before its rows: without them nothing can be read, or the rule is a person's word
    "gzip_truncated", "gzip_damaged", "bomb", "too_large", "line_too_long", "nul_throughout", "wrong_encoding",
    "pgp_not_configured", "pgp_not_encrypted", "pgp_not_for_us", "pgp_damaged", "pgp_unsigned", "pgp_signer_unknown",
    "pgp_signature_wrong", "pgp_signature_expired", "wrong_partner", "held_by_person", "rejected_by_person",
    "column_unknown", "column_missing", "superseded",
}  # fmt: skip


@pytest.mark.parametrize("guard", GUARDS, ids=[g.rule for g in GUARDS])
def test_a_guard_holds_and_without_it_the_harm_is_done(guard: Guard, council: Council) -> None:
    name = guard.send(council)
    before = council.count(guard.harm)
    assert council.night(guard.feed, "2019-05-08")[-1] in ("held", "rejected")
    spoke = {r["rule"] for r in council.housing.receipt(name)["reasons"]}
    assert guard.rule in spoke
    assert council.count(guard.harm) == before

    only_warn(council.settings.home, spoke)
    again(council, name)
    council.night(guard.feed, "2019-05-08")
    assert council.count(guard.harm) > before, f"{guard.rule} prevents nothing here"


def only_warn(home: Path, rules: set[str]) -> None:
    """The council's own file takes the teeth of these rules, and of none else."""
    shipped = yaml.safe_load(SHIPPED.read_text())["rules"]
    mild = {n: {**r, "effect": "warn", "people": 0} if n in rules else r for n, r in shipped.items()}
    (home / "guards.yaml").write_text(yaml.safe_dump({"rules": mild}))
    assert {load_guards(home).rules[r].effect for r in rules} == {"warn"}


def again(council: Council, name: str) -> None:
    """Let the same file be decided once more."""
    with warehouse.transaction(council.settings) as conn:
        conn.exec_driver_sql("DELETE FROM landing.sighting")
        conn.exec_driver_sql(
            "UPDATE landing.delivery SET status = NULL, state = 'stable', reasons = '[]' WHERE status IN ('held', 'rejected')"
        )


def test_every_rule_that_refuses_is_shown_to_prevent_harm_here_or_stops_what_cannot_be_read() -> None:
    refusing = {n for n, r in load_guards().rules.items() if r.effect != "warn"}
    assert refusing == {g.rule for g in GUARDS} | SHOWN_ELSEWHERE


def test_without_the_caps_a_bomb_is_unpacked_whole(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb"
    bomb.write_bytes(gzip.compress(b"a,b\n" * 12_000_000))
    with pytest.raises(Unreadable, match="bomb"):
        open_text(bomb, tmp_path / "out", "utf-8", load_limits(), is_gzip=True, is_pgp=False)
    assert not (tmp_path / "out").exists()
    uncapped = load_limits().model_copy(update={"unpacked_ratio": 10**9})
    open_text(bomb, tmp_path / "out", "utf-8", uncapped, is_gzip=True, is_pgp=False)
    assert (tmp_path / "out").stat().st_size > 400 * bomb.stat().st_size
