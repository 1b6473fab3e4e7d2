import type { RequestListener } from 'node:http';
import type { Pages } from './pages.ts';

// What the public installers leave on a host, made small: the programs with the calls that are used, and their units.

const re6stConf = `#!/usr/bin/env python3
import sys, os, urllib.request, urllib.error
words = sys.argv[1:]
given = {words[i]: words[i + 1] for i in range(len(words) - 1) if words[i].startswith("-")}
try:
    cert = urllib.request.urlopen(given["--registry"] + "?token=" + given["--token"]).read().decode()
except urllib.error.HTTPError as error:
    sys.exit("Error: %s" % error.read().decode())
folder = given["-d"]
open(folder + "/cert.crt", "w").write(cert)
with open(folder + "/re6stnet.conf", "w") as conf:
    conf.write("registry %s\\nca ca.crt\\ncert cert.crt\\nkey cert.key\\n" % given["--registry"])
`;

// It notes when it ran for the service, so that it cannot have run on two nodes at once unseen. The installer starts it too,
// without a configuration.
const re6stnet = `#!/bin/sh
[ "$1" = @re6stnet.conf ] || exec sleep infinity
[ ! -e /etc/broken ] || exit 1
note() { echo "$1 $(date +%s%N)" >>/var/log/re6stnet.times; }
note start
trap 'note stop; kill $!; exit' TERM
sleep infinity &
wait
`;

const slapos = `#!/bin/sh
# A small SlapOS: its node keeps a process, and its tasks write to their logs.
root() { sed -n 's/^instance_root *= *//p' "$SLAPOS_CONFIGURATION"; }
case "$1 $2" in
"node register") exec /usr/bin/python3 /opt/slapos/register.py "$@" ;;
"node instance" | "node collect" | "node software" | "node report" | "node format") echo "$2 $(date)" ;;
"node boot") mkdir -p "$(root)/var/run"; setsid sleep infinity </dev/null >/dev/null 2>&1 & echo $! >"$(root)/var/run/supervisord.pid" ;;
"node stop") : ;;
"node supervisorctl") kill "$(cat "$(root)/var/run/supervisord.pid")"; rm -f "$(root)/var/run/supervisord.pid" ;;
*) exit 2 ;;
esac
`;

const register = `import sys, urllib.request, urllib.error
words = sys.argv[1:]
given = {words[i]: words[i + 1] for i in range(len(words) - 1) if words[i].startswith("--")}
try:
    urllib.request.urlopen(given["--master-url"] + "?token=" + given["--token"])
except urllib.error.HTTPError as error:
    sys.exit("ERROR: %s" % error.read().decode())
with open(given["--cfg"], "w") as cfg:
    cfg.write("[slapos]\\nsoftware_root = %s\\ninstance_root = %s\\nmaster_url = %s\\n" % (given["--software-root"], given["--instance-root"], given["--master-url"]))
    cfg.write("[slapformat]\\ncomputer_xml = /opt/slapos/slapos.xml\\nlog_file = /opt/slapos/log/slapos-node-format.log\\n")
    cfg.write("[slapproxy]\\npid_folder = /srv/slapgrid/var/run\\n")
`;

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

const unit = (name: string, program: string): string =>
  `[Unit]\nDescription=${name}\n[Service]\nExecStart=${program}\n[Install]\nWantedBy=multi-user.target\n`;

export const goodToken = 'good-token-1';

/** Serves small installers, a registry and a master that know one token; returns the variables that lead to them. */
export const serveInstallers = ({ pages, url }: { pages: Pages; url: string }): Record<string, unknown> => {
  const judge: RequestListener = (request, response) => {
    const token = new URL(request.url ?? '', url).searchParams.get('token');
    if (token === goodToken) response.end('certificate\n');
    else response.writeHead(403).end(`token ${token} is unknown or was used already`);
  };
  pages.set(
    '/install/re6st',
    installer(
      're6st',
      'gnet-re6stnet.yml',
      file('/usr/bin/re6st-conf', re6stConf) +
        file('/usr/bin/re6stnet', re6stnet) +
        file('/lib/systemd/system/re6stnet.service', unit('re6stnet', '/usr/bin/re6stnet'), '644') +
        'systemctl daemon-reload\nsystemctl enable -q --now re6stnet.service\n',
    ),
  );
  pages.set(
    '/install/slapos',
    installer(
      'slapos',
      'slapos-base.yml',
      file('/etc/cron.d/slapos-node', '* * * * * root /opt/slapos/bin/slapos node instance\n', '644') +
        file('/opt/slapos/register.py', register, '644') +
        file('/opt/slapos/bin/slapos', slapos),
    ),
  );
  pages.set('/registry', judge);
  pages.set('/master', judge);
  return {
    comp1_hosts: 'all',
    comp1_cluster: 'demo',
    comp1_size: '64m',
    // Lab hosts are containers, whose kernel has no DRBD.
    comp1_install_drbd: false,
    comp1_limit: 60,
    ha_service_limit: 60,
    re6st_installer_url: `${url}/install/re6st`,
    re6st_registry: `${url}/registry`,
    re6st_token: goodToken,
    slapos_installer_url: `${url}/install/slapos`,
    slapos_master_url: `${url}/master`,
    slapos_token: goodToken,
    slapos_computer: 'comp1',
    slapos_partitions: 2,
  };
};
