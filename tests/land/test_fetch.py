"""Fetching from a real server that misbehaves: what stands on our disk is the whole file or nothing."""

from __future__ import annotations

import hashlib
import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sftp_partner import Faults, Partner

from tf_integration.land.client import EXTRACTS, RECEIPTS, Session, Unreachable
from tf_integration.land.fetch import DiskFull, Fetched, StillChanging, fetch
from tf_integration.land.limits import Limits

BIG = random.Random(1).randbytes(3_000_000)


def fetched(partner: Partner, folder: Path, limits: Limits) -> Fetched:
    with Session(partner.name, partner.server(), limits) as session:
        with session.account() as account:
            remote = account.stat(EXTRACTS, "big.csv")
        assert remote is not None
        return fetch(session.account, remote, folder, limits)


def test_a_whole_file_arrives_with_its_digest(housing: Partner, tmp_path: Path, limits: Limits) -> None:
    housing.write("big.csv", BIG)
    got = fetched(housing, tmp_path / "in", limits)
    assert (got.sha256, got.bytes) == (hashlib.sha256(BIG).hexdigest(), len(BIG))
    assert got.path.read_bytes() == BIG


@pytest.mark.parametrize("seed", range(5))
def test_a_connection_cut_anywhere_is_resumed_and_nothing_is_sent_twice(
    housing: Partner, tmp_path: Path, limits: Limits, seed: int
) -> None:
    housing.write("big.csv", BIG)
    housing.faults = Faults(cut_at=random.Random(seed).randrange(300_000, len(BIG)), times=1)
    got = fetched(housing, tmp_path / "in", limits)
    assert got.sha256 == hashlib.sha256(BIG).hexdigest()
    first_after_cut = housing.seen[len(housing.seen) - housing.seen[::-1].index("connected") :]
    resumed_at = min(int(s.split()[1]) for s in first_after_cut if s.startswith("read"))
    assert resumed_at > 0


def test_a_part_survives_a_run_that_gave_up_and_the_next_run_goes_on_from_it(
    housing: Partner, tmp_path: Path, limits: Limits
) -> None:
    housing.write("big.csv", BIG)
    housing.faults = Faults(cut_at=1_500_000, times=1)
    with pytest.raises(Unreachable):
        fetched(housing, tmp_path / "in", limits.model_copy(update={"fetch_tries": 1}))
    (part,) = (tmp_path / "in").glob("*.part")
    assert 0 < part.stat().st_size < len(BIG)
    assert BIG.startswith(part.read_bytes())
    assert fetched(housing, tmp_path / "in", limits).sha256 == hashlib.sha256(BIG).hexdigest()


def test_an_early_end_of_file_is_a_broken_connection_and_never_a_file(
    housing: Partner, tmp_path: Path, limits: Limits
) -> None:
    housing.write("big.csv", BIG)
    housing.faults = Faults(end_at=1_000_000, times=1_000_000)
    with pytest.raises(Unreachable, match="ended the file after"):
        fetched(housing, tmp_path / "in", limits)
    assert not list((tmp_path / "in").glob("*.whole"))
    housing.faults = Faults()
    assert fetched(housing, tmp_path / "in", limits).sha256 == hashlib.sha256(BIG).hexdigest()


def test_a_file_that_grows_while_it_is_fetched_is_not_ready(housing: Partner, tmp_path: Path, limits: Limits) -> None:
    housing.write("big.csv", BIG)
    housing.faults = Faults(grow=b"more", times=1)
    with pytest.raises(StillChanging):
        fetched(housing, tmp_path / "in", limits)
    assert not list((tmp_path / "in").glob("*.whole"))


def test_a_file_that_is_rewritten_in_place_while_it_is_fetched_is_not_ready(
    housing: Partner, tmp_path: Path, limits: Limits
) -> None:
    housing.write("big.csv", BIG)
    housing.faults = Faults(rewrite=b"another end of the same length", times=1)
    with pytest.raises(StillChanging):
        fetched(housing, tmp_path / "in", limits)
    assert not list((tmp_path / "in").glob("*.whole"))


def test_a_part_of_other_content_is_never_resumed(housing: Partner, tmp_path: Path, limits: Limits) -> None:
    housing.write("big.csv", BIG)
    housing.faults = Faults(cut_at=1_500_000, times=1)
    with pytest.raises(Unreachable):
        fetched(housing, tmp_path / "in", limits.model_copy(update={"fetch_tries": 1}))
    other = BIG[::-1]
    housing.write("big.csv", other, bump=60)
    assert fetched(housing, tmp_path / "in", limits).sha256 == hashlib.sha256(other).hexdigest()


