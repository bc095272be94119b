"""A year of nights in small: one partner, a whole feed and an increment, a fault at random, and what must then stand.

Everything comes from one seed. The model beside it is plain Python over the contents that the ledger calls accepted.
"""

from __future__ import annotations

import gzip
import hashlib
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from small_council import ACTION, TENANCY, Council

from tf_integration.model.errors import ServiceError

WHOLE, INCREMENT = "housing_tenancies", "housing_actions"
BEGIN = date(2018, 6, 1)
ACCEPTED = ("accepted", "accepted_with_rejects")
KINDS = (
    "well", "well", "well", "packed", "digest", "truncated", "rows", "bad rows", "late", "short", "again", "corrected",
    "cut", "down", "odd", "extra column", "encoding", "unfinished", "never",
)  # fmt: skip


@dataclass
class File:
    """One file as sent. `keys`: what the good rows say by key; `refused`: keys of bad rows; `gone`: withdrawn keys."""

    name: str
    feed: str
    on: date
    sequence: int
    text: str
    keys: dict[str, str]
    refused: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)


@dataclass
class Year:
    """The simulation. `night()` lives one night through; `breaks` are the invariants that did not hold."""

    council: Council
    seed: int
    r: random.Random = field(init=False)
    tenants: dict[int, str] = field(default_factory=dict)
    actions: dict[int, int] = field(default_factory=dict)
    sent: dict[str, File] = field(default_factory=dict)
    due: list[tuple[date, Callable[[], None]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    known: list[tuple[Any, str]] = field(default_factory=list)
    day: date = BEGIN
    numbers: dict[str, int] = field(default_factory=lambda: {WHOLE: 0, INCREMENT: 0})

    def __post_init__(self) -> None:
        self.r = random.Random(self.seed)
        self.tenants = {n: str(BEGIN - timedelta(days=self.r.randrange(2000))) for n in range(1, 41)}

    # -- what the partner does

    def night(self, n: int) -> None:
        self.day = BEGIN + timedelta(days=n)
        housing = self.council.housing
        for on, act in [d for d in self.due if d[0] <= self.day]:
            act()
        self.due = [d for d in self.due if d[0] > self.day]
        if n % 3 == 0:
            self._live()
            self._send(self._snapshot())
        if n % 2 == 0:
            self._send(self._increment())
        for feed in (INCREMENT, WHOLE):
            with suppress(ServiceError):
                self.council.night(feed, str(self.day))
        housing.faults.cut_at = None
        if housing._loop is None:
            housing.start()

    def _live(self) -> None:
        for _ in range(self.r.randrange(3)):
            self.tenants.pop(self.r.choice(list(self.tenants)), None)
        for _ in range(self.r.randrange(3)):
            self.tenants[self.r.randrange(1, 400)] = str(self.day - timedelta(days=self.r.randrange(100)))

    def _snapshot(self) -> File:
        text = TENANCY + "".join(_tenant(n, on) for n, on in self.tenants.items())
        return self._file(WHOLE, text, {f"T{n}": on for n, on in self.tenants.items()})

    def _increment(self) -> File:
        rows, keys, gone = [], {}, set()
        for n in self.r.sample(range(1, 60), self.r.randrange(5)):
            if n in self.actions and self.r.random() < 0.3:
                del self.actions[n]
                rows.append(f"D,H{n},A{n},,,,,")
                gone.add(f"A{n}")
            else:
                self.actions[n] = self.r.randrange(1, 900)
                rows.append(_action(n, self.actions[n]))
                keys[f"A{n}"] = str(self.actions[n])
        return self._file(INCREMENT, ACTION + "".join(f"{r}\n" for r in rows), keys, gone=gone)

    def _file(self, feed: str, text: str, keys: dict[str, str], gone: set[str] | None = None) -> File:
        self.numbers[feed] += 1
        number = self.numbers[feed]
        return File(f"{feed}_{self.day:%Y%m%d}_{number:04d}.csv", feed, self.day, number, text, keys, gone=gone or set())

    def _put(self, file: File, text: str | bytes | None = None, **how: Any) -> None:
        """Write the file; what a name stands for is what was last written under it."""
        bump = 60 * (1 + self.r.randrange(10**6))
        self.sent[file.name] = file
        rows = text if text is not None else file.text
        self.council.housing.put(file.feed, str(file.on), file.sequence, rows, bump=bump, **how)

    def _tomorrow(self, act: Callable[[], None], days: int = 1) -> None:
        self.due.append((self.day + timedelta(days=days), act))

    def _send(self, file: File) -> None:
        kind = self.r.choice(KINDS)
        lines = file.text.splitlines(keepends=True)
        if kind == "short" and not self._is_comparable(file):
            kind = "well"
        if kind in ("bad rows", "corrected") and len(lines) < 3:
            kind = "well"
        if kind == "never" and file.feed == INCREMENT:
            kind = "late"  # a number that never comes would hold back everything for ever
        self.faults.append(kind)
        getattr(self, "_" + kind.replace(" ", "_"))(file, lines)

    def _is_comparable(self, file: File) -> bool:
        """A short snapshot can be known as one only beside an earlier one that was accepted."""
        return file.feed == WHOLE and any(f.feed == WHOLE for f in self.accepted.values())

    def _well(self, file: File, lines: list[str]) -> None:
        self._put(file)

    def _packed(self, file: File, lines: list[str]) -> None:
        file.name += ".gz"
        self._put(file, packed=True)

    def _never(self, file: File, lines: list[str]) -> None:
        pass

    def _digest(self, file: File, lines: list[str]) -> None:
        self._put(file, control={"sha256": "0" * 64})
        self._tomorrow(lambda: self._put(file))

    def _rows(self, file: File, lines: list[str]) -> None:
        self._put(file, control={"rows": len(lines) + 3})
        self._tomorrow(lambda: self._put(file))

    def _truncated(self, file: File, lines: list[str]) -> None:
        file.name += ".gz"
        data = gzip.compress(file.text.encode(), mtime=0)[:-9]
        self._put(file, packed=True, control={"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
        self.council.housing.write(file.name, data, 60 * (1 + self.r.randrange(10**6)))
        self._tomorrow(lambda: self._put(file, packed=True))

    def _bad_rows(self, file: File, lines: list[str]) -> None:
        """One row is refused; in a whole file its key counts as there, in an increment it is never heard of."""
        at = self.r.randrange(1, len(lines))
        cells = lines[at].split(",")
        key = next(c for c in cells if c[:1] in "TA" and c[1:].isdigit())
        if cells[0] == "D":
            return self._put(file)
        lines[at] = lines[at].replace(",tenant,", ",zzz,").replace(",arrears,", ",zzz,")
        file.keys.pop(key)
        file.refused.add(key)
        file.text = "".join(lines)
        return self._put(file)

    def _late(self, file: File, lines: list[str]) -> None:
        self._tomorrow(lambda: self._put(file), self.r.randrange(1, 5))

    def _short(self, file: File, lines: list[str]) -> None:
        self._put(file, "".join(lines[: len(lines) * 2 // 5]))
        self._tomorrow(lambda: self._put(file))

    def _again(self, file: File, lines: list[str]) -> None:
        self._put(file)
        self._tomorrow(lambda: self._put(file))

    def _corrected(self, file: File, lines: list[str]) -> None:
        """First with another amount or start, the next night with the true one, under the same name."""
        wrong = [line.replace(",arrears,2018-05-01,,", ",arrears,2018-05-01,,9") for line in lines]
        first = File(**{**file.__dict__, "text": "".join(wrong)})
        first.keys = {k: f"9{v}" for k, v in file.keys.items()} if file.feed == INCREMENT else dict(file.keys)
        self._put(first)
        self._tomorrow(lambda: self._put(file), self.r.randrange(1, 4))

    def _cut(self, file: File, lines: list[str]) -> None:
        self._put(file)
        self.council.housing.faults.cut_at = self.r.randrange(len(file.text))
        self.council.housing.faults.times = 1

    def _down(self, file: File, lines: list[str]) -> None:
        self._put(file)
        self.council.housing.stop()

    def _odd(self, file: File, lines: list[str]) -> None:
        self._put(file)
        self.council.housing.write(f"Copy of {file.name}", b"x")
        self.council.housing.write(f"{file.name}.filepart", b"x")

    def _extra_column(self, file: File, lines: list[str]) -> None:
        wide = [f"{line.rstrip()},{'hiv_status' if n == 0 else 'POSITIVE'}\n" for n, line in enumerate(lines)]
        self._put(file, "".join(wide))
        self._tomorrow(lambda: self._put(file))

    def _encoding(self, file: File, lines: list[str]) -> None:
        self._put(file, file.text.encode() + b"\xff\n", control={"rows": len(lines)})
        self._tomorrow(lambda: self._put(file))

    def _unfinished(self, file: File, lines: list[str]) -> None:
        """Half of it stands under the final name, and its control file too; the rest comes the next night."""
        self._put(file)
        self.council.housing.write(file.name, file.text.encode()[: len(file.text) // 2], 60)
        self.council.housing.at_look = {}
        whole = file.text
        late = 60 * (1 + self.r.randrange(10**6))
        (self.council.housing.extracts / f"{file.name}.ctl.json").unlink()
        self._tomorrow(lambda: self._put(file, whole) if late else None)

    # -- what must then stand

    def expected(self) -> tuple[dict[str, tuple[str, str | None]], dict[str, str]]:
        """Tenancies (start, end) and arrears (amount) by key, from the contents that were accepted, in their order."""
        rows = self.council.rows(
            "SELECT DISTINCT ON (file_name) file_name, feed FROM landing.delivery WHERE status = ANY(:s)"
            " ORDER BY file_name, decided_at DESC", s=list(ACCEPTED),
        )  # fmt: skip
        files = sorted((self.accepted[r["file_name"]] for r in rows), key=lambda f: (f.on, f.sequence))
        return _whole([f for f in files if f.feed == WHOLE]), _increments([f for f in files if f.feed == INCREMENT])

    accepted: dict[str, File] = field(default_factory=dict)

    def note(self) -> None:
        """Remember which content of each name was the one accepted, by its digest."""
        for name, file in self.sent.items():
            data = file.text.encode()
            digest = hashlib.sha256(gzip.compress(data, mtime=0) if name.endswith(".gz") else data).hexdigest()
            found = self.council.count(
                "SELECT count(*) FROM landing.delivery WHERE file_name = :n AND sha256 = :d AND status = ANY(:s)",
                n=name, d=digest, s=list(ACCEPTED),
            )  # fmt: skip
            if found:
                self.accepted[name] = file

    def breaks(self) -> list[str]:
        """The invariants that do not hold tonight, in words."""
        self.note()
        c, found = self.council, []
        for says, sql in INVARIANTS.items():
            if n := c.count(sql):
                found.append(f"{says}: {n}")
        spells, arrears = self.expected()
        now = c.rows("SELECT ref, starts_on::text, ends_on::text FROM core.fact WHERE kind = 'tenancy'"
                     " AND known_to = 'infinity'")  # fmt: skip
        if (got := {r["ref"]: (r["starts_on"], r["ends_on"]) for r in now}) != spells:
            wrong = {k: (got.get(k), spells.get(k)) for k in {*got, *spells} if got.get(k) != spells.get(k)}
            found.append(f"tenancies are not what the accepted files say (got, expected): {wrong}")
        now = c.rows("SELECT ref, quantity::int AS q FROM core.fact WHERE feed = :f AND known_to = 'infinity'", f=INCREMENT)
        if {r["ref"]: str(r["q"]) for r in now} != arrears:
            found.append(f"arrears are not what the accepted files say: {len(now)}, {len(arrears)}")
        found += self._files() + self._history()
        return found

    def _files(self) -> list[str]:
        """Each receipt is the ledger's word; each accepted file stands whole; nothing is left half done."""
        c, found = self.council, []
        for d in c.rows("SELECT DISTINCT ON (file_name) file_name, status, sha256, landed_path, rows_read FROM"
                        " landing.delivery WHERE receipt_at IS NOT NULL ORDER BY file_name, receipt_at DESC"):  # fmt: skip
            if c.housing.receipt(d["file_name"])["status"] != d["status"]:
                found.append(f"the receipt of {d['file_name']} is not the ledger's")
        for d in c.rows("SELECT sha256, landed_path FROM landing.delivery WHERE status = ANY(:s)", s=list(ACCEPTED)):
            file = c.settings.landed / d["landed_path"]
            if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != d["sha256"]:
                found.append("an accepted file does not stand whole")
        left = [f for f in c.settings.landed.rglob("*") if f.name.endswith(".part") or "plain" in f.name]
        return found + (["something half done is left"] if left else [])

    def _history(self) -> list[str]:
        """What was known on an earlier night is what is said today of what was known then."""
        digest = (
            "SELECT md5(coalesce(string_agg(row_key || kind || coalesce(starts_on::text, '') || coalesce(ends_on::text, '')"
            " || coalesce(quantity::text, ''), '|' ORDER BY row_key, kind, part), '')) FROM core.fact"
            " WHERE known_from <= :t AND known_to > :t"
        )
        (now,) = self.council.rows("SELECT clock_timestamp() AS t")
        self.known.append((now["t"], str(self.council.rows(digest, t=now["t"])[0]["md5"])))
        asked = self.r.sample(self.known, min(3, len(self.known)))
        changed = [t for t, was in asked if str(self.council.rows(digest, t=t)[0]["md5"]) != was]
        return [f"what was known at {t} has changed" for t in changed]


INVARIANTS = {
    "rows do not add up": "SELECT count(*) FROM landing.delivery WHERE rows_read <> rows_loaded + rows_rejected",
    "facts of a file that was not accepted": "SELECT count(*) FROM core.fact f JOIN landing.delivery d USING (delivery_id)"
    " WHERE d.status IS DISTINCT FROM 'accepted' AND d.status IS DISTINCT FROM 'accepted_with_rejects'",
    "two current versions": "SELECT count(*) FROM (SELECT FROM core.fact WHERE known_to = 'infinity'"
    " GROUP BY row_key, kind, part HAVING count(*) > 1) t",
    "an increment over a gap": "SELECT count(*) FROM (SELECT sequence, lag(sequence) OVER (ORDER BY sequence) AS before"
    " FROM (SELECT DISTINCT sequence FROM landing.delivery WHERE feed = 'housing_actions'"
    " AND status IN ('accepted', 'accepted_with_rejects')) s) t WHERE before IS NOT NULL AND sequence <> before + 1",
    "a decided file without a receipt although its server is there": "SELECT count(*) FROM landing.delivery"
    " WHERE status NOT IN ('waiting') AND receipt_at IS NULL AND decided_at < now() - interval '1 hour'",
    "a fact that began to be known after it ended to be": "SELECT count(*) FROM core.fact WHERE known_from >= known_to",
    "coverage of a file that was not accepted": "SELECT count(*) FROM core.coverage c JOIN landing.delivery d"
    " USING (delivery_id) WHERE d.status NOT IN ('accepted', 'accepted_with_rejects')",
    "rejects without a rejected row": "SELECT count(*) FROM landing.delivery d WHERE rows_rejected = 0 AND status = 'accepted'"
    " AND EXISTS (SELECT FROM landing.reject r WHERE r.delivery_id = d.delivery_id)",
}


def _whole(files: list[File]) -> dict[str, tuple[str, str | None]]:
    """A key absent from two accepted snapshots in a row ended on the first of them."""
    spells: dict[str, tuple[str, str | None]] = {}
    away: dict[str, list[date]] = {}
    for file in files:
        for key in {*spells, *file.keys}:
            if key in file.keys:
                spells[key] = (file.keys[key], None)
                away.pop(key, None)
            elif key in file.refused:
                away.pop(key, None)
                spells[key] = (spells[key][0], None)
            else:
                away.setdefault(key, []).append(file.on)
                if len(away[key]) >= 2:
                    spells[key] = (spells[key][0], str(away[key][0]))
    return spells


def _increments(files: list[File]) -> dict[str, str]:
    standing: dict[str, str] = {}
    for file in files:
        standing.update(file.keys)
        for key in file.gone:
            standing.pop(key, None)
    return standing


def _tenant(n: int, on: str) -> str:
    return f"H{n},Ann,Gable{n},{1950 + n % 40}-{1 + n % 12:02d}-{1 + n % 28:02d},F,{n} High Street,CT1 2AB,,,,,T{n},tenant,{on},,LA\n"


def _action(n: int, amount: int) -> str:
    return f"U,H{n},A{n},T{n},arrears,2018-05-01,,{amount}"
