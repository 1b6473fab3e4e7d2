"""Configuration files of a stand-in for the OpenSVC agent: sections of keywords, with references and scopes."""

import configparser
import os
import re
import socket
import uuid

NODE = socket.gethostname().split(".")[0].lower()
ETC = "/etc/opensvc"
VAR = "/var/lib/opensvc/standin"


def version():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "VERSION")) as handle:
        return handle.read().strip()


def major():
    return int(version().lstrip("v").split(".")[0])


def parse(text):
    parser = configparser.RawConfigParser(default_section="none of ours", delimiters=("=",))
    parser.optionxform = str
    parser.read_string(text)
    return parser


def dump(parser):
    lines = []
    for section in parser.sections():
        lines.append("[%s]" % section)
        lines += ["%s = %s" % pair for pair in parser.items(section)]
        lines.append("")
    return "\n".join(lines)


def file_of(path):
    """Where an object's configuration is: NAMESPACE/KIND/NAME, or `cluster`."""
    if path == "cluster":
        return "%s/cluster.conf" % ETC
    return "%s/namespaces/%s.conf" % (ETC, path)


def load(path):
    try:
        with open(file_of(path)) as handle:
            return parse(handle.read())
    except FileNotFoundError:
        return None


def save(path, parser, mtime=None):
    name = file_of(path)
    os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name + ".new", "w") as handle:
        handle.write(dump(parser))
    os.chmod(name + ".new", 0o600)
    if mtime:
        os.utime(name + ".new", (mtime, mtime))
    os.rename(name + ".new", name)


def paths():
    found = []
    for folder, _, names in os.walk("%s/namespaces" % ETC):
        for name in names:
            if name.endswith(".conf"):
                found.append(os.path.relpath(os.path.join(folder, name), "%s/namespaces" % ETC)[:-5])
    return sorted(found)


def fresh_cluster():
    """The configuration of a node that is in no cluster."""
    parser = parse("")
    parser.read_dict({"cluster": {"id": str(uuid.uuid4()), "nodes": NODE, "secret": uuid.uuid1().hex}})
    return parser


def get(parser, keyword):
    """The value of `section.option`, or of `option` in DEFAULT; None when there is none."""
    section, _, option = keyword.rpartition(".")
    section = section or "DEFAULT"
    for name in ("%s@%s" % (option, NODE), option):
        if parser is not None and parser.has_option(section, name):
            return parser.get(section, name)
    return None


def change(parser, sets=(), unsets=(), sections=()):
    for section in sections:
        parser.remove_section(section)
    for expression in sets:
        keyword, equals, value = expression.partition("=")
        if not equals:
            raise ValueError("malformed kw expression: %s: no '='" % expression)
        section, _, option = keyword.rpartition(".")
        section = section or "DEFAULT"
        if not parser.has_section(section):
            parser.add_section(section)
        parser.set(section, option, value)
    for keyword in unsets:
        section, _, option = keyword.rpartition(".")
        if parser.has_section(section or "DEFAULT"):
            parser.remove_option(section or "DEFAULT", option)


def evaluate(path, parser, text, depth=0):
    """Replaces `{references}` by what they refer to."""
    namespace, kind, name = path.split("/")
    cluster = get(load("cluster"), "cluster.name") or "default"
    own = {
        "name": name,
        "svcname": name,
        "namespace": namespace,
        "kind": kind,
        "path": path,
        "svcpath": path,
        "clustername": cluster,
        "nodename": NODE,
        "fqdn": "%s.%s.%s.%s" % (name, namespace, kind, cluster),
    }

    def replace(match):
        reference = match.group(1)
        if reference in own:
            return own[reference]
        if reference.endswith("exposed_devs[0]"):
            return "/dev/stand-in"
        section, _, option = reference.rpartition(".")
        value = get(parser, reference)
        if option == "mnt" and section.startswith("volume#"):
            return "%s/%s.%s.vol.%s" % ("/dev/shm" if major() == 2 else "/srv", value or get(parser, "%s.name" % section), namespace, cluster)
        return match.group(0) if value is None else value

    changed = re.sub(r"\{([^{}]+)\}", replace, text)
    return changed if changed == text or depth > 8 else evaluate(path, parser, changed, depth + 1)


def seconds(text):
    """The length of a duration such as 10s or 1m30s; a bare number counts seconds."""
    units = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([smhd]?)", str(text)))


def size(text):
    units = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
    number, unit = re.match(r"(\d+)\s*([kmgt]?)", text.lower()).groups()
    return int(number) * units[unit]
