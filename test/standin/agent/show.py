"""What a stand-in for the OpenSVC agent tells of itself, in the shape that either generation of the agent has."""

import time

import config
import verbs

ADDRESS = "system/svc/vip"
NEVER = "0001-01-01T00:00:00Z"
# How long a daemon of generation 3 does not know its cluster, in seconds.
YOUNG = 1.5


def moment(at, digits=0):
    fraction = ".%0*d" % (digits, at % 1 * 10**digits) if digits else ""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + fraction + "Z" if at else NEVER


def made(path, is_provisioned):
    """Whether a service of generation 3 is provisioned, which one of an address only cannot be."""
    return "n/a" if path == ADDRESS else "true" if is_provisioned else "false"


def cluster(daemon):
    return cluster_3(daemon) if verbs.major() == 3 else cluster_2(daemon)


def wish(daemon, path):
    want = daemon.local["expect"].get(path, {}).get("want")
    if config.major() == 2 or not want:
        return want
    return "placed" if want == "stuck" else want.partition("@")[0] + "@" * ("@" in want)


def objects(daemon, seen):
    """For each service its instances by node."""
    found = {}
    for node, data in seen.items():
        for path, instance in data["instances"].items():
            found.setdefault(path, {})[node] = instance
    return found


def summary(instances):
    """What the cluster says of a service: its availability, whether it is frozen, provisioned and where it should be."""
    states = [one["avail"] for one in instances.values()]
    frozen_at = [bool(one["frozen"]) for one in instances.values()]
    frozen = set(frozen_at)
    scope = next(iter(instances.values()))["scope"]
    up = [node for node, one in instances.items() if one["avail"] == "up"]
    return {
        "avail": "up" if "up" in states else "warn" if "warn" in states else "down",
        "frozen": "mixed" if len(frozen) > 1 else "frozen" if frozen.pop() else "thawed",
        "provisioned": all(one["provisioned"] for one in instances.values()),
        # A frozen instance is no candidate, so a service that is frozen is not misplaced.
        "placement": "optimal" if not up or up[0] == scope[0] or True in frozen_at else "non-optimal",
    }


def cluster_2(daemon):
    seen = daemon.seen()
    nodes = {}
    for node, data in seen.items():
        nodes[node] = {
            "agent": verbs.version(),
            "frozen": data["frozen"],
            "monitor": {"status": "idle"},
            "services": {
                "config": {p: {"scope": one["scope"]} for p, one in data["instances"].items()},
                "status": {p: instance_2(daemon, p, one) for p, one in data["instances"].items()},
            },
        }
    peers = {n: {"beating": daemon.beating(n)} for n in daemon.nodes() if n != daemon.node}
    shown = {
        "cluster": {"name": config.get(daemon.cluster, "cluster.name") or "default", "nodes": daemon.nodes()},
        "daemon": {"state": "running", "note": verbs.NOTE},
        "monitor": {
            "state": "running",
            "services": {path: dict(summary(i), overall=summary(i)["avail"]) for path, i in objects(daemon, seen).items()},
            "nodes": nodes,
        },
    }
    if config.get(daemon.cluster, "hb#1.type"):
        shown["hb#1.rx"] = {"state": "running", "peers": peers}
        shown["hb#1.tx"] = {"state": "running", "peers": peers}
    return shown


def instance_2(daemon, path, one):
    return {
        "avail": one["avail"],
        "overall": one["avail"],
        "frozen": one["frozen"],
        "provisioned": one["provisioned"],
        "orchestrate": one["orchestrate"],
        "monitor": {"status": one["state"], "global_expect": wish(daemon, path)},
        "resources": {
            rid: {"status": r["status"], "type": r["type"], "label": r["label"], "disable": r["disable"]}
            for rid, r in one["resources"].items()
        },
    }


