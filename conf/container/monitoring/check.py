"""Checks alerts.yaml and dashboard.json.

check.py rules           writes the expressions of the dashboard as rules, for promtool to parse
check.py schema          the dashboard is one by Grafana's own types: nothing is lost when it is read into them and
                         written again (needs the package grafana-foundation-sdk)
check.py names METRICS   every metric that an expression names is in METRICS, the text of a node's /metrics
"""

import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
NAME = re.compile(r"\b(?:posthaste|vertx|jvm|process)_[a-z0-9_]+")

# Only there once something of the kind has happened.
LATER = {"jvm_gc_pause_seconds_sum"}


# What an annotation says to its data source is not Grafana's own.
OF_THE_DATA_SOURCE = {"titleFormat"}


def read_dashboard():
    return json.loads((HERE / "dashboard.json").read_text())


def check_schema():
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.cog.plugins import register_default_plugins
    from grafana_foundation_sdk.models.dashboard import Dashboard

    register_default_plugins()
    dashboard = read_dashboard()
    written = json.dumps(Dashboard.from_json(dashboard), cls=JSONEncoder)
    unknown = sorted(differences(dashboard, json.loads(written), "dashboard"))
    assert not unknown, f"not what Grafana reads: {unknown}"


def differences(ours, theirs, path):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in ours.keys() - OF_THE_DATA_SOURCE:
            yield from differences(ours[key], theirs.get(key), f"{path}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for i, pair in enumerate(zip(ours, theirs)):
            yield from differences(*pair, f"{path}[{i}]")
    elif ours != theirs:
        yield path


def dashboard_expressions():
    dashboard = read_dashboard()
    assert dashboard["title"] and dashboard["uid"] and dashboard["schemaVersion"] >= 39
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels), "ids of panels must differ"
    taken = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24 and not cells & taken, f"{panel['title']} overlaps"
        taken |= cells
        assert panel["type"] == "row" or panel["targets"], f"{panel['title']} shows nothing"
        for target in panel.get("targets", []):
            yield target["expr"]
    for annotation in dashboard["annotations"]["list"]:
        yield annotation["expr"]


def write_rules():
    rules = [
        {"record": f"dashboard:{i}", "expr": expr.replace("$__rate_interval", "5m")}
        for i, expr in enumerate(dashboard_expressions())
    ]
    print(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))


def check_names(metrics):
    known = set(re.findall(r"^([a-z_0-9]+)[ {]", pathlib.Path(metrics).read_text(), re.MULTILINE))
    alerts = re.sub(r"(?m)^ *(#|summary:|description:|- alert:|- record:).*", "", (HERE / "alerts.yaml").read_text())
    used = set(NAME.findall(alerts))
    for expression in dashboard_expressions():
        used |= set(NAME.findall(expression))
    unknown = used - known - LATER
    assert not unknown, f"no such metric: {sorted(unknown)}"
    print(f"{len(used)} metrics are named, and each is there")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["rules"]:
            write_rules()
        case ["schema"]:
            check_schema()
        case ["names", metrics]:
            check_names(metrics)
        case _:
            sys.exit(__doc__)
