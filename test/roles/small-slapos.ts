import type { RequestListener } from 'node:http';

// SlapOS's command made small: the calls that the role, the launcher and the tasks make, with their files, messages and exit
// codes. Its node keeps a supervisor, which keeps nothing.

/** `slapos`, which reads where things are from its configuration. */
export const slapos = `#!/bin/sh
fail() { echo "$(date '+%F %T') slapos[$$] $*" >&2; exit 1; }
word() { sed -n "s/^$1 *= *//p" "$SLAPOS_CONFIGURATION"; }
case "$1 $2" in
"node register") exec /usr/bin/python3 /opt/slapos/register.py "$@" ;;
esac
[ -r "$SLAPOS_CONFIGURATION" ] || fail "ERROR Configuration file does not exist: $SLAPOS_CONFIGURATION"
root=$(word instance_root)
supervisor() {
  [ ! -S "$root/sv.sock" ] || fail "ERROR Another program is already listening"
  mkdir -p "$root/etc" "$root/var/run"
  setsid sh -c 'trap "kill \\$!; exit" TERM; sleep infinity & wait' supervisord -c "$root/etc/supervisord.conf" \\
    </dev/null >/dev/null 2>&1 &
  echo $! >"$root/var/run/supervisord.pid"
  # It is a supervisor to others only when its program runs.
  while kill -0 $! 2>/dev/null && ! grep -qsaF "$root/etc/supervisord.conf" "/proc/$!/cmdline"; do sleep 0.1; done
}
runs() { kill -0 "$(cat "$root/var/run/supervisord.pid" 2>/dev/null)" 2>/dev/null; }
case "$1 $2" in
"node collect" | "node software" | "node report") echo "$2 $(date)" ;;
"node format")
  getent passwd slapsoft >/dev/null || { groupadd slapsoft && useradd -r -g slapsoft -s /bin/sh slapsoft; }
  chown slapsoft "$(word software_root)"
  part=$root/slappart0
  mkdir -p "$part"
  ip -6 addr add 2001:db8:42::2/64 dev "$(word interface_name)" 2>/dev/null
  printf '{\\n    "address_list": [\\n        {\\n            "addr": "2001:db8:42::2"\\n        }\\n    ]\\n}\\n' >"$part/.slapos-resource"
  echo "$2 $(date)" ;;
"node instance") runs || supervisor; echo "$2 $(date)" ;;
"node bang") echo "Bang with message '$4'" ;;
"node stop") : ;;
"node supervisorctl") kill "$(cat "$root/var/run/supervisord.pid")"; rm -f "$root/var/run/supervisord.pid" ;;
*) echo "slapos: '$*' is not a slapos command" >&2; exit 2 ;;
esac
`;

/** `slapos node register`, which writes certificate, key and configuration, in this order. */
export const register = `import argparse, json, os, sys, urllib.error, urllib.parse, urllib.request

parser = argparse.ArgumentParser(prog="slapos node register")
parser.add_argument("node_name")
for name in "cfg", "token", "master-url", "master-url-web", "interface-name", "software-root", "instance-root":
    parser.add_argument("--" + name, required=True)
parser.add_argument("--partition-number", type=int, default=10)
given = parser.parse_args(sys.argv[3:])

def fail(level, text):
    sys.exit("2026-01-01 00:00:00 slapos[%d] %s %s" % (os.getpid(), level, text))

request = urllib.request.Request(
    given.master_url_web + "/Person_requestComputer",
    urllib.parse.urlencode({"title": given.node_name}).encode(),
    {"X-Access-Token": given.token})
try:
    answer = json.load(urllib.request.urlopen(request))
except urllib.error.HTTPError as error:
    if "Certificate still active." in error.read().decode():
        fail("ERROR", 'The node name "%s" is already in use.' % given.node_name)
    if error.code == 403:
        fail("CRITICAL", "Access denied to the SlapOS Master.")
    raise
except urllib.error.URLError as error:
    raise ConnectionError(str(error.reason))

folder = os.path.dirname(given.cfg)
for part in "ssl", "ssl/partition_pki":
    os.makedirs(os.path.join(folder, part), 0o711, exist_ok=True)
for name in "key", "certificate":
    path = os.path.join(folder, "ssl", name)
    with open(path, "w") as file:
        file.write(answer[name])
    os.chmod(path, 0o600)
with open(given.cfg, "w") as cfg:
    cfg.write("""[slapos]
computer_id = COMP-1
master_url = %s
key_file = %s/ssl/key
cert_file = %s/ssl/certificate
certificate_repository_path = %s/ssl/partition_pki
software_root = %s
instance_root = %s

[slapformat]
interface_name = %s
partition_amount = %d
computer_xml = /opt/slapos/slapos.xml
log_file = /opt/slapos/log/slapos-node-format.log
partition_base_name = slappart
user_base_name = slapuser

[collect]
enable = True
pid_folder = /srv/slapgrid/var/run
""" % (given.master_url, folder, folder, folder, given.software_root, given.instance_root, given.interface_name, given.partition_number))
`;

/** The crontab that the package brings. */
export const crontab = `* * * * * root /opt/slapos/bin/slapos node instance
@reboot root /opt/slapos/bin/slapos node boot
`;

/** A panel's answer to a computer that wants to be registered: each token is good once. */
export const computers =
  (tokens: Set<string>): RequestListener =>
  (request, response) => {
    const token = request.headers['x-access-token'];
    if (request.method !== 'POST') response.writeHead(405).end();
    else if (typeof token !== 'string' || !tokens.delete(token)) response.writeHead(403).end('Forbidden');
    else response.end(JSON.stringify({ certificate: 'CN=COMP-1/emailAddress=a@example.org\n', key: 'key\n' }));
  };
