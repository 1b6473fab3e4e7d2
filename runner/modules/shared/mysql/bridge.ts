import { type Script, sh } from '../../../connection/index.ts';

// Passes its standard input to a socket and what comes from there to its standard output.
const perl =
  'use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0) && connect($s, sockaddr_un($ARGV[0])) or die "$!\\n"; ' +
  'sub pass { my ($from, $to) = @_; while ((my $n = sysread($from, my $b, 65536)) > 0) { my $o = 0; while ($o < $n) { my $w = syswrite($to, $b, $n - $o, $o); defined $w or exit 1; $o += $w } } } ' +
  'if (my $p = fork) { pass(STDIN, $s); shutdown($s, 1); waitpid($p, 0) } else { pass($s, STDOUT) }';

const python =
  'import os,socket,sys,threading;s=socket.socket(socket.AF_UNIX);s.connect(sys.argv[1])\n' +
  'def up():\n while True:\n  b=os.read(0,65536)\n  if not b: break\n  s.sendall(b)\n s.shutdown(1)\n' +
  'threading.Thread(target=up,daemon=True).start()\n' +
  'while True:\n b=s.recv(65536)\n if not b: break\n while b: b=b[os.write(1,b):]';

/**
 * A command that ties its standard streams to a unix socket, with whatever the target has for that: servers that know
 * users by the process that connects see the user of the task then, not the one that logged in.
 */
export const bridgeCommand = (path: string): Script =>
  sh`if command -v socat >/dev/null 2>&1; then exec socat - ${`UNIX-CONNECT:${path}`}; elif command -v perl >/dev/null 2>&1; then exec perl -e ${perl} ${path}; elif command -v python3 >/dev/null 2>&1; then exec python3 -c ${python} ${path}; else exec nc -U ${path}; fi`;
