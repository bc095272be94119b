"""A year of nights through the platform: files over SFTP, deliveries decided, refreshes, match review, windows of claims."""

from __future__ import annotations

import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from tf_integration.claim import window as windows
from tf_integration.flow import claims, review
from tf_integration.flow.deliver import deliver, discover
from tf_integration.flow.refresh import refresh
from tf_integration.flow.setup import prepare
from tf_integration.model.delivery import read_name
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.settings import Settings
from tf_integration.serve.partners import served
from tf_integration.store import warehouse
from year.county import LIVES, Happenings, Order, Truth, make
from year.proof import Proof, check_window

ACCEPTED = ("accepted", "accepted_with_rejects")
Tell = Callable[[str], None]


@dataclass
class Year:
    """One year of one home. `counts` says what happened; `proof` what was found when each window was frozen."""

    settings: Settings
    order: Order
    tell: Tell = lambda said: None
    counts: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    proof: Proof = field(default_factory=Proof)
    next_window: int = LIVES["windows"]["first"]

    def __post_init__(self) -> None:
        self.rng = Random(self.order.seed)
        self.nights = make(self.settings.home / "county", self.order)
        self.truth = Truth(self.settings.home / "county")
        self.life = Happenings(self.truth, self.order.seed)
        self.late: dict[int, list[str]] = defaultdict(list)  # by the night on which they come

    def run(self, most_minutes: float = 0) -> None:
        """Every night in order, and what people do on it; no further night once so many minutes have passed (0: no end)."""
        until = time.monotonic() + 60 * most_minutes if most_minutes else float("inf")
        with served(self.settings):
            for n, night in enumerate(self.nights):
                if time.monotonic() > until:
                    self.nights = self.nights[:n]
                    return
                self.night(n, date.fromisoformat(night["as_at"]), night["files"])

    def night(self, n: int, as_at: date, files: list[str]) -> None:
        came = list(self._on_time(n, files)) + self.late.pop(n, [])
        if not came and n % self.order.every and n < len(self.nights) - 1:
            return
        with self._clocked("deliveries"):
            for name in came:
                self._put(name)
            for feed in sorted({_feed(f) for f in came}):
                for delivery in discover(self.settings, feed, as_at):
                    self.counts[f"deliveries {deliver(self.settings, delivery, as_at)['status']}"] += 1
        with self._clocked("refreshes"):
            done = refresh(self.settings, as_at)
        self.counts["refreshes"] += 1
        self.counts["mart checks broken"] += len(done["broken"])
        self._people_act(n, as_at)
        self.tell(
            f"night {n + 1} of {len(self.nights)}, {as_at}: {len(came)} files; {dict(self.counts)}; "
            f"{len(self.proof.wrong)} found wrong of {dict(self.proof.checked)}"
        )

    def _people_act(self, n: int, as_at: date) -> None:
        if n and n % max(LIVES["moves"]["every"], self.order.every) == 0 and (what := self.life.befall(as_at)):
            self.counts[what] += 1
        if n % max(LIVES["looked_at"]["every"], self.order.every) == 0:
            self._review()
        if n >= self.next_window or n == len(self.nights) - 1:
            self.next_window = n + LIVES["windows"]["every"]
            with self._clocked("windows"):
                self._window(f"w{n + 1:03d}", as_at)

    def _on_time(self, n: int, files: list[str]) -> Iterator[str]:
        """The data files that come on their night; some come later, none of the first night or after the last."""
        for name in files:
            if name.endswith(".ctl.json"):
                continue
            later = n + self.rng.randint(*LIVES["late"]["nights"])
            if n and later < len(self.nights) and self.rng.random() < LIVES["late"]["share"]:
                self.late[later].append(name)
                self.counts["files late"] += 1
            else:
                yield name

    def _put(self, name: str) -> None:
        source, (_, partner, box, file) = self.settings.home / "county" / name, Path(name).parts
        self.life.write(source, self.settings.home / "partners" / partner / box / file)

    # -- match review: mostly right, sometimes wrong, sometimes taken back -----------------------------------------

    def _review(self) -> None:
        most = LIVES["looked_at"]["pairs"]
        waiting = review.waiting(self.settings, most)["pairs"]
        drawn = review.sample(self.settings, 1, str(self.counts["refreshes"]))["pairs"]
        for pair in waiting:
            is_one = self._is_one(pair["record_a"], pair["record_b"])
            self._say(pair["pair_id"], "same" if is_one != (self.rng.random() < 0.1) else "different")
        for pair in drawn:
            if self._say(f"{pair['record_a']}:{pair['record_b']}", "different"):
                self.counts["matches split wrongly"] += 1
        if self.counts["matches split wrongly"] > 1 and self.rng.random() < 0.5:
            for row in self._rows(
                "SELECT source_record_a AS a, source_record_b AS b FROM identity.decision "
                "WHERE says = 'different' ORDER BY md5(source_record_a || :salt) LIMIT 1",
                salt=str(self.counts["refreshes"]),
            ):
                self._say(f"{row['a']}:{row['b']}", "undo")

    def _is_one(self, a: int, b: int) -> bool:
        rows = self._rows(
            "SELECT DISTINCT partner, person_ref FROM core.source_record WHERE source_record_id = ANY (:ids)",
            ids=[a, b],
        )
        return len({self.truth.person_of.get((r["partner"], r["person_ref"])) for r in rows}) == 1

    def _say(self, pair: str, word: str) -> bool:
        for who in ("Rae", "Sam", "Tay"):
            try:
                if review.say(self.settings, pair, word, who, "both files read")["decides"]:
                    self.counts[f"review {word}"] += 1
                    return True
            except (NeedsAPerson, CallError):
                self.counts["review refused"] += 1
                return False
        return False

    # -- a window, from draft to what becomes of its claims -----------------------------------------------------------

    def _window(self, name: str, as_at: date) -> None:
        s = self.settings
        try:
            made = claims.draft(s, name, "Ada", "the period's claims")
        except NeedsAPerson:
            return
        self.counts["claims drafted"] += made["claims"]
        self.counts["claims refused, held by others"] += len(made["refused"])
        with warehouse.transaction(s) as conn:
            sampled = windows.sample(conn, name, "Ben", "audit")["sampled"]
        for drawn in sampled:
            is_wrong = self.rng.random() < LIVES["found_wrong"]
            with warehouse.transaction(s) as conn:
                windows.say_verdict(conn, drawn["claim_ref"], not is_wrong, "Ben", "the case file read")
            if is_wrong:
                claims.move(s, drawn["claim_ref"], "withdrawn", "Ada", "found wrong", judge=False)
                self.counts["claims found wrong by audit"] += 1
        with warehouse.transaction(s) as conn:
            windows.approve(conn, name, "Cas", "the sample is sound")
        frozen = claims.freeze(s, name, "Ada", "approved")
        self.counts["claims frozen"] += frozen["claims"]
        with self._clocked("independent checks"):
            check_window(self.proof, s, self.truth, name, as_at)
        claims.submit(s, name, "Ada", "the window closes", s.home / "sent")
        self._afterwards()

    def _afterwards(self) -> None:
        """Earlier windows' claims are paid, withdrawn or clawed back; then those whom it touches are judged again."""
        shares, moved = LIVES["after_submission"], 0
        for row in self._rows(
            "SELECT claim_ref, state FROM claim.claim WHERE state IN ('submitted', 'paid') ORDER BY claim_ref"
        ):
            drawn = self.rng.random()
            if row["state"] == "submitted":
                state = (
                    "paid"
                    if drawn < shares["paid"]
                    else "withdrawn"
                    if drawn < shares["paid"] + shares["withdrawn"]
                    else None
                )
            else:
                state = "clawed_back" if drawn < shares["clawed_back"] / 6 else None
            if state:
                claims.move(self.settings, row["claim_ref"], state, "Dee", "as the payer said", judge=False)
                self.counts[f"claims {state}"] += 1
                moved += 1
            self.proof.balanced(self.settings)
        self.counts["moves of claims"] += moved

    def _rows(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        with warehouse.transaction(self.settings) as conn:
            return warehouse.rows(conn, sql, **params)

    @contextmanager
    def _clocked(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[what] += time.monotonic() - began


def _feed(name: str) -> str:
    found = read_name(Path(name).name)
    assert found is not None, name
    return found.feed


def opened(home: Path, warehouse_url: str) -> Settings:
    """Settings of a home with the partners' accounts, its warehouse made ready."""
    home.mkdir(parents=True, exist_ok=True)
    settings = Settings(home=home, warehouse_url=warehouse_url)
    (home / "limits.yaml").write_text("settle_seconds: 0.05\npause_seconds: 0\n")
    prepare(settings)
    return settings


def forget(home: Path) -> None:
    """Remove a home of an earlier year."""
    shutil.rmtree(home, ignore_errors=True)
