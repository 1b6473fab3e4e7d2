"""Writes what ansible-playbook does as JSON lines, in the same words as test/oracle/entries.ts, for the comparison."""
import json
import os

from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.playbook.task_include import TaskInclude
from ansible.plugins.callback import CallbackBase, strip_internal_keys

DOCUMENTATION = """
name: transcript
type: stdout
short_description: writes the course of a run to the file that TRANSCRIPT names
description: [for comparing runs]
"""


META = ("meta", "ansible.builtin.meta", "ansible.legacy.meta")


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "transcript"

    def __init__(self):
        super().__init__()
        self.file = open(os.environ["TRANSCRIPT"], "a")

    def say(self, kind, **fields):
        json.dump({"kind": kind, **fields}, self.file, cls=AnsibleJSONEncoder, vault_to_text=True)
        self.file.write("\n")
        self.file.flush()

    def result(self, kind, result, status, ignored=False, **fields):
        told = {} if result._task.action in META else strip_internal_keys(dict(result._result))
        if status == "ok" and told.get("changed"):
            status = "changed"
        delegated = result._result.get("_ansible_delegated_vars") or {}
        self.say(
            kind,
            task=result._task._uuid,
            host=result._host.get_name(),
            status=status,
            ignored=bool(ignored),
            delegatedTo=delegated.get("ansible_host") if delegated else None,
            result=told,
            **fields,
        )

    def item(self, result, status):
        # The items of an include are its files, which are told as such.
        if isinstance(result._task, TaskInclude):
            return
        no_log = result._result.get("_ansible_no_log", False)
        label = "(censored due to no_log)" if no_log else str(result._result.get("_ansible_item_label"))
        # The callback is not told that an item's failure is ignored.
        ignored = status == "failed" and result._task_fields.get("ignore_errors") is True
        self.result("item", result, status, ignored=ignored, label=label)

    def v2_playbook_on_start(self, playbook):
        self.say("playbook")

    def v2_playbook_on_play_start(self, play):
        self.say("play", name=play.get_name())

    def v2_playbook_on_no_hosts_matched(self):
        self.say("no hosts matched")

    def v2_playbook_on_task_start(self, task, is_conditional):
        self.say("task", task=task._uuid, name=task.get_name(), handler=False)

    def v2_playbook_on_handler_task_start(self, task):
        self.say("task", task=task._uuid, name=task.get_name(), handler=True)

    def v2_runner_on_ok(self, result):
        self.result("result", result, "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.result("result", result, "failed", ignore_errors)

    def v2_runner_on_skipped(self, result):
        self.result("result", result, "skipped")

    def v2_runner_on_unreachable(self, result):
        self.result("result", result, "unreachable", result._task_fields.get("ignore_unreachable") is True)

    def v2_runner_item_on_ok(self, result):
        self.item(result, "ok")

    def v2_runner_item_on_failed(self, result):
        self.item(result, "failed")

    def v2_runner_item_on_skipped(self, result):
        self.item(result, "skipped")

    def v2_runner_retry(self, result):
        left = result._result["retries"] - result._result["attempts"]
        self.say("retry", task=result._task._uuid, host=result._host.get_name(), left=left)

    def v2_playbook_on_include(self, included):
        self.say("included", file=included._filename, hosts=sorted(host.get_name() for host in included._hosts))

    def v2_playbook_on_notify(self, handler, host):
        self.say("notified", handler=handler.get_name(), host=host.get_name())

    def v2_playbook_on_stats(self, stats):
        self.say("recap", hosts={host: stats.summarize(host) for host in sorted(stats.processed)}, custom=stats.custom)