def test_a_trickle_is_given_up(housing: Partner, tmp_path: Path, limits: Limits) -> None:
    housing.write("big.csv", BIG)
    slow = limits.model_copy(update={"watch_seconds": 1e-9, "least_bytes_per_second": 10**12, "fetch_tries": 1})
    with pytest.raises(Unreachable, match="trickles"):
        fetched(housing, tmp_path / "in", slow)


def test_a_server_that_falls_silent_is_given_up(housing: Partner, tmp_path: Path, limits: Limits) -> None:
    housing.write("big.csv", BIG)
    housing.faults = Faults(stall=True)
    with pytest.raises(Unreachable, match="TimeoutError"):
        fetched(housing, tmp_path / "in", limits.model_copy(update={"channel_seconds": 0.3, "fetch_tries": 1}))


def test_the_whole_file_has_a_deadline(housing: Partner, tmp_path: Path, limits: Limits) -> None:
    housing.write("big.csv", BIG)
    with pytest.raises(Unreachable, match="deadline"):
        fetched(housing, tmp_path / "in", limits.model_copy(update={"fetch_deadline_seconds": 1e-9}))


def test_a_disk_without_room_is_refused_before_a_byte_is_fetched(
    housing: Partner, tmp_path: Path, limits: Limits
) -> None:
    housing.write("big.csv", BIG)
    needs = shutil.disk_usage(tmp_path).total / len(BIG) * 2
    with pytest.raises(DiskFull, match="Free some space"):
        fetched(housing, tmp_path / "in", limits.model_copy(update={"free_space_times": needs}))
    assert not [s for s in housing.seen if s.startswith("read")]


_FETCH_WITH_LITTLE_ROOM = """
import resource, signal, sys
from pathlib import Path
from tf_integration.land.client import RemoteFile, Session
from tf_integration.land.fetch import DiskFull, fetch
from tf_integration.land.limits import load_limits
from tf_integration.model.settings import PartnerServer
folder, server, size, mtime = Path(sys.argv[1]), PartnerServer.model_validate_json(sys.argv[2]), *map(int, sys.argv[3:])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
with Session("housing", server, load_limits()) as session:
    try:
        fetch(session.account, RemoteFile("big.csv", size, mtime), folder, load_limits())
    except DiskFull as error:
        print(error)
        sys.exit(7)
"""


def test_a_disk_that_fills_midway_leaves_nothing_behind(housing: Partner, tmp_path: Path) -> None:
    file = housing.write("big.csv", BIG)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            _FETCH_WITH_LITTLE_ROOM,
            str(tmp_path / "in"),
            housing.server().model_dump_json(),
            str(len(BIG)),
            str(int(file.stat().st_mtime)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    assert "the disk filled" in done.stdout
    assert list((tmp_path / "in").iterdir()) == []


def test_a_receipt_is_written_under_another_name_first_and_then_replaces_the_old(
    housing: Partner, limits: Limits
) -> None:
    (housing.receipts / "a.json").write_text("old")
    with Session(housing.name, housing.server(), limits) as session, session.account() as account:
        account.write(RECEIPTS, "a.json", b"new")
    assert (housing.receipts / "a.json").read_text() == "new"
    assert [f.name for f in housing.receipts.iterdir()] == ["a.json"]
    assert "open /receipts/.a.json.part" in housing.seen


def test_links_and_folders_are_not_listed(housing: Partner, limits: Limits) -> None:
    housing.write("a.csv", b"x")
    (housing.extracts / "link.csv").symlink_to(housing.root / "elsewhere")
    (housing.extracts / "folder.csv").mkdir()
    with Session(housing.name, housing.server(), limits) as session, session.account() as account:
        assert [f.name for f in account.listing(EXTRACTS)] == ["a.csv"]


def test_one_connection_serves_a_whole_look(housing: Partner, tmp_path: Path, limits: Limits) -> None:
    housing.write("big.csv", BIG)
    fetched(housing, tmp_path / "in", limits)
    assert housing.seen.count("connected") == 1


def test_memory_stays_flat_whatever_the_size(housing: Partner, tmp_path: Path, limits: Limits) -> None:
    housing.write("big.csv", b"x" * 60_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fetched(housing, tmp_path / "in", limits)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # KiB, the server's side included
