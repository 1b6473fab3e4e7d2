"""What a daemon of the stand-in for the OpenSVC agent does for services: how they are, and what is wanted of them."""

import os
import threading
import time

import cluster
import config
import verbs
from resources import Failure, Resource, resources


# How long generation 3 is ready before it starts what nobody asked it to start.
READY = 2


class Orchestration:
    def look(self):
        """Finds out how the services of this node are."""
        for path in config.paths():
            parser = config.load(path)
            if path.split("/")[1] != "svc" or parser is None or self.node not in self.scope(parser):
                continue
            found = {rid: Resource(path, parser, rid) for rid in resources(parser)}
            states = {rid: resource.status() for rid, resource in found.items()}
            counted = {states[rid] for rid, r in found.items() if states[rid] != "n/a"}
            active = {state for state in counted if not state.startswith("stdby")}
            avail = "n/a" if not counted else "warn" if {"up", "down"} <= active else (active or {"stdby up"}).pop()
            with self.lock:
                self.status[path] = {
                    "avail": avail,
                    "frozen": self.local["frozen_objects"].get(path, 0),
                    "provisioned": self.local["provisioned"].get(path, path == cluster.ADDRESS),
                    "state": self.busy.get(path) or self.failed.get(path) or self.pause(path, avail),
                    "orchestrate": config.get(parser, "DEFAULT.orchestrate") or "no",
                    "scope": self.scope(parser),
                    "resources": {
                        rid: {"status": states[rid], "type": "%s.%s" % (r.group, r.type), "label": r.label(), "disable": r.is_disabled}
                        for rid, r in found.items()
                    },
                }

    def pause(self, path, avail):
        """The state of a service that nothing is done to."""
        if path in self.stuck:
            return "started" if avail == "up" else "stopped"
        return "wait leader" if path in self.waiting else "ready" if path in self.ready else "idle"

    def scope(self, parser):
        nodes = config.get(parser, "DEFAULT.nodes") or "*"
        return self.nodes() if nodes == "*" else nodes.split()

    def wish(self, path, want):
        asked = time.time() if want else self.local["expect"].get(path, {}).get("asked", 0)
        self.local["expect"][path] = {"want": want, "at": time.time(), "asked": asked}
        self.save()

    def begin(self, path, state, work):
        """Works on a service beside everything else; a failure stays its state until it is cleared."""

        def run():
            try:
                work()
                self.failed.pop(path, None)
            except Failure as failure:
                self.log(path, failure)
                self.failed[path] = {"starting": "start failed", "stopping": "stop failed"}.get(state, "provision failed")
            finally:
                self.look()
                self.busy.pop(path, None)
                self.look()

        self.busy[path] = state
        self.status[path]["state"] = state
        threading.Thread(target=run, daemon=True).start()

    def fetch(self, path):
        def from_peers(rid):
            name = "%s/replica/%s/%s.tar" % (config.VAR, path, rid)
            answers = [{"at": 0, "content": ""}]
            for node in self.nodes():
                if node != self.node and self.beating(node):
                    answers.append(self.ask(node, dict(self.message("replica"), name=name)))
            return max(answers, key=lambda answer: answer["at"])

        return from_peers

    def start(self, path, rids=None):
        parser = config.load(path)
        for rid in resources(parser):
            if rids is None or rid in rids or rid.split("#")[0] in rids:
                Resource(path, parser, rid).start(self.fetch(path))

    def stop(self, path, rids=None):
        parser = config.load(path)
        for rid in reversed(resources(parser)):
            if rids is None or rid in rids or rid.split("#")[0] in rids:
                Resource(path, parser, rid).stop()

    def linger(self):
        """Takes the time that a test asks for, so that it can break in."""
        if os.path.exists("%s/slow" % config.VAR):
            with open("%s/slow" % config.VAR) as handle:
                time.sleep(float(handle.read()))

    def provision(self, path, is_leader):
        parser = config.load(path)
        self.linger()
        for rid in resources(parser):
            resource = Resource(path, parser, rid)
            resource.provision(is_leader)
            if is_leader or resource.is_standby:
                resource.start(self.fetch(path))
            resource.after_provision(is_leader)
        self.local["provisioned"][path] = True
        self.save()

    def unprovision(self, path):
        self.stop(path)
        parser = config.load(path)
        for rid in reversed(resources(parser)):
            Resource(path, parser, rid).unprovision()
        self.local["provisioned"][path] = False
        self.save()

    def tick(self):
        for path in config.paths():
            if path.split("/")[1] != "svc":
                wish = self.local["expect"].get(path, {}).get("want")
                if wish in ("deleted", "purged"):
                    self.delete(path)
                continue
            if path in self.status and path not in self.busy:
                with self.lock:
                    self.orchestrate(path)

    def delete(self, path):
        self.local["gone"][path] = time.time()
        self.local["expect"][path] = {"want": None, "at": time.time()}
        self.forget(path, time.time())
        self.save()

    def freeze(self, path, at):
        if bool(self.local["frozen_objects"].get(path)) != bool(at):
            self.local["frozen_objects"][path] = at
            self.save()
            self.look()

    def orchestrate(self, path):
        me = self.status[path]
        self.waiting.discard(path)
        self.stuck.discard(path)
        ready = self.ready.pop(path, None) or time.time()
        seen = self.seen()
        at = {node: data["instances"].get(path) for node, data in seen.items() if data["instances"].get(path)}
        want = self.local["expect"].get(path, {}).get("want")
        others = [one for node, one in at.items() if node != self.node]
        is_up = me["avail"] in ("up", "warn")
        elsewhere = any(one["avail"] in ("up", "warn") or one["state"] in ("starting", "stopping") for one in others)
        # A node that fell silent counts as running what it ran until the heartbeat's timeout is over.
        silent = [n for n in me["scope"] if n != self.node and not self.beating(n)]
        waits = any(time.time() - max(self.peers.get(n, {"at": 0})["at"], self.started_at) < self.timeout() for n in silent)
        able = [n for n in me["scope"] if n in at and not seen[n]["frozen"] and "failed" not in at[n]["state"]]
        leader = me["scope"][0] if me["scope"][0] in at else sorted(at)[0]

        def everywhere(key, value):
            return all(bool(one[key]) == value for one in at.values())

        def start():
            self.begin(path, "starting", lambda: self.start_or_undo(path))

        if want in ("frozen", "thawed"):
            self.freeze(path, time.time() if want == "frozen" else 0)
            if everywhere("frozen", want == "frozen"):
                self.wish(path, None)
        elif want == "stopped":
            self.freeze(path, me["frozen"] or time.time())
            if is_up and "failed" not in me["state"]:
                self.begin(path, "stopping", lambda: self.stop(path))
            elif not is_up and not elsewhere and everywhere("frozen", True):
                self.wish(path, None)
        elif want == "started" or (want or "").startswith("placed"):
            self.freeze(path, 0)
            target = want.partition("@")[2] or (able or [leader])[0]
            if want == "started" and (is_up or elsewhere):
                target = self.node if is_up else None
            if is_up and target not in (self.node, None):
                self.begin(path, "stopping", lambda: self.stop(path))
            elif self.node == target and me["avail"] != "up" and not elsewhere and not waits:
                if "failed" not in me["state"]:
                    start()
                else:
                    self.wish(path, None)
            elif (is_up and self.node == target or elsewhere and target is None) and everywhere("frozen", False):
                if sum(one["avail"] == "up" for one in at.values()) == 1:
                    self.wish(path, None)
        elif want == "stuck":
            # Generation 3 wants of a node where a frozen service is up that it stops, and does not know how.
            self.freeze(path, 0)
            self.stuck.add(path)
        elif want == "provisioned" and config.major() == 3 and any("failed" in one["state"] for one in at.values()):
            self.wish(path, None)
        elif want == "provisioned":
            if not me["provisioned"] and "failed" not in me["state"]:
                # Who comes later than another must not start what the other one runs.
                is_first = self.node == leader and not any(one["provisioned"] for one in others)
                if is_first or any(one["provisioned"] for one in others):
                    self.begin(path, "provisioning", lambda: self.provision(path, is_first))
                else:
                    self.waiting.add(path)
            elif everywhere("provisioned", True) and set(at) == set(me["scope"]):
                self.freeze(path, 0)
                if everywhere("frozen", False):
                    self.wish(path, None)
        elif want in ("unprovisioned", "purged"):
            if me["provisioned"]:
                self.begin(path, "unprovisioning", lambda: self.unprovision(path))
            elif everywhere("provisioned", False):
                self.wish(path, "deleted" if want == "purged" else None)
        elif want == "deleted":
            self.delete(path)
        elif want == "aborted":
            self.wish(path, None)
        elif me["orchestrate"] == "ha" and me["provisioned"] and not me["frozen"] and not self.local["frozen"]:
            if me["avail"] == "down" and not elsewhere and not waits and able and able[0] == self.node:
                if config.major() == 2 or time.time() - ready > READY:
                    start()
                else:
                    self.ready[path] = ready
            elif config.major() == 3 and "failed" in me["state"] and any(one["avail"] == "up" for one in others):
                self.failed.pop(path, None)

    def start_or_undo(self, path):
        try:
            self.start(path)
        except Failure:
            self.stop(path)
            raise

    def run_tasks(self):
        """Runs the tasks whose time has come on the node where their service is up."""
        for path, instance in list(self.status.items()):
            parser = config.load(path)
            if parser is None or instance["avail"] != "up" or instance["frozen"]:
                continue
            for rid, every in verbs.tasks(path, parser):
                ran = self.local["last_run"].get("%s %s" % (path, rid), self.started_at)
                needed = (config.get(parser, "%s.run_requires" % rid) or "").replace("(up)", "").split()
                if time.time() - ran >= every and all(instance["resources"].get(r, {}).get("status") == "up" for r in needed):
                    self.run_task(path, rid)

    def run_task(self, path, rid):
        self.local["last_run"]["%s %s" % (path, rid)] = time.time()
        self.save()
        resource = Resource(path, config.load(path), rid)
        return resource.run(resource.value("command"), 300)
