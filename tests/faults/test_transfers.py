"""Files fetched from a real server that misbehaves at random: what is taken in is the whole file, or nothing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from sftp_partner import Faults
from small_council import Council, tenancies
from spoiling import how_many

from tf_integration.flow.deliver import deliver, discover
from tf_integration.land.client import Refused
from tf_integration.model.errors import ServiceError

ON = date(2019, 5, 1)
LARGEST = 1_500_000  # bytes
KINDS = ("well", "cut", "cut twice", "early end", "flip", "stall", "grow", "rewrite", "rename", "part", "overtaken")


def body(r: random.Random) -> bytes:
    """A file of any size; its content matters to the digest alone."""
    size = int(2 ** r.uniform(0, 20.5))
    return (tenancies(3) + "x" * max(0, min(size, LARGEST) - 500)).encode()


def spoil(council: Council, kind: str, name: str, data: bytes, r: random.Random) -> None:
    """Set the server, or the folder, to do one thing wrong with the file that has just been put there."""
    at, housing = r.randrange(len(data)), council.housing
    housing.faults, housing.at_look = Faults(), {}
    match kind:
        case "cut" | "cut twice":
            housing.faults = Faults(cut_at=at, times=1 if kind == "cut" else 2)
        case "early end":
            housing.faults = Faults(end_at=at, times=10**9)
        case "flip":
            housing.faults = Faults(flip_at=at, times=10**9)
        case "stall":
            housing.faults = Faults(stall=True)
        case "grow":
            housing.faults = Faults(grow=b"more")
        case "rewrite":
            housing.faults = Faults(rewrite=b"y" * min(len(data), 50))
        case "rename":
            housing.faults = Faults(rename=True)
        case "part":
            (housing.extracts / name).rename(housing.extracts / f"{name}.part")
            housing.at_look = {housing.looks + 1 + r.randrange(2): lambda: (
                (housing.extracts / f"{name}.part").rename(housing.extracts / name))}
        case "overtaken":  # the control file is there before the data file is whole
            whole = (housing.extracts / name).read_bytes()
            (housing.extracts / name).write_bytes(whole[:at])
            housing.at_look = {housing.looks + 2: lambda: housing.write(name, whole)}


def test_nothing_partial_and_nothing_altered_is_ever_accepted(
    council: Council, seed: int, record_property: Callable[[str, object], None]
) -> None:
    r, came, runs = random.Random(seed), Counter[str](), how_many(30, 1000)
    record_property("runs", runs)
    for sequence in range(1, runs + 1):
        kind, data = (KINDS[sequence % len(KINDS)] if sequence <= 2 * len(KINDS) else r.choice(KINDS)), body(r)
        if kind == "stall":
            data = data[:20_000]
        name = council.housing.put("housing_tenancies", str(ON), sequence, data)
        spoil(council, kind, name, data, r)
        for attempt in range(3):
            try:
                found = discover(council.settings, "housing_tenancies", ON)
            except ServiceError:
                found = []
            taken = judge(council, name, data, found, altered=kind == "flip" and attempt == 0)
            came[f"{kind} {'taken' if taken else 'left'}"] += 1
            if taken:
                break
            council.housing.faults, council.housing.at_look = Faults(), {}
            for other in ("done", "part"):
                if (aside := council.housing.extracts / f"{name}.{other}").exists():
                    aside.rename(council.housing.extracts / name)
            if attempt == 1 or kind in ("grow", "rewrite"):
                council.housing.write(name, data, bump=120 * (attempt + 1))
        assert taken, (kind, sequence)
        for left in council.housing.extracts.iterdir():
            left.unlink()
    print(dict(came))
    assert all(came[f"{k} left"] for k in ("early end", "stall", "grow"))
    assert sum(n for k, n in came.items() if k.endswith("taken")) == runs


def judge(council: Council, name: str, data: bytes, found: list[int], *, altered: bool) -> bool:
    """What stands on our disk is what the partner sent; what the server altered is rejected. Whether it was taken."""
    rows = council.rows("SELECT delivery_id, landed_path FROM landing.delivery WHERE file_name = :n", n=name)
    assert {r["delivery_id"] for r in rows if r["landed_path"]} <= set(found)
    for row in rows:
        whole = (council.settings.landed / row["landed_path"]).read_bytes() == data
        assert whole != altered
        if altered:
            said = deliver(council.settings, row["delivery_id"], ON)
            assert said["status"] == "rejected"
            assert "control_digest" in {x["rule"] for x in council.housing.receipt(name)["reasons"]}
    return bool(rows)


def test_with_the_guards_of_fetching_taken_away_a_partial_file_is_taken(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm that comparing sizes prevents: without it, and without the digest, half a file is believed."""
    from tf_integration.land import fetch

    data = body(random.Random(3)) + b"x" * 100_000
    name = council.housing.put("housing_tenancies", str(ON), 1, data)
    council.housing.faults = Faults(end_at=50_000, times=10**9)

    def believing(account: object, remote: object, part: object) -> fetch.Fetched:
        final = part.with_suffix(".whole")  # type: ignore[attr-defined]
        part.rename(final)  # type: ignore[attr-defined]
        return fetch.Fetched(final, fetch.digest_of(final), final.stat().st_size)

    monkeypatch.setattr(fetch, "_finish", believing)
    (found,) = discover(council.settings, "housing_tenancies", ON)
    (row,) = council.rows("SELECT landed_path FROM landing.delivery WHERE file_name = :n", n=name)
    assert (council.settings.landed / row["landed_path"]).stat().st_size == 50_000
    assert deliver(council.settings, found, ON)["status"] == "rejected"  # the digest is the second guard


def test_a_changed_host_key_gets_no_credential_and_a_refused_key_is_not_tried_again(council: Council) -> None:
    import asyncssh

    council.housing.put("housing_tenancies", str(ON), 1, tenancies(3))
    pinned, council.housing.host_key = council.housing.host_key, asyncssh.generate_private_key("ssh-ed25519")
    council.housing.stop()
    council.housing.start()
    with pytest.raises(Refused, match="host key"):
        discover(council.settings, "housing_tenancies", ON)
    assert not {"auth begun", "key sent", "password sent"} & set(council.housing.seen)
    council.housing.stop()
    council.housing.host_key, council.housing.accepts = pinned, "ssh-ed25519 other"
    council.housing.start()
    council.housing.seen.clear()
    with pytest.raises(Refused, match="refuses our key"):
        discover(council.settings, "housing_tenancies", ON)
    assert council.housing.seen.count("key sent") == 1
    assert council.count("SELECT count(*) FROM landing.delivery") == 0