def cluster_3(daemon):
    seen = daemon.seen()
    peers = {n: {"is_beating": daemon.beating(n)} for n in daemon.nodes() if n != daemon.node}
    has_heartbeat = config.get(daemon.cluster, "hb#1.type")
    streams = [{"id": "hb#1.%s" % way, "state": "running", "peers": peers} for way in ("rx", "tx")] if has_heartbeat else []
    nodes, idle = {}, ["cluster"] + [path for path in config.paths() if path.split("/")[1] != "svc"]
    for node, data in seen.items():
        nodes[node] = {
            "monitor": {"state": "idle", "global_expect": "none", "local_expect": "none"},
            "status": {"agent": verbs.version(), "frozen_at": moment(data["frozen"])},
            "instance": {p: instance_3(daemon, p, one) for p, one in data["instances"].items()},
            "daemon": {"nodename": node, "heartbeat": {"streams": streams if node == daemon.node else []}},
        }
        for path in idle:
            nodes[node]["instance"][path] = {
                "config": {"priority": 0, "scope": daemon.nodes()},
                "monitor": {"state": "idle", "global_expect": "none", "global_expect_updated_at": NEVER},
                "status": {"avail": "n/a", "overall": "n/a", "provisioned": "n/a", "frozen_at": NEVER},
            }
    shown = {path: {"priority": 0, "scope": daemon.nodes()} for path in idle}
    for path, instances in objects(daemon, seen).items():
        found = summary(instances)
        shown[path] = {
            "avail": found["avail"],
            "overall": found["avail"],
            "frozen": found["frozen"].replace("thawed", "unfrozen"),
            "placement_state": found["placement"],
            "provisioned": made(path, found["provisioned"]),
        }
    known = {"name": config.get(daemon.cluster, "cluster.name") or "default", "nodes": daemon.nodes()}
    return {
        "cluster": {
            # A real one needs a moment to know that when it was started.
            "config": known if time.time() > daemon.started_at + YOUNG else {"name": "", "nodes": None},
            "status": {"is_compat": True, "is_frozen": all(data["frozen"] for data in seen.values())},
            "object": shown,
            "node": nodes,
        },
        "daemon": {"nodename": daemon.node, "note": verbs.NOTE},
    }


def instance_3(daemon, path, one):
    return {
        "config": {
            "orchestrate": one["orchestrate"],
            "scope": one["scope"],
            "resources": {rid: {"is_disabled": r["disable"]} for rid, r in one["resources"].items()},
        },
        "monitor": {
            "state": one["state"].replace("thawing", "unfreezing"),
            "global_expect": (wish(daemon, path) or "none").replace("thawed", "unfrozen"),
            "global_expect_updated_at": moment(daemon.local["expect"].get(path, {}).get("asked", 0), 6),
        },
        "status": {
            "avail": one["avail"],
            "overall": one["avail"],
            "frozen_at": moment(one["frozen"]),
            "provisioned": made(path, one["provisioned"]),
            "resources": {rid: {"status": r["status"], "type": r["type"], "label": r["label"], "disable": r["disable"]} for rid, r in one["resources"].items()},
        },
    }


def instance(daemon, path):
    one = daemon.status.get(path)
    if one is None:
        return {}
    if verbs.major() == 3:
        return [dict(instance_3(daemon, path, one), path=path, node={"name": daemon.node})]
    return dict(instance_2(daemon, path, one), cluster=dict(summary(objects(daemon, daemon.seen())[path])))


def schedule(daemon, path, parser):
    rows = []
    for rid, every in verbs.tasks(path, parser):
        last = daemon.local["last_run"].get("%s %s" % (path, rid))
        rows.append((rid, last, (last or daemon.started_at) + every, config.get(parser, "%s.schedule" % rid)))
    if verbs.major() == 3:
        told = [("status", "status_schedule", daemon.started_at, daemon.started_at + 600, "@10m")]
        told += [("run", "%s.schedule" % rid, last, upcoming, text) for rid, last, upcoming, text in rows]
        items = [
            {"action": action, "key": key, "last_run_at": moment(last), "next_run_at": moment(upcoming), "schedule": text}
            for action, key, last, upcoming, text in told
        ]
        meta = {"node": daemon.node, "object": path}
        return {"kind": "ScheduleList", "items": [{"kind": "ScheduleItem", "data": data, "meta": meta} for data in items]}
    return [
        {"action": "run", "config_parameter": "%s.schedule" % rid, "last_run": last, "next_run": upcoming, "schedule_definition": text}
        for rid, last, upcoming, text in rows
    ]
