import { sh } from '../connection/index.ts';
import type { ResultObject } from '../values/index.ts';
import { defineAction } from './define.ts';
import { type Answer, ask } from './shared/ask.ts';
import {
  listFromChkconfig,
  listFromOpenrc,
  listFromSysv,
  listFromUnits,
  listFromUpstart,
  type Services,
} from './shared/services/lists.ts';

export default defineAction({
  name: 'ansible.builtin.service_facts',
  summary: 'Lists the services of a host as facts.',
  args: {},
  returns: { ansible_facts: 'A dictionary `services`: name, state, status and source of each.' },
  supports: { check: 'full', diff: false },

  run: async (_args, context): Promise<ResultObject> => {
    const answers: Readonly<Record<string, Answer | undefined>> = await ask<string>(context, {
      tools: sh`for m_tool in service chkconfig initctl rc-status rc-update systemctl; do command -v $m_tool >/dev/null && echo $m_tool; done; [ -e /etc/init.d ] && echo init.d; { read -r m_first </proc/1/comm; } 2>/dev/null; case $m_first in *systemd*) echo systemd;; esac`,
      sysv: sh`command -v service >/dev/null && ! command -v chkconfig >/dev/null && ! command -v rc-status >/dev/null || exit 0\nservice --status-all`,
      upstart: sh`command -v initctl >/dev/null && ! command -v chkconfig >/dev/null || exit 0\ninitctl list`,
      chkconfig: sh`command -v chkconfig >/dev/null || exit 0
m_list=$(chkconfig 2>&1)
case $m_list in *[0-9]:o*) ;; *--list*) m_list=$(chkconfig --list);; *) m_list=$(chkconfig -l --allservices);; esac
echo "$m_list" | while read -r m_name m_rest; do case $m_rest in *[0-9]:o*) ;; *) continue;; esac
m_said=$(service "$m_name" status 2>&1 >/dev/null </dev/null); printf '%s %s|%s\n' "$?" "$m_name $m_rest" "$(echo $m_said)"; done`,
      openrc: sh`command -v rc-status >/dev/null && command -v rc-update >/dev/null || exit 0\nrc-status -a -s -m 2>&1 | grep '^ ' | tr -d '[]'`,
      runlevels: sh`command -v rc-update >/dev/null || exit 0\nrc-update show -v 2>&1 | grep '|'`,
      units: sh`case $(cat /proc/1/comm 2>/dev/null) in *systemd*) ;; *) exit 0;; esac\nsystemctl list-units --no-pager --type service --all`,
      files: sh`case $(cat /proc/1/comm 2>/dev/null) in *systemd*) ;; *) exit 0;; esac\nsystemctl list-unit-files --no-pager --type service --all`,
      // The states of services that are not loaded, all at once.
      states: sh`case $(cat /proc/1/comm 2>/dev/null) in *systemd*) ;; *) exit 0;; esac
set -- $(systemctl list-unit-files --no-pager --no-legend --type service --all | while read -r m_unit m_rest; do case $m_unit in *@.service) ;; *) echo "$m_unit";; esac; done)
[ $# = 0 ] || systemctl show --property=Id,Names,ActiveState "$@"`,
    });
    const tools = new Set((answers.tools?.stdout ?? '').split('\n'));
    const services: Services = {};
    if (tools.has('service') && !tools.has('chkconfig') && !tools.has('rc-status')) {
      listFromSysv(services, answers.sysv!, tools.has('init.d'), context);
    }
    if (tools.has('initctl') && !tools.has('chkconfig')) listFromUpstart(services, answers.upstart!, context);
    else if (tools.has('chkconfig')) listFromChkconfig(services, answers.chkconfig!, context);
    else if (tools.has('rc-status') && tools.has('rc-update')) {
      listFromOpenrc(services, answers.openrc!, answers.runlevels!);
    }
    if (tools.has('systemd') && tools.has('systemctl')) {
      listFromUnits(services, answers.units!, answers.files!, answers.states!, context);
    }
    if (Object.keys(services).length === 0) {
      return {
        skipped: true,
        msg: 'Failed to find any services. This can be due to privileges or some other configuration issue.',
      };
    }
    return { ansible_facts: { services }, changed: false };
  },
});
