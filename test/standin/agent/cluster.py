"""What a stand-in for the OpenSVC agent has for the cluster itself: the service of its address, and the listener."""

import base64
import socket
import threading

import config
import verbs

ADDRESS = "system/svc/vip"
PORT = 1215


def keep_address(daemon):
    """Makes the service that `cluster.vip` asks for, and keeps it as is asked; the first node does it for all. Only generation 2 does."""
    asked = config.get(daemon.cluster, "cluster.vip")
    if config.major() == 3 or not asked or daemon.nodes()[0] != daemon.node:
        return
    address, _, rest = asked.partition("/")
    netmask, _, device = rest.partition("@")
    wanted = config.parse("")
    wanted.read_dict(
        {
            "DEFAULT": {"nodes": "*", "orchestrate": "ha"},
            "ip#0": {"ipname": address, "netmask": netmask, "ipdev": device},
            "sync#i0": {"disable": "true"},
        }
    )
    made = config.load(ADDRESS)
    if made is None or config.dump(made) != config.dump(wanted):
        config.save(ADDRESS, wanted)


def certify(path, parser):
    """Puts into an object what the agent's certificates would be."""
    if not parser.has_section("data"):
        parser.add_section("data")
    for key in ("private_key", "certificate_chain"):
        parser.set("data", key, base64.b64encode(b"no certificate, but a stand-in for one\n").decode())
    config.save(path, parser)


def listen(daemon):
    """Opens the port of the listener, in generation 2 only where its certificate is there when the daemon starts."""
    certificate = config.load("system/sec/cert-%s" % config.get(daemon.cluster, "cluster.name"))
    if verbs.major() == 2 and (certificate is None or not certificate.has_option("data", "certificate_chain")):
        return
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("", PORT))
    server.listen()

    def answer():
        while True:
            server.accept()[0].close()

    threading.Thread(target=answer, daemon=True).start()
