"""What a stand-in for the OpenSVC agent does for each resource of a service. Devices are marks in the memory of the host;
addresses are set and applications are run for real, and the files of a file system follow the service from node to node."""

import base64
import io
import os
import shlex
import shutil
import subprocess
import tarfile

import config

ORDER = ["ip", "volume", "disk", "fs", "share", "container", "app"]


class Failure(Exception):
    """What went wrong, and what the program that failed wrote."""

    def __init__(self, text, said=""):
        super().__init__(text)
        self.said = said


def resources(parser):
    """The names of a service's resources, in the order in which they start."""
    order = ORDER + ["task", "sync"]
    names = [name for name in parser.sections() if name.split("#")[0] in order and "#" in name]
    return sorted(names, key=lambda name: order.index(name.split("#")[0]))


class Resource:
    def __init__(self, path, parser, rid):
        self.path, self.parser, self.rid = path, parser, rid
        self.group = rid.split("#")[0]
        self.type = self.value("type") or {"volume": "shm", "sync": "rsync", "task": "host"}.get(self.group, "")
        self.is_disabled = (self.value("disable") or "false").lower() in ("true", "1", "yes")
        self.is_standby = self.value("standby") == "true"
        self.is_optional = self.group in ("task", "sync")

    def value(self, option):
        found = config.get(self.parser, "%s.%s" % (self.rid, option))
        return None if found is None else config.evaluate(self.path, self.parser, found)

    def label(self):
        if self.type == "drbd":
            return "drbd %s" % self.value("res")
        return "%s.%s" % (self.group, self.type)

    @property
    def mark(self):
        if self.type == "flag":
            return "/dev/shm/opensvc/%s/%s.flag" % (self.path, self.rid)
        return "/dev/shm/opensvc-standin/%s/%s" % (self.path, self.rid)

    def tree(self):
        """The folder of a file system whose files follow the service."""
        return self.value("mnt") if self.group == "fs" and self.value("mnt") else None

    def kept(self):
        return "%s/replica/%s/%s.tar" % (config.VAR, self.path, self.rid)

    def status(self):
        if self.is_optional or self.is_disabled or self.type == "directory":
            return "n/a"
        if self.group == "ip":
            return "up" if self.value("ipname") in self.ip("-o", "addr", "show").stdout.decode().replace("/", " ").split() else "down"
        if self.group == "app":
            check = self.value("check")
            if not check or check == "true":
                return "up" if os.path.exists(self.mark) else "down"
            return "up" if self.run(check, 20)[0] == 0 else "down"
        if os.path.exists(self.mark):
            return "stdby up" if self.is_standby else "up"
        return "stdby down" if self.is_standby else "down"

    def ip(self, *words):
        return subprocess.run(("ip",) + words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def move_address(self, action):
        done = self.ip("addr", action, "%s/%s" % (self.value("ipname"), self.value("netmask")), "dev", self.value("ipdev"))
        if done.returncode:
            raise Failure("%s: %s" % (self.rid, done.stdout.decode().strip()))

    def run(self, command, timeout):
        pairs = shlex.split(self.value("environment") or "")
        environment = dict(os.environ, OPENSVC_SVCPATH=self.path, OPENSVC_RID=self.rid)
        environment.update(pair.split("=", 1) for pair in pairs)
        try:
            done = subprocess.run(
                command if self.group == "fs" else shlex.split(command),
                shell=self.group == "fs",
                env=environment,
                timeout=timeout,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            return done.returncode, done.stdout.decode(errors="replace").strip()
        except subprocess.TimeoutExpired:
            return 1, "timeout after %ss" % timeout
        except OSError as error:
            return 1, str(error)

    def provision(self, is_leader):
        if self.type == "loop":
            name, wanted = self.value("file"), config.size(self.value("size"))
            space = os.statvfs(os.path.dirname(name))
            if not os.path.exists(name):
                if wanted > space.f_bavail * space.f_frsize:
                    raise Failure("%s: cannot make %s of %s: No space left on device" % (self.rid, name, self.value("size")))
                with open(name, "wb") as handle:
                    handle.truncate(wanted)
        if self.type == "directory":
            os.makedirs(self.value("path"), exist_ok=True)
        if self.tree():
            os.makedirs(self.tree(), exist_ok=True)

    def after_provision(self, is_leader):
        command = self.value("blocking_post_provision")
        if command and is_leader:
            code, said = self.run(command, 60)
            if code:
                raise Failure("%s: %s" % (self.rid, said))

    def unprovision(self):
        if self.type == "loop" and os.path.exists(self.value("file")):
            os.unlink(self.value("file"))
        if self.tree():
            shutil.rmtree(self.tree(), ignore_errors=True)
        for name in (self.kept(), self.mark):
            if os.path.exists(name):
                os.unlink(name)

    def start(self, fetch):
        if self.is_optional or self.is_disabled or self.type == "directory" or self.status() in ("up", "stdby up"):
            return
        if self.group == "app":
            code, said = self.run(self.value("start") or "true", config.seconds(self.value("start_timeout") or "60"))
            if code:
                self.fail("start", code, said)
        if self.group == "ip":
            self.move_address("add")
        if self.group == "volume":
            self.install()
        if self.tree():
            os.makedirs(self.tree(), exist_ok=True)
            unpack(self.tree(), newest(self.kept(), fetch(self.rid)))
        os.makedirs(os.path.dirname(self.mark), exist_ok=True)
        open(self.mark, "w").close()

    def stop(self):
        if self.is_optional or self.is_disabled or self.is_standby or self.status() not in ("up", "stdby up"):
            return
        if self.group == "app":
            code, said = self.run(self.value("stop") or "true", config.seconds(self.value("stop_timeout") or "60"))
            if code:
                self.fail("stop", code, said)
        if self.group == "ip":
            self.move_address("del")
        if self.tree():
            pack(self.tree(), self.kept())
            for entry in os.scandir(self.tree()):
                shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)
        if os.path.exists(self.mark):
            os.unlink(self.mark)

    def fail(self, action, code, said):
        if config.major() == 2:
            raise Failure("%s: %s: exit code %d: %s" % (self.rid, action, code, said))
        raise Failure("%s: %s: /usr/bin/om exit code %d not in success codes: [0]" % (self.rid, action, code), said)

    def install(self):
        """Writes the keys that `configs = NAME/PATTERN:FOLDER` asks for into the volume."""
        folder = config.evaluate(self.path, self.parser, "{%s.mnt}" % self.rid)
        os.makedirs(folder, exist_ok=True)
        for entry in (self.value("configs") or "").split():
            name = entry.split("/")[0]
            keys = config.load("%s/cfg/%s" % (self.path.split("/")[0], name))
            for key, text in keys.items("data") if keys and keys.has_section("data") else []:
                with open("%s/%s" % (folder, key), "wb") as handle:
                    handle.write(base64.b64decode(text))
                os.chmod("%s/%s" % (folder, key), int(self.value("perm") or "644", 8))


def pack(folder, name):
    os.makedirs(os.path.dirname(name), exist_ok=True)
    with tarfile.open(name + ".new", "w") as archive:
        archive.add(folder, ".")
    os.rename(name + ".new", name)


def unpack(folder, content):
    if content:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(folder)


def newest(name, other):
    """The content of the newer one of the copy here and the peer's, which is kept here then."""
    mine = os.stat(name).st_mtime if os.path.exists(name) else 0
    if other and other["at"] > mine:
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "wb") as handle:
            handle.write(base64.b64decode(other["content"]))
        os.utime(name, (other["at"], other["at"]))
    if not os.path.exists(name):
        return None
    with open(name, "rb") as handle:
        return handle.read()
