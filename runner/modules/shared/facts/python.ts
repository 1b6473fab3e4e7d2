import { quote } from '../../../connection/index.ts';
import type { Collector, Facts, FactsRequest } from './collector.ts';
import type { Dump } from './dump.ts';

// Where Ansible looks for an interpreter, in its order.
const candidates = [
  ...['11', '10', '9', '8', '7', '6', '5'].map((minor) => `python3.${minor}`),
  '/usr/bin/python3',
  '/usr/libexec/platform-python',
  'python2.7',
  '/usr/bin/python',
  'python',
];

const pythonQuestion = [
  'import sys',
  'print("%d %d %d %s %d" % tuple(sys.version_info))',
  'print(sys.executable)',
  'print(getattr(getattr(sys, "implementation", None), "name", "cpython"))',
  'try:',
  ' from importlib.machinery import PathFinder',
  ' print(PathFinder.find_spec("_ssl") is not None)',
  'except Exception:',
  ' print(sys.version_info >= (2, 7, 9))',
].join('\n');

/** Shell text that finds the interpreter, as Ansible's discovery does, and asks it what it is. */
export const askPython = ({ mark, python: given }: FactsRequest): string => {
  const find =
    given === undefined
      ? `m_python=
for m_try in ${candidates.join(' ')}; do command -v "$m_try" >/dev/null && { m_python=$m_try; break; }; done
m_id=; m_version=
while IFS='=' read -r m_key m_value; do m_value=\${m_value#[\\"\\']}; m_value=\${m_value%[\\"\\']}
case $m_key in ID) m_id=$m_value;; ID_LIKE) m_id="$m_id $m_value";; VERSION_ID) m_version=\${m_value%%.*};; esac; done 2>/dev/null </etc/os-release
case $m_id-$m_version in
*rhel*-8|*centos*-8|ol*-8) m_own=/usr/libexec/platform-python;;
*debian*|*ubuntu*|*rhel*|*centos*|*fedora*) m_own=/usr/bin/python3;;
*) m_own=;; esac
[ -n "$m_own" ] && [ -x "$m_own" ] && m_python=$m_own`
      : `m_python=${quote(given)}`;
  return `${find}
[ -n "$m_python" ] && { ${mark('python')}; command -v "$m_python"; "$m_python" -S -c '${pythonQuestion}' 2>/dev/null; }`;
};

interface PythonAnswer {
  /** The interpreter's path as it was found. */
  readonly path: string;
  /** Its version, as Python prints it. */
  readonly text: string;
  readonly facts: Facts;
}

/** What the host's Python told about itself; undefined where there is none. */
export const readPython = (dump: Dump): PythonAnswer | undefined => {
  const [path = '', version = '', executable, type, hasSsl] = (dump.section('python') ?? '').split('\n');
  const [major, minor, micro, level, serial] = version.split(' ');
  if (level === undefined) return undefined;
  const numbers = { major: Number(major), minor: Number(minor), micro: Number(micro) };
  return {
    path,
    text: `${major}.${minor}.${micro}${level === 'final' ? '' : `${level[0]}${serial}`}`,
    facts: {
      version: { ...numbers, releaselevel: level, serial: Number(serial) },
      version_info: [numbers.major, numbers.minor, numbers.micro, level, Number(serial)],
      executable,
      has_sslcontext: hasSsl === 'True',
      type,
    },
  };
};

export const python: Collector = {
  name: 'python',
  slow: askPython,
  read: (dump) => {
    const answer = readPython(dump);
    return answer ? { python: answer.facts } : {};
  },
};
