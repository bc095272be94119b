"""A small warehouse to deliver files to: register, stage, apply or rebuild, as a night does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tf_integration import conform
from tf_integration.model.feed import Feed

START = datetime(2020, 1, 1, tzinfo=UTC)


def text_of(feed: Feed, rows: list[dict[str, str]], header: list[str] | None = None) -> str:
    """A CSV file of the feed; columns that a row does not name are blank."""
    names = header or [c.name for c in feed.columns]
    quoted = [[_quoted(row.get(n, "")) for n in names] for row in rows]
    return "\n".join(",".join(cells) for cells in [names, *quoted]) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',"\n') else cell


@dataclass
class World:
    """One warehouse and the files delivered to it."""

    conn: Connection
    folder: Path
    files: dict[int, Path] = field(default_factory=dict)
    night: int = 0
    reports: list[conform.Staged] = field(default_factory=list)

    def register(
        self,
        feed: Feed,
        content: str | bytes,
        snapshot_on: date,
        sequence: int,
        partner: str,
        covers: tuple[date, date] | None = None,
    ) -> conform.Source:
        data = content.encode() if isinstance(content, str) else content
        digest = hashlib.sha256(data).hexdigest()
        name = f"{feed.feed}_{snapshot_on:%Y%m%d}_{sequence:04}.csv"
        delivery_id = self.conn.execute(
            sa.text(
                "INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode,"
                " sha256, covers_from, covers_to, contract_version, code_version, state, received_at)"
                " VALUES (core.hash_id(:n || :h || :q || :p), :f, :p, :n, :s, :q, :m, :h, :a, :b, 'v', 'v',"
                " 'parsed', :r)"
                " RETURNING delivery_id"
            ),
            {
                "n": name,
                "h": digest,
                "q": sequence,
                "f": feed.feed,
                "p": partner,
                "s": snapshot_on,
                "m": feed.mode,
                "a": covers and covers[0],
                "b": covers and covers[1],
                "r": START + timedelta(days=self.night),
            },
        ).scalar()
        file = self.folder / f"{delivery_id}.csv"
        file.write_bytes(data)
        self.files[delivery_id] = file
        return conform.source_of(self.conn, feed, delivery_id)

    def deliver(
        self,
        feed: Feed,
        content: str | bytes,
        snapshot_on: date,
        sequence: int = 1,
        partner: str = "",
        covers: tuple[date, date] | None = None,
    ) -> conform.Staged:
        """Stage and load one file, as an accepted delivery."""
        self.night += 1
        source = self.register(feed, content, snapshot_on, sequence, partner or feed.partner, covers)
        known_at = START + timedelta(days=self.night)
        staged = conform.stage(self.conn, self.files[source.delivery_id], source)
        if not staged.faults:
            if conform.is_late(self.conn, source):
                conform.rebuild(self.conn, source, known_at, self.files.__getitem__)
            else:
                conform.apply(self.conn, source, known_at)
            self.conn.execute(
                sa.text("UPDATE landing.delivery SET state = 'accepted', status = 'accepted' WHERE delivery_id = :d"),
                {"d": source.delivery_id},
            )
        self.reports.append(staged)
        return staged

    def rows(self, sql: str, **params: object) -> list[dict[str, object]]:
        return [dict(r) for r in self.conn.execute(sa.text(sql), params).mappings()]

    def state(self) -> dict[str, list[dict[str, object]]]:
        """All that is current, without the instants at which it became known."""
        current = "SELECT to_jsonb(t) - 'known_from' - 'known_to' AS row FROM core.{} t WHERE known_to = 'infinity'"
        queries = {name: current.format(name) for name in ("fact", "source_record", "coverage")}
        queries["absence"] = "SELECT to_jsonb(t) AS row FROM core.absence t"
        return {name: sorted(self.rows(sql), key=str) for name, sql in queries.items()}
