import type { RequestListener } from 'node:http';

// The programs of re6stnet made small: the same calls, files, messages and exit codes, and nothing of a network.

/** What asks the registry for a certificate, and writes the configuration last. */
export const re6stConf = `#!/usr/bin/env python3
import argparse, hashlib, os, sys, urllib.error, urllib.parse, urllib.request

parser = argparse.ArgumentParser(prog="re6st-conf")
parser.add_argument("--fingerprint")
parser.add_argument("--registry", required=True)
parser.add_argument("--token", required=True)
parser.add_argument("--location")
parser.add_argument("-d", "--dir")
parser.add_argument("-r", "--req", nargs=2, action="append")
given = parser.parse_args()
os.chdir(given.dir)

def ask(name, **values):
    try:
        url = given.registry.rstrip("/") + "/" + name + "?" + urllib.parse.urlencode(values)
        return urllib.request.urlopen(url, timeout=60).read()
    except urllib.error.URLError:
        return None

def getCa():
    return ask("getCa").strip()

ca = getCa()
if given.fingerprint:
    algorithm, _, expected = given.fingerprint.partition(":")
    if algorithm != "sha256" or len(expected) != 64:
        parser.error("invalid fingerprint: " + given.fingerprint)
    if hashlib.sha256(ca).hexdigest() != expected:
        sys.exit("CA fingerprint doesn't match")
else:
    print("WARNING: no --fingerprint")
open("ca.crt", "wb").write(ca + b"\\n")
if os.path.exists("cert.key"):
    print("Reusing existing key.")
else:
    os.close(os.open("cert.key", os.O_CREAT | os.O_WRONLY, 0o600))
print("Requesting certificate ...")
cert = ask("requestCertificate", token=given.token, req=str(given.req), **({"location": given.location} if given.location else {}))
if not cert:
    sys.exit("Error: invalid or expired token")
open("cert.crt", "wb").write(cert)
if os.path.exists("/etc/cut-off"):
    os.kill(os.getpid(), 9)
if not os.path.lexists("re6stnet.conf"):
    with open("re6stnet.conf", "w") as conf:
        conf.write("registry %s\\nca ca.crt\\ncert cert.crt\\nkey cert.key\\n" % given.registry)
        conf.write("country " + given.location.split(",")[0] if given.location else "")
        conf.write("\\n# increase re6stnet verbosity:\\n#verbose 3\\n")
`;

/**
 * A daemon that takes its address, has a child as babeld is one, and tells --daemon so. It does not start where its address is
 * left of one that was killed. It notes when it ran for the service, so that it cannot have run on two nodes at once unseen.
 */
export const re6stnet = `#!/bin/sh
for file in ca.crt cert.crt cert.key re6stnet.conf; do
  [ -e "$file" ] || { echo "re6stnet: error: No such file or directory: '$file'" >&2; exit 2; }
done
word() { sed -n "s/^$1 //p" re6stnet.conf; }
log=$(word log)/re6stnet.log
run=$(word run)
say() { echo "$(date '+%F %T') $*" >>"$log"; }
note() { echo "$1 $(date +%s%N)" >>/var/log/re6stnet.times; }
mkdir -p "$run" "$(word state)"
if [ -e /etc/broken ]; then say "ERROR     it is broken"; exit 1; fi
ip -6 addr add 2001:db8:42::1/64 dev lo || { say "ERROR     ip addr add: exit status 2"; exit 1; }
note start
finish() {
  kill $router
  ip -6 addr del 2001:db8:42::1/64 dev lo
  rm -rf "$run"
  note stop
  exit
}
sleep infinity &
router=$!
trap finish TERM
export re6stnet_ip=2001:db8:42::1 re6stnet_iface=lo re6stnet_subnet=2001:db8:42::/64 re6stnet_network=2001:db8:42::/48
while [ $# -gt 0 ]; do
  [ "$1" != --daemon ] || sh -c "$2" &
  shift
done
wait $router
`;

/** The unit that the package brings, which starts only what is configured below /etc. */
export const re6stUnit = `[Unit]
Description=Small re6stnet
ConditionPathExists=/etc/re6stnet/re6stnet.conf

[Service]
WorkingDirectory=/etc/re6stnet
ExecStart=/usr/bin/env re6stnet @re6stnet.conf
Restart=on-failure

[Install]
WantedBy=multi-user.target
`;

export const certificateAuthority = '-----BEGIN CERTIFICATE-----\nsmall\n-----END CERTIFICATE-----';

/** A registry's answer to a request for a certificate: each token is good once, and of the others it says nothing. */
export const certificates =
  (tokens: Set<string>): RequestListener =>
  (request, response) => {
    const token = new URL(request.url ?? '', 'http://registry').searchParams.get('token');
    if (token !== null && tokens.delete(token)) response.end('certificate\n');
    else response.writeHead(204).end();
  };
