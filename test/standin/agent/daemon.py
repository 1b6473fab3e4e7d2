"""The daemon of a stand-in for the OpenSVC agent: tells its peers twice a second what is here, and does its part of what
is wanted of a service. It serves tests only: nothing is encrypted, and devices are marks."""

import json
import os
import socket
import socketserver
import sys
import threading
import time
import traceback

import base64
import cluster
import config
import verbs
from orchestration import Orchestration

PORT = 1214
SOCKET = "%s/daemon.sock" % config.VAR
BEAT = 0.5
LIMIT = 4.0


def ask(address, request, timeout=LIMIT):
    """Sends a request to a daemon, by the name of its node or the path of its socket, and returns the answer."""
    family = socket.AF_UNIX if address.startswith("/") else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        connection.connect(address if address.startswith("/") else (address, PORT))
        connection.sendall(json.dumps(request).encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n"):
            part = connection.recv(1 << 16)
            if not part:
                raise OSError("no answer from %s" % address)
            answer += part
    return json.loads(answer)


class Daemon(Orchestration):
    ask = staticmethod(ask)

    def __init__(self):
        os.makedirs(config.VAR, exist_ok=True)
        self.lock = threading.RLock()
        self.node = config.NODE
        self.peers = {}
        self.busy = {}
        self.failed = {}
        self.waiting = set()
        self.stuck = set()
        self.ready = {}
        self.created = {}
        self.started_at = time.time()
        self.cluster = config.load("cluster")
        if self.cluster is None:
            self.cluster = config.fresh_cluster()
            config.save("cluster", self.cluster)
        self.local = {"frozen": 0, "frozen_objects": {}, "provisioned": {}, "last_run": {}, "expect": {}, "gone": {}}
        try:
            with open("%s/state.json" % config.VAR) as handle:
                self.local.update(json.load(handle))
        except FileNotFoundError:
            self.save()
        self.status = {}

    def save(self):
        name = "%s/state.json" % config.VAR
        with open(name + ".new", "w") as handle:
            json.dump(self.local, handle)
        os.rename(name + ".new", name)

    def log(self, path, failure):
        name = "/var/log/opensvc/namespaces/%s.log" % path
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "a") as handle:
            if config.major() == 2:
                handle.write("%s,000 ERROR n:%s o:%s | %s\n" % (time.strftime("%F %T"), self.node, path, failure))
                return
            # What a program wrote is told before its failure, and that after it a second time as a command's of the daemon.
            rid = str(failure).split(":")[0]
            lines = [("WRN instance", "%s: stderr: %s" % (rid, said)) for said in failure.said.splitlines()]
            lines += [("ERR instance", failure), ("ERR daemon: imon", "<- exec [/usr/bin/om %s instance start]: exit code 1" % path)]
            for kind, line in lines:
                level, source = kind.split(" ", 1)
                at = time.strftime("%FT%T.000000Z", time.gmtime())
                handle.write("%s %s \u21e7 %s: %s: %s: %s           \n" % (at, level, self.node, source, path, line))

    def nodes(self):
        return (config.get(self.cluster, "cluster.nodes") or self.node).split()

    def timeout(self):
        return config.seconds(config.get(self.cluster, "hb#1.timeout") or "15")

    def beating(self, node):
        """Whether a peer was heard of within the heartbeat's timeout. Without a heartbeat, no node hears another."""
        seen = self.peers.get(node)
        return seen is not None and time.time() - seen["at"] < self.timeout()

    def seen(self):
        """What each living node said of itself."""
        found = {node: self.peers[node]["data"] for node in self.nodes() if node != self.node and self.beating(node)}
        found[self.node] = self.data()
        return found

    def data(self):
        return {
            "frozen": self.local["frozen"],
            "instances": {path: dict(instance) for path, instance in self.status.items()},
        }

    # What nodes tell each other.

    def beat(self, peer):
        while peer in self.nodes():
            try:
                if config.get(self.cluster, "hb#1.type"):
                    self.hear(ask(peer, self.message("beat"), timeout=2.0))
            except (OSError, ValueError):
                pass
            time.sleep(BEAT)

    def message(self, action):
        with self.lock:
            objects = {path: [os.stat(config.file_of(path)).st_mtime, open(config.file_of(path)).read()] for path in config.paths()}
            return {
                "do": action,
                "from": self.node,
                "secret": config.get(self.cluster, "cluster.secret"),
                "data": self.data(),
                "expect": self.local["expect"],
                "gone": self.local["gone"],
                "objects": objects,
                "cluster": [os.stat(config.file_of("cluster")).st_mtime, config.dump(self.cluster)],
            }

    def hear(self, said):
        """Takes in what a peer says: the newest configuration and the newest wish win."""
        with self.lock:
            if said.get("from") not in self.nodes() or said.get("secret") != config.get(self.cluster, "cluster.secret"):
                return
            if self.node not in (config.get(config.parse(said["cluster"][1]), "cluster.nodes") or "").split():
                return
            self.peers[said["from"]] = {"at": time.time(), "data": said["data"]}
            for path, wish in said["expect"].items():
                if wish["at"] > self.local["expect"].get(path, {"at": 0})["at"]:
                    self.local["expect"][path] = wish
            for path, at in said["gone"].items():
                if at > self.local["gone"].get(path, 0):
                    self.local["gone"][path] = at
                    self.forget(path, at)
            for path, (mtime, text) in said["objects"].items():
                name = config.file_of(path)
                mine = os.stat(name).st_mtime if os.path.exists(name) else 0
                if mtime > max(mine + 0.001, self.local["gone"].get(path, 0)):
                    config.save(path, config.parse(text), mtime)
                    if not mine:
                        self.welcome(path)
            mtime, text = said["cluster"]
            if mtime > os.stat(config.file_of("cluster")).st_mtime + 0.001:
                self.cluster = config.parse(text)
                config.save("cluster", self.cluster, mtime)

    def welcome(self, path):
        """Generation 3 freezes a service that is new."""
        self.created[path] = time.time()
        if config.major() == 3 and "/svc/" in path:
            self.local["frozen_objects"][path] = time.time()
            self.save()

    def forget(self, path, before):
        name = config.file_of(path)
        if os.path.exists(name) and os.stat(name).st_mtime < before:
            os.unlink(name)
        for table in (self.local["frozen_objects"], self.local["provisioned"], self.status, self.failed):
            table.pop(path, None)

    def peer_request(self, request):
        action = request["do"]
        if request.get("secret") != config.get(self.cluster, "cluster.secret"):
            return {"error": "the secret is not that of this cluster"}
        if action == "join":
            self.linger()
            with self.lock:
                if request["from"] not in self.nodes():
                    config.change(self.cluster, ["cluster.nodes=%s" % " ".join(self.nodes() + [request["from"]])])
                    config.save("cluster", self.cluster)
                return self.message("beat")
        if action == "leave":
            with self.lock:
                config.change(self.cluster, ["cluster.nodes=%s" % " ".join(n for n in self.nodes() if n != request["from"])])
                config.save("cluster", self.cluster)
                self.peers.pop(request["from"], None)
                return {}
        if action == "replica":
            try:
                with open(request["name"], "rb") as handle:
                    return {"at": os.stat(request["name"]).st_mtime, "content": base64.b64encode(handle.read()).decode()}
            except FileNotFoundError:
                return {"at": 0, "content": ""}
        if action == "trust":
            return {"key": verbs.public_key()}
        self.hear(request)
        return self.message("beat")

    def loop(self):
        known = set()
        while True:
            try:
                for peer in set(self.nodes()) - {self.node} - known:
                    threading.Thread(target=self.beat, args=(peer,), daemon=True).start()
                known = set(self.nodes()) - {self.node}
                cluster.keep_address(self)
                self.look()
                self.tick()
                self.run_tasks()
            except Exception:  # a daemon that ends would take its node away
                traceback.print_exc()
            time.sleep(0.3)


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline()
        if not line:
            return
        request = json.loads(line)
        daemon = self.server.daemon
        if self.server.is_local:
            answer = verbs.serve(daemon, request)
        else:
            answer = daemon.peer_request(request)
        self.wfile.write(json.dumps(answer).encode() + b"\n")


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    is_local = True


class TcpServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    is_local = False


def main():
    daemon = Daemon()
    if os.path.exists(SOCKET):
        os.unlink(SOCKET)
    servers = [UnixServer(SOCKET, Handler), TcpServer(("", PORT), Handler)]
    os.chmod(SOCKET, 0o600)
    for server in servers:
        server.daemon = daemon
        threading.Thread(target=server.serve_forever, daemon=True).start()
    cluster.listen(daemon)
    with open("%s/daemon.pid" % config.VAR, "w") as handle:
        handle.write(str(os.getpid()))
    sys.stdout.flush()
    daemon.loop()


if __name__ == "__main__":
    main()
