"""What operators load into Grafana and Prometheus asks for numbers that the bot has, by labels that they have."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from bot.storage.agenda import Backlog, Owed

ROOT = Path(__file__).parents[2]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana.json").read_text("utf-8"))
RULES: dict[str, Any] = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text("utf-8"))
ADDED = {"instance", "job"}
"""The labels that Prometheus itself gives to all numbers."""


@cache
def known() -> dict[str, dict[str, set[str]]]:
    """Each number by its name, with the values of its labels, once everything has been measured."""
    metrics = Metrics()
    metrics.watch(
        {"requests": lambda: 1}, {"shards": lambda: 1, "servers": lambda: 1, "latency_seconds": lambda: 1}
    )
    metrics.request("GET", "/users/@me", "403", 0.1)
    metrics.interaction("streak")()
    metrics.post("drill", "sent")
    metrics.answer("form", "on_time")
    metrics.model("understood")
    metrics.transaction("read", 0.1, 0.1, 0.1)
    text = metrics.text(Backlog(timedelta(0), {"drill": Owed(1, 1)})).decode()
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = found.setdefault(sample.name, defaultdict(set))
            for label, value in sample.labels.items():
                labels[label].add(value)
    return found


def check(expression: str) -> None:
    """Every number exists, every label too, and so does each value that is asked for."""
    names = re.findall(r"\bmockingbird_\w+", expression)
    assert names, expression
    labels: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        assert name in known(), f"{name} in {expression}"
        for label, values in known()[name].items():
            labels[label] |= values
    for by in re.findall(r"\bby \(([^)]*)\)", expression):
        assert set(by.split(", ")) <= set(labels) | ADDED, expression
    for label, is_pattern, asked in re.findall(r'(\w+)=(~?)"([^"]*)"', expression):
        assert label in labels or label in ADDED, expression
        if label not in ADDED:
            wanted = set(asked.split("|")) if is_pattern else {asked}
            assert wanted & labels[label] if label == "result" else wanted <= labels[label], expression
    assert expression.count("(") == expression.count(")") and expression.count("{") == expression.count("}")


def panels() -> Iterator[dict[str, Any]]:
    yield from (panel for panel in DASHBOARD["panels"] if panel["type"] != "row")


def test_each_panel_asks_for_numbers_that_there_are():
    for panel in panels():
        assert panel["title"] and panel["fieldConfig"]["defaults"]["unit"] and panel["targets"]
        for target in panel["targets"]:
            assert target["datasource"]["uid"] == panel["datasource"]["uid"] == "${datasource}"
            check(target["expr"])


def test_the_rows_are_there_and_nothing_lies_on_anything_else():
    rows = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
    assert rows == ["Deliveries", "Interactions", "Discord", "Storage", "Process"]
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    for one, other in combinations((panel["gridPos"] for panel in DASHBOARD["panels"]), 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in DASHBOARD["panels"])


def test_every_number_of_the_bot_is_on_it():
    asked = json.dumps(DASHBOARD)
    families = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in known()}
    own = {name for name in families if not name.startswith("mockingbird_process_")}
    assert {name for name in own if name not in asked} == set()


def test_a_database_that_is_away_is_a_number_of_its_own_for_which_a_rule_asks():
    metrics = Metrics()
    assert b"\nmockingbird_storage_trouble 0.0\n" in metrics.text(Backlog(timedelta(0), {}))
    away = metrics.text(None, trouble=True)
    assert b"\nmockingbird_storage_trouble 1.0\n" in away and b"\nmockingbird_due_lag_seconds NaN\n" in away
    assert any(rule["expr"] == "max(mockingbird_storage_trouble) == 1" for rule in RULES["groups"][0]["rules"])


def test_each_rule_asks_for_numbers_that_there_are_and_says_what_to_do():
    (group,) = RULES["groups"]
    names = [rule["alert"] for rule in group["rules"]]
    assert len(set(names)) == len(names) >= 8
    for rule in group["rules"]:
        check(rule["expr"])
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert rule["annotations"]["summary"].endswith(".") and rule["annotations"]["description"].endswith(".")
        assert re.fullmatch(r"\d+[ms]", rule.get("for", "0s"))
