/** A launcher as services have them: it does not start where /etc/broken is, and notes what it did. */
const launcher = `#!/bin/sh
case $1 in
start) [ ! -e /etc/broken ] || { echo "no database" >&2; exit 3; }; touch /run/app.up ;;
stop) rm -f /run/app.up ;;
status) test -e /run/app.up ;;
esac
`;

export const clusterPlay = (variables: Record<string, unknown> = {}): string => `
- hosts: all
  any_errors_fatal: true
  roles:
    - role: opensvc_cluster
      vars: ${JSON.stringify({
        opensvc_cluster_name: 'demo',
        opensvc_cluster_pools: { data: { type: 'directory', path: '/srv/pool' } },
        ...variables,
      })}
`;

/** A service without devices, so that any host can have it. */
export const sections = {
  DEFAULT: { nodes: 'web1 web2', topology: 'failover', orchestrate: 'ha' },
  'fs#flag': { type: 'flag' },
  'volume#0': { type: 'shm', size: '1m', name: '{name}-cfg', configs: '{name}/*:/', perm: '755' },
  'fs#0': { type: 'directory', path: '/srv/{fqdn}' },
  'app#0': {
    type: 'forking',
    start: '{volume#0.mnt}/app start',
    stop: '{volume#0.mnt}/app stop',
    check: '{volume#0.mnt}/app status',
  },
  'task#collect': {
    type: 'host',
    command: '/bin/true',
    schedule: '@1m',
    check: 'last_run',
    run_requires: 'app#0(up)',
    disable: true,
  },
  'sync#i0': { disable: true },
};

export const servicePlay = (variables: Record<string, unknown> = {}): string => `
- hosts: all
  any_errors_fatal: true
  gather_facts: false
  roles:
    - role: ha_service
      vars: ${JSON.stringify({
        ha_service_path: 'slapos/svc/comp1',
        ha_service_files: { app: launcher },
        ha_service_sections: sections,
        ha_service_limit: 60,
        ...variables,
      })}
`;
