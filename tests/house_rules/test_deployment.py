"""What is deployed has the knobs it needs, and no rights it does not."""

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house_rules.sources import PROCESSES, ROOT

BASE = ROOT / "deploy" / "k8s" / "base"


def documents(path: Path) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(path.read_text(encoding="utf-8")) if one]


def one(process: str, kind: str) -> dict[str, Any]:
    (found,) = (d for d in documents(BASE / f"{process}.yaml") if d["kind"] == kind)
    return found


def container(process: str) -> dict[str, Any]:
    (found,) = one(process, "Deployment")["spec"]["template"]["spec"]["containers"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("process", PROCESSES)
def test_every_needed_knob_is_set_and_every_set_knob_is_known(process: str) -> None:
    package = process if process == "gateway" else f"services.{process}"
    settings = importlib.import_module(f"{package}.settings").Settings
    prefix = f"{process.upper()}_"
    given = set()
    for variable in container(process)["env"]:
        assert variable["name"].startswith(prefix)
        knob = variable["name"].removeprefix(prefix).lower()
        given.add(knob if knob in settings.model_fields else knob.removesuffix("_file"))
    needed = {name for name, knob in settings.model_fields.items() if knob.is_required()}
    assert needed <= given
    assert given <= set(settings.model_fields)


def test_the_door_is_told_who_stands_before_it() -> None:
    said = {variable["name"] for variable in container("gateway")["env"]}
    assert "GATEWAY_PROXIES" in said
    (county,) = (d for d in documents(BASE / "county.yaml") if d["metadata"]["name"] == "county")
    assert county["data"]["proxies"]


@pytest.mark.parametrize("process", PROCESSES)
def test_a_pod_has_no_rights_it_does_not_need(process: str) -> None:
    pod = one(process, "Deployment")["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert not pod["automountServiceAccountToken"]
    own = container(process)["securityContext"]
    assert own["readOnlyRootFilesystem"]
    assert not own["allowPrivilegeEscalation"]
    assert own["capabilities"] == {"drop": ["ALL"]}
    assert container(process)["resources"]["limits"]["memory"]


@pytest.mark.parametrize("process", PROCESSES)
def test_who_may_talk_to_whom_is_what_the_knobs_say(process: str) -> None:
    settings = {variable["name"] for variable in container(process)["env"]}
    called = {peer for peer in PROCESSES if f"{process}_{peer}_URL".upper() in settings}
    policy = one(process, "NetworkPolicy")["spec"]
    reached = {
        target["podSelector"]["matchLabels"]["app"]
        for rule in policy["egress"]
        for target in rule["to"]
        if "podSelector" in target
    }
    assert called <= reached
    assert reached - called <= {"postgres", "nats"}
    for peer in called:
        callers = {
            source["podSelector"]["matchLabels"]["app"]
            for rule in one(peer, "NetworkPolicy")["spec"]["ingress"]
            for source in rule["from"]
            if "podSelector" in source
        }
        assert process in callers


def test_the_whole_lists_every_file_and_every_environment_takes_the_whole() -> None:
    listed = set(documents(BASE / "kustomization.yaml")[0]["resources"])
    assert listed == {path.name for path in BASE.glob("*.yaml")} - {"kustomization.yaml"}
    for overlay in ("local", "staging", "production"):
        page = documents(ROOT / "deploy/k8s/overlays" / overlay / "kustomization.yaml")[0]
        assert page["resources"] == ["../../base"]
