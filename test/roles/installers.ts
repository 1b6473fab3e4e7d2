import { createHash } from 'node:crypto';
import type { Pages } from './pages.ts';
import { certificateAuthority, certificates, re6stConf, re6stnet, re6stUnit } from './small-re6st.ts';
import { computers, crontab, register, slapos } from './small-slapos.ts';

// What the public installers leave on a host, made small: the programs with the calls that are used, and their units.

const file = (path: string, content: string, mode = '755'): string =>
  `mkdir -p "$(dirname ${path})"\ncat >${path} <<'END_OF_FILE'\n${content}END_OF_FILE\nchmod ${mode} ${path}\n`;

// The public installers end with a playbook of their own, whose questions the roles answer on that line.
const installer = (name: string, playbook: string, files: string): string => `#!/bin/sh
set -e
sleep "\${INSTALLER_SECONDS:-0}"
mkdir -p /root/${name}.work
cd /root/${name}.work
PATH=/root/${name}.work:$PATH
${file(`/root/${name}.work/ansible-playbook`, `#!/bin/sh\necho "$@" >/root/${name}.answers\n`)}
ansible-playbook ${playbook} -i hosts --connection=local
cd /
rm -r /root/${name}.work
${files}`;

export const goodToken = 'good-token-1';

/** Serves small installers, a registry and a panel that take one token once; returns the variables that lead to them. */
export const serveInstallers = ({ pages, url }: { pages: Pages; url: string }): Record<string, unknown> => {
  const re6stTokens = new Set([goodToken]);
  const slaposTokens = new Set([goodToken]);
  pages.set(
    '/install/re6st',
    installer(
      're6st',
      'gnet-re6stnet.yml',
      file('/usr/bin/re6st-conf', re6stConf) +
        file('/usr/sbin/re6stnet', re6stnet) +
        file('/lib/systemd/system/re6stnet.service', re6stUnit, '644') +
        'systemctl daemon-reload\nsystemctl enable -q --now re6stnet.service\n',
    ),
  );
  pages.set(
    '/install/slapos',
    installer(
      'slapos',
      'slapos-base.yml',
      file('/etc/cron.d/slapos-node', crontab, '644') +
        file('/opt/slapos/register.py', register, '644') +
        file('/opt/slapos/bin/slapos', slapos),
    ),
  );
  pages.set('/registry/getCa', certificateAuthority);
  pages.set('/registry/requestCertificate', certificates(re6stTokens));
  pages.set('/panel/Person_requestComputer', computers(slaposTokens));
  return {
    comp1_hosts: 'all',
    comp1_cluster: 'demo',
    comp1_size: '64m',
    // Lab hosts are containers, whose kernel has no DRBD.
    comp1_install_drbd: false,
    comp1_limit: 60,
    ha_service_limit: 60,
    re6st_installer_url: `${url}/install/re6st`,
    re6st_registry: `${url}/registry/`,
    re6st_fingerprint: `sha256:${createHash('sha256').update(certificateAuthority).digest('hex')}`,
    re6st_location: 'FR,EU',
    re6st_token: goodToken,
    slapos_installer_url: `${url}/install/slapos`,
    slapos_master_url: `${url}/master`,
    slapos_web_master_url: `${url}/panel/`,
    slapos_token: goodToken,
    slapos_computer: 'comp1',
    slapos_partitions: 2,
  };
};
