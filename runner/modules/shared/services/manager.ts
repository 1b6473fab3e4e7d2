import { type Script, sh } from '../../../connection/index.ts';
import { toText } from '../../../values/index.ts';
import type { ModuleContext } from '../../define.ts';

/** The service manager as facts know it already; undefined when no facts were gathered. */
export const knownManager = (context: ModuleContext): string | undefined => {
  const facts = context.controller.variable('ansible_facts');
  const fact = facts instanceof Map ? facts.get('service_mgr') : undefined;
  const value = fact ?? context.controller.variable('ansible_service_mgr');
  return value === undefined || value === null ? undefined : toText(value);
};

/** Sets $m_manager by the rules of the fact `service_mgr`. */
export const findManager: Script = sh`m_manager=
{ read -r m_manager </proc/1/comm; } 2>/dev/null
case $m_manager in
procd) m_manager=openwrt_init;;
runit-init) m_manager=runit;;
svscan) m_manager=svc;;
openrc-init) m_manager=openrc;;
init|*sh|'')
m_manager=service
m_systemctl=
command -v systemctl >/dev/null && m_systemctl=1
if [ "$m_systemctl" ] && { [ -e /run/systemd/system ] || [ -e /dev/.run/systemd ] || [ -e /dev/.systemd ]; }; then m_manager=systemd
elif command -v initctl >/dev/null && [ -e /etc/init ]; then m_manager=upstart
elif [ -e /sbin/openrc ]; then m_manager=openrc
elif [ "$m_systemctl" ] && [ -L /sbin/init ] && case $(readlink /sbin/init) in *systemd) ;; *) false;; esac; then m_manager=systemd
elif [ -e /etc/init.d ]; then m_manager=sysvinit
fi;;
esac`;
