"""The commands of a stand-in for the OpenSVC agent: those that muster's roles use, in the words of either generation."""

import base64
import json
import os
import subprocess
import time

import cluster
import config
import show
from config import major, version
from resources import Failure

NOTE = "stand-in for tests, not OpenSVC"


def public_key():
    name = "/root/.ssh/%s" % ("opensvc" if major() == 3 else "id_ed25519")
    if not os.path.exists(name):
        os.makedirs("/root/.ssh", mode=0o700, exist_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", name], check=True)
    with open(name + ".pub") as handle:
        return handle.read().strip()


def tasks(path, parser):
    """The enabled tasks of a service with the seconds between their runs."""
    for section in parser.sections():
        schedule = config.get(parser, "%s.schedule" % section) or ""
        if section.startswith("task#") and schedule.startswith("@") and config.get(parser, "%s.disable" % section) != "true":
            length = schedule[1:]
            yield section, config.seconds(length + ("m" if length.isdigit() else ""))


def options(words):
    """Splits a command line into its words and its options; an option without a value is True, and may come often."""
    plain, found, index = [], {}, 0
    flags = ("--wait", "--local", "--force", "--eval", "-r", "--ignore-not-found")
    while index < len(words):
        word = words[index]
        if word in flags:
            found[word] = [True]
        elif word.startswith("-"):
            name, equals, value = word.partition("=")
            if not equals:
                index += 1
                value = words[index] if index < len(words) else ""
            found.setdefault(name, []).append(value)
        else:
            plain.append(word)
        index += 1
    return plain, found


class Refused(Exception):
    def __init__(self, text, out=""):
        super().__init__(text)
        self.out = out


def rejected(path, why=""):
    """What generation 3 says of an orchestration that it does not begin."""
    return Refused("actions rejected: 1", "OBJECT  ORCHESTRATION_ID  STATUS\n%s  -  error: %s" % (path, why))


def serve(daemon, request):
    """Carries out one command line and says what it prints."""
    plain, found = options(request["words"])
    try:
        said = command(daemon, plain, found)
        return {"code": 0, "out": said or ""}
    except (Refused, Failure, ValueError, OSError, KeyError) as error:
        return {"code": 1, "error": str(error), "out": getattr(error, "out", "")}


def command(daemon, plain, found):
    first, rest = (plain + [""])[0], plain[1:]
    if first == "cluster" and rest[:1] in (["get"], ["set"], ["unset"]):
        return cluster_keyword(daemon, rest[0], found)
    if first == "daemon" and rest == ["status"] or first == "cluster" and rest == ["status"]:
        return json.dumps(show.cluster(daemon), indent=4)
    if first == "daemon" and rest[:1] == ["auth"] and major() == 3:
        return base64.b64encode(config.get(daemon.cluster, "cluster.secret").encode()).decode()
    if (first, rest) == ("daemon", ["join"]) and major() == 2:
        return join(daemon, found["--node"][0], found["--secret"][0])
    if (first, rest) == ("cluster", ["join"]) and major() == 3:
        return join(daemon, found["--node"][0], token(found["--token"][0]))
    if (first, rest) in (("daemon", ["leave"]), ("cluster", ["leave"])):
        return leave(daemon)
    if first == "node" and rest in (["freeze"], ["thaw"], ["unfreeze"]):
        daemon.local["frozen"] = time.time() if rest == ["freeze"] else 0
        daemon.save()
        return ""
    trusts = ["update", "ssh", "authorized", "keys"] if major() == 2 else ["ssh", "trust"]
    if rest == trusts:
        return trust(daemon)
    if "/" in first:
        return object_command(daemon, first, rest, found)
    raise Refused("%s: the stand-in does not know this command: om %s" % (NOTE, " ".join(plain)))


def token(text):
    try:
        return base64.b64decode(text).decode()
    except ValueError:
        return ""


def cluster_keyword(daemon, action, found):
    words = found.get("--kw", [])
    if action == "get":
        value = config.get(daemon.cluster, words[0])
        return "None" if value is None and major() == 2 else value or ""
    with daemon.lock:
        config.change(daemon.cluster, words if action == "set" else (), words if action == "unset" else ())
        config.save("cluster", daemon.cluster)
    return ""


def join(daemon, node, secret):
    from daemon import ask

    was_frozen = daemon.local["frozen"]
    daemon.local["frozen"] = was_frozen or time.time()
    daemon.save()
    try:
        answer = ask(node, dict(daemon.message("join"), secret=secret))
    except OSError as error:
        raise Refused("join failed: ('%s', 1214) comm error: %s" % (node, error))
    if "error" in answer:
        raise Refused("join node %s failed: %s" % (node, answer["error"]))
    with daemon.lock:
        mtime, text = answer["cluster"]
        daemon.cluster = config.parse(text)
        config.save("cluster", daemon.cluster, mtime)
    daemon.hear(answer)
    if not was_frozen:
        daemon.local["frozen"] = 0
        daemon.save()
    return "join node %s" % node


def leave(daemon):
    from daemon import ask

    others = [node for node in daemon.nodes() if node != daemon.node]
    if major() == 3:
        if not others:
            raise Refused("command cluster leave: unable to find a peer node: not available on single node cluster")
        for path, instance in list(daemon.status.items()):
            if instance["avail"] in ("up", "warn"):
                daemon.stop(path)
    for node in others:
        try:
            ask(node, daemon.message("leave"))
        except OSError:
            pass
    with daemon.lock:
        daemon.local["frozen"] = 0 if major() == 3 else daemon.local["frozen"] or time.time()
        daemon.cluster = config.fresh_cluster()
        config.save("cluster", daemon.cluster)
        daemon.peers.clear()
        for path in config.paths():
            daemon.local["expect"].pop(path, None)
            daemon.forget(path, time.time() + 1)
        daemon.save()
    return "leave"


def trust(daemon):
    from daemon import ask

    name = "/root/.ssh/authorized_keys"
    keys = [public_key()] + [ask(node, daemon.message("trust"), timeout=30)["key"] for node in daemon.nodes() if node != daemon.node]
    known = open(name).read() if os.path.exists(name) else ""
    with open(name, "a") as handle:
        handle.writelines("%s\n" % key for key in keys if key not in known)
    os.chmod(name, 0o600)
    return ""


WISHES = {
    "freeze": "frozen",
    "thaw": "thawed",
    "unfreeze": "thawed",
    "stop": "stopped",
    "start": "started",
    "giveback": "placed",
    "provision": "provisioned",
    "unprovision": "unprovisioned",
    "purge": "purged",
    "delete": "deleted",
    "abort": "aborted",
}


def object_command(daemon, path, rest, found):
    action = " ".join(rest)
    parser = config.load(path)
    if action == "create":
        if "--config" in found:
            with open(found["--config"][0]) as handle:
                made = config.parse(handle.read())
        else:
            made = parser or config.parse("[DEFAULT]\n")
        config.change(made, found.get("--kw", ()))
        config.save(path, made)
        if parser is None:
            daemon.welcome(path)
        daemon.look()
        return "create %s" % path
    if parser is None:
        raise Refused("no match")
    if action == "ls":
        return path if major() == 2 else "OBJECT  AVAIL  OVERALL\n%s  -  -" % path
    # A daemon of generation 3 learns a moment later what the command line has created.
    is_new = major() == 3 and time.time() - daemon.created.get(path, 0) < 1
    if is_new and action in ("set", "unset"):
        raise Refused("%s: [404] Not found: object not found: %s" % (path, path))
    if is_new and action in WISHES:
        raise rejected(path)
    if action in ("get", "eval", "config get"):
        value = config.get(parser, found["--kw"][0])
        if value is None:
            return "None" if major() == 2 else ""
        return config.evaluate(path, parser, value) if action == "eval" or "--eval" in found else value
    if action in ("set", "unset", "config update", "disable", "enable") or action == "delete" and "--rid" in found:
        return change(daemon, path, parser, action, found)
    if action == "gen cert" and major() == 2:
        return cluster.certify(path, parser)
    if action == "print config":
        shown = {section: dict(parser.items(section)) for section in parser.sections()}
        return json.dumps(shown, indent=4)
    if action in (("add", "change", "decode", "remove") if major() == 2 else ("key add", "key change", "key decode")):
        return key(path, parser, action.split()[-1], found)
    if action == "keys" or action == "key list":
        return "\n".join(key for key, _ in parser.items("data")) if parser.has_section("data") else ""
    if action in ("print status", "instance status"):
        return json.dumps(show.instance(daemon, path), indent=4)
    if action in ("print schedule", "schedule list"):
        return json.dumps(show.schedule(daemon, path, parser), indent=4)
    if action == "logs":
        name = "/var/log/opensvc/namespaces/%s.log" % path
        return open(name).read() if os.path.exists(name) else ""
    if action == "clear":
        daemon.failed.pop(path, None)
        daemon.look()
        return "%s: %s instance cleared" % (daemon.node, path)
    return act(daemon, path, action, found)


def act(daemon, path, action, found):
    """Actions on a service: those on single resources are done at once, others are only noted down for the daemons."""
    rids = [rid for text in found.get("--rid", []) for rid in text.split(",")]
    if action == "run":
        code, said = daemon.run_task(path, rids[0])
        if code:
            raise Failure(said)
        return said
    here = ("start", "stop") if major() == 2 else ("instance start", "instance stop")
    if action in here and (rids or "--local" in found or major() == 3):
        (daemon.start if action.endswith("start") else daemon.stop)(path, rids or None)
        daemon.look()
        return ""
    state = daemon.status.get(path, {}).get("state", "idle")
    if action != "abort" and state.endswith("ing"):
        raise Refused("%s instance on node %s in %s state" % (path, daemon.node, state))
    if major() == 3 and action == "start" and any(one["avail"] == "up" for one in instances(daemon, path)):
        raise rejected(path, "already started")
    if action == "takeover":
        action, found = "switch", {"--to": [daemon.node]}
    if action == "switch":
        target = found.get("--to", [""])[0]
        scope = daemon.status[path]["scope"]
        if target not in scope:
            raise Refused("destination node %s has no %s instance" % (target, path))
        if daemon.seen().get(target, {"instances": {}})["instances"].get(path, {}).get("avail") == "up":
            return "instance on destination node %s is already up" % target
        daemon.wish(path, "placed@%s" % target)
    elif action == "giveback" and major() == 3 and any(one["frozen"] for one in instances(daemon, path)):
        daemon.wish(path, "stuck")
    elif action in WISHES:
        daemon.wish(path, WISHES[action])
    else:
        raise Refused("%s: the stand-in does not know this action: %s" % (NOTE, action))
    if major() == 3:
        return "OBJECT  ORCHESTRATION_ID  STATUS\n%s  -  accepted" % path
    return "%s defer target state set to %s" % (path, daemon.local["expect"][path]["want"])


def instances(daemon, path):
    return [data["instances"][path] for data in daemon.seen().values() if path in data["instances"]]


def change(daemon, path, parser, action, found):
    if action in ("disable", "enable"):
        chosen = [s for s in parser.sections() for rid in found["--rid"][0].split(",") if s == rid or s.split("#")[0] == rid]
        words = ["%s.disable" % section for section in chosen]
        config.change(parser, ["%s=true" % word for word in words] if action == "disable" else (), words if action == "enable" else ())
    elif action == "config update":
        config.change(parser, found.get("--set", ()), found.get("--unset", ()), found.get("--delete", ()))
    elif action == "delete":
        config.change(parser, sections=found["--rid"][0].split(","))
    else:
        words = found.get("--kw", ())
        config.change(parser, words if action == "set" else (), words if action == "unset" else ())
    config.save(path, parser)
    daemon.look()
    return ""


def key(path, parser, action, found):
    name = (found.get("--key") or found.get("--name") or [""])[0]
    if not parser.has_section("data"):
        parser.add_section("data")
    if action == "decode":
        return base64.b64decode(parser.get("data", name)).decode() if parser.has_option("data", name) else ""
    if action == "add" and parser.has_option("data", name):
        raise Refused("key '%s' already exists. use the 'change' action to change the current value." % name)
    if "--from" in found:
        with open(found["--from"][0], "rb") as handle:
            content = handle.read()
    else:
        content = found["--value"][0].encode()
    parser.set("data", name, base64.b64encode(content).decode())
    config.save(path, parser)
    return ""
