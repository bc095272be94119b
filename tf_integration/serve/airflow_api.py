"""The few calls that the platform makes to Airflow's REST API (version 2), over the standard library."""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tf_integration.model.errors import ServiceError
from tf_integration.model.settings import Settings

ADMIN = "admin"
PASSWORD_FILE = "airflow_admin_password"
FINISHED = frozenset({"success", "failed"})
OUR_FAULTS = frozenset({"PlatformError", "CallError", "ContractError", "NeedsAPerson", "ServiceError"})
_PAGE = 100                               # Airflow's own ceiling ([api] maximum_page_limit)


class Api:
    """One signed-in client. Signs in at the first call, and once more when the token has run out.

    The user is `TFI_AIRFLOW_USER` (else `admin`); the password is read from `TFI_AIRFLOW_PASSWORD_FILE`, else
    from the one that `tfi up` wrote under `TFI_HOME/secrets/`.

    Raises:
        ServiceError: no Airflow is configured, or it cannot be reached, or it refuses (from every method).
    """

    def __init__(self, settings: Settings, timeout_seconds: float = 30, tries: int = 1) -> None:
        if not settings.airflow_url:
            raise ServiceError("no Airflow is configured.", where=str(settings.home), mend="Run `tfi up`.")
        self.url = settings.airflow_url.rstrip("/")
        self.timeout_seconds, self.tries = timeout_seconds, tries
        self._user = os.environ.get("TFI_AIRFLOW_USER", ADMIN)
        named = os.environ.get("TFI_AIRFLOW_PASSWORD_FILE")
        self._password_file = Path(named) if named else settings.home / "secrets" / PASSWORD_FILE
        self._token = ""
        # Loopback and council networks: never through a proxy that the environment happens to name.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, Any] | None = None) -> str:
        """Start a run and return its id. A run that already has this id is left as it is."""
        body = {"dag_run_id": run_id, "conf": conf or {}, "logical_date": None}
        status, answer = self._send("POST", f"/api/v2/dags/{_quote(dag_id)}/dagRuns", body, allow=(409,))
        return run_id if status == 409 else str(answer["dag_run_id"])

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        """The whole run as Airflow shows it: state, conf, start_date, end_date and more."""
        return self._get(f"/api/v2/dags/{_quote(dag_id)}/dagRuns/{_quote(run_id)}")

    def state(self, dag_id: str, run_id: str) -> str:
        """`queued`, `running`, `success` or `failed`."""
        return str(self.run(dag_id, run_id)["state"])

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """Every run of a DAG, oldest first (`~` for all DAGs)."""
        return list(self._pages(f"/api/v2/dags/{_quote(dag_id)}/dagRuns", "dag_runs", order_by="run_after"))

    def states(self, run_id: str) -> dict[str, str]:
        """The state of the run of this id in each DAG that has one."""
        like = run_id.replace("%", "")
        found = self._pages("/api/v2/dags/~/dagRuns", "dag_runs", run_id_pattern=like)
        return {r["dag_id"]: str(r["state"]) for r in found if r["dag_run_id"] == run_id}

    def fault(self, dag_id: str, run_id: str, task: dict[str, Any]) -> str:
        """Why a task of `tasks` failed, from its log: our own words, and of any other error only its type."""
        path = (f"/api/v2/dags/{_quote(dag_id)}/dagRuns/{_quote(run_id)}/taskInstances"
                f"/{_quote(task['task_id'])}/logs/{task['try_number']}?map_index={task['map_index']}")
        status, log = self._send("GET", path, allow=(404,))
        lines = log.get("content", []) if status == 200 else []
        found = [e for line in lines if isinstance(line, dict) for e in line.get("error_detail") or []]
        if not found:
            return ""
        last = found[-1]
        return str(last["exc_value"] if last["exc_type"] in OUR_FAULTS else last["exc_type"])

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The run's task instances: task_id, map_index, state, try_number, start_date, end_date and more."""
        path = f"/api/v2/dags/{_quote(dag_id)}/dagRuns/{_quote(run_id)}/taskInstances"
        return list(self._pages(path, "task_instances"))

    def xcom(self, dag_id: str, run_id: str, task_id: str, map_index: int = -1,
             key: str = "return_value") -> Any:
        """What a task returned (None when it returned nothing)."""
        path = (f"/api/v2/dags/{_quote(dag_id)}/dagRuns/{_quote(run_id)}/taskInstances/{_quote(task_id)}"
                f"/xcomEntries/{_quote(key)}?map_index={map_index}&stringify=false")
        status, answer = self._send("GET", path, allow=(404,))
        return None if status == 404 else answer.get("value")

    def unpause(self, dag_id: str) -> None:
        """Let the scheduler run this DAG."""
        self._send("PATCH", f"/api/v2/dags/{_quote(dag_id)}?update_mask=is_paused", {"is_paused": False})

    def dag_ids(self) -> list[str]:
        """The DAGs that have been parsed, in name order."""
        return sorted(d["dag_id"] for d in self._pages("/api/v2/dags", "dags"))

    def paused(self) -> list[str]:
        """The DAGs that the scheduler leaves alone, in name order."""
        return sorted(d["dag_id"] for d in self._pages("/api/v2/dags", "dags") if d["is_paused"])

    def dag_files(self) -> set[str]:
        """The names of the files that those DAGs stand in."""
        return {Path(d["fileloc"]).name for d in self._pages("/api/v2/dags", "dags")}

    def import_errors(self) -> list[str]:
        """The DAG files that do not load, each with the last line of its error."""
        return [f"{Path(e['filename']).name}: {(e['stack_trace'].strip().splitlines() or [''])[-1]}"
                for e in self._pages("/api/v2/importErrors", "import_errors")]

    def health(self) -> dict[str, dict[str, str | None]]:
        """Airflow's own view: metadatabase, scheduler, dag_processor, triggerer (needs no sign-in)."""
        return self._call("GET", "/api/v2/monitor/health", None, {})

    def _get(self, path: str) -> dict[str, Any]:
        return self._send("GET", path)[1]

    def _pages(self, path: str, name: str, **query: str) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            asked = urllib.parse.urlencode({**query, "limit": _PAGE, "offset": offset})
            page = self._get(f"{path}?{asked}")
            yield from page[name]
            offset += len(page[name])
            if not page[name] or offset >= page["total_entries"]:
                return

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None,
              allow: tuple[int, ...] = ()) -> tuple[int, dict[str, Any]]:
        for fresh in (False, True):
            if not self._token:
                self._token = self._sign_in()
            try:
                return 200, self._call(method, path, body, {"Authorization": f"Bearer {self._token}"})
            except urllib.error.HTTPError as error:
                if error.code in allow:
                    return error.code, {}
                if error.code == 401 and not fresh:
                    self._token = ""
                    continue
                raise self._refused(error, method, path) from None
        raise AssertionError("unreachable")

    def _sign_in(self) -> str:
        try:
            password = self._password_file.read_text().strip()
        except OSError as error:
            raise ServiceError(f"Airflow's password cannot be read ({error.strerror}).",
                               where=str(self._password_file),
                               mend="Run `tfi up`, or set TFI_AIRFLOW_PASSWORD_FILE.") from None
        credentials = {"username": self._user, "password": password}
        try:
            return str(self._call("POST", "/auth/token", credentials, {})["access_token"])
        except urllib.error.HTTPError as error:
            raise self._refused(error, "POST", "/auth/token") from None

    def _call(self, method: str, path: str, body: dict[str, Any] | None,
              headers: dict[str, str]) -> dict[str, Any]:
        """One call; asked again when a busy machine lets it wait too long, for every call here may be made twice."""
        for left in reversed(range(self.tries)):
            try:
                return self._call_once(method, path, body, headers)
            except TimeoutError:
                if not left:
                    raise self._silent("TimeoutError") from None
        raise AssertionError("unreachable")

    def _call_once(self, method: str, path: str, body: dict[str, Any] | None,
                   headers: dict[str, str]) -> dict[str, Any]:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, method=method,
                                         headers={"Content-Type": "application/json", **headers})
        try:
            with self._opener.open(request, timeout=self.timeout_seconds) as answer:
                return dict(json.loads(answer.read() or b"{}"))
        except (urllib.error.HTTPError, TimeoutError):
            raise
        except (OSError, ValueError) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise TimeoutError from None
            raise self._silent(type(error).__name__) from None

    def _silent(self, how: str) -> ServiceError:
        return ServiceError(f"Airflow does not answer ({how}).", where=self.url,
                            mend="Run `tfi status`, then `tfi up`.")

    def _refused(self, error: urllib.error.HTTPError, method: str, path: str) -> ServiceError:
        try:
            detail = json.loads(error.read()).get("detail", "")
        except (OSError, ValueError, AttributeError):
            detail = ""
        said = detail if isinstance(detail, str) else json.dumps(detail)
        what = f"Airflow refused {method} {path.split('?')[0]}: {error.code} {said[:200]}".rstrip()
        return ServiceError(what, where=self.url, mend="Run `tfi doctor`.")


def _quote(text: str) -> str:
    return urllib.parse.quote(text, safe="~")


def main() -> None:
    """`python -m tf_integration.serve.airflow_api PART`: exit 0 when Airflow calls that part healthy (compose asks)."""
    settings = Settings.load()
    try:
        part = Api(settings, timeout_seconds=5).health().get(sys.argv[1]) or {}
    except ServiceError:
        part = {}
    sys.exit(part.get("status") != "healthy")


if __name__ == "__main__":
    main()
