"""Runs ansible-playbook for many command lines, importing Ansible only once: jobs come as JSON lines on stdin, the exit
code of each goes out the same way. What a run prints goes to the job's log."""
import json
import os
import signal
import sys
import time

os.environ.setdefault("LC_ALL", "C.UTF-8")
from ansible.cli.playbook import PlaybookCLI  # noqa: E402


def play(job):
    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, file in ((0, nothing), (1, log), (2, log)):
        os.dup2(file, number)
    os.environ["TRANSCRIPT"] = job["transcript"]
    os.setsid()
    code = 250
    try:
        PlaybookCLI.cli_executor(["ansible-playbook", *job["arguments"]])
        code = 0
    except SystemExit as end:
        code = end.code or 0
    finally:
        sys.stdout.flush()
        os._exit(code)


def wait(child, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


for line in sys.stdin:
    request = json.loads(line)
    child = os.fork()
    if child == 0:
        play(request)
    print(json.dumps({"code": wait(child, request["seconds"])}), flush=True)
