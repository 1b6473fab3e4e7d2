"""The command line of a stand-in for the OpenSVC agent: asks the daemon beside it."""

import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import daemon  # noqa: E402
import verbs  # noqa: E402


def main():
    words = sys.argv[1:]
    if words == ["daemon", "run"]:
        daemon.main()
    if words == ["node", "--version"]:
        print("om node version %s (%s)" % (verbs.version(), verbs.NOTE))
        return 0
    if words == ["daemon", "restart"]:
        return restart()
    try:
        answer = daemon.ask(daemon.SOCKET, {"words": words}, timeout=120)
    except OSError as error:
        sys.stderr.write("the daemon does not answer: %s\n" % error)
        return 1
    if answer.get("out"):
        print(answer["out"])
    if answer.get("error"):
        sys.stderr.write("%s %s\n" % ("E" if verbs.major() == 2 else "Error:", answer["error"]))
    if answer["code"] == 0 and "--wait" in words and "/" in words[0]:
        return wait(words[0])
    return answer["code"]


def restart(limit=60):
    subprocess.run(["systemctl", "restart", "opensvc-agent"], check=True)
    end = time.time() + limit
    while time.time() < end:
        try:
            return daemon.ask(daemon.SOCKET, {"words": ["daemon", "status"]})["code"]
        except OSError:
            time.sleep(0.1)
    return 1


def wait(path, limit=60):
    """Waits until nothing is wanted of an object any more."""
    end = time.time() + limit
    while time.time() < end:
        with open("%s/state.json" % daemon.config.VAR) as handle:
            if not json.load(handle)["expect"].get(path, {}).get("want"):
                return 0
        time.sleep(0.2)
    sys.stderr.write("timeout\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
