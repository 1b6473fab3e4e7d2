# Runs ansible-inventory for many command lines, importing Ansible only once: a list of argument lists comes as JSON on
# stdin, a list of what each wrote to stdout goes out as JSON.
import json
import os
import sys
import tempfile


def run(arguments):
    with tempfile.TemporaryFile() as output, open(os.devnull, "w") as nothing:
        child = os.fork()
        if child == 0:
            os.dup2(output.fileno(), 1)
            os.dup2(nothing.fileno(), 2)
            sys.argv = ["ansible-inventory", *arguments]
            try:
                InventoryCLI(sys.argv).run()
            except SystemExit:
                pass
            finally:
                sys.stdout.flush()
                os._exit(0)
        os.waitpid(child, 0)
        output.seek(0)
        return output.read().decode()


requests = json.load(sys.stdin)
os.environ.setdefault("LC_ALL", "C.UTF-8")
from ansible.cli.inventory import InventoryCLI  # noqa: E402

json.dump([run(arguments) for arguments in requests], sys.stdout)
