import { quote } from '../../../connection/index.ts';
import { parseJson, type Value } from '../../../values/index.ts';
import type { Collector } from './collector.ts';

export const local: Collector = {
  name: 'local',
  quick: ({ mark, factPath }) => {
    const folder = factPath.startsWith('~/') ? `"$HOME"/${quote(factPath.slice(2))}` : quote(factPath);
    // A script's standard output goes straight out, its errors into a variable.
    return `for m_f in ${folder}/*.fact; do
m_key=\${m_f##*/}
if [ ! -e "$m_f" ]; then
[ -L "$m_f" ] && { ${mark('fact lost $m_key')}; printf %s "$m_f"; }
continue
fi
if [ -x "$m_f" ]; then
${mark('fact run $m_key')}
{ m_err=$("$m_f" 2>&1 >&3 </dev/null); m_code=$?; } 3>&1
${mark('fact end $m_key')}; printf '%s\\n%s\\n%s' "$m_code" "$m_f" "$m_err"
else
${mark('fact read $m_key')}; cat "$m_f" 2>/dev/null
${mark('fact end $m_key')}; printf '0\\n%s\\n' "$m_f"
fi
done`;
  },
  read: (dump, _facts, warn) => {
    const facts = new Map<Value, Value>();
    const texts = new Map([...dump.sections('fact run '), ...dump.sections('fact read ')]);
    for (const [file, ending] of dump.sections('fact end ')) {
      const key = file.replace('.fact', '');
      const [code = '0', path = '', ...errors] = ending.split('\n');
      const fact =
        code === '0'
          ? (readFact(texts.get(file) ?? '') ?? `error loading facts as JSON or ini - please check content: ${path}`)
          : `Failure executing fact script (${path}), rc: ${code}, err: ${errors.join('\n')}`;
      if (typeof fact === 'string' && (code !== '0' || fact.startsWith('error loading facts'))) warn(fact);
      facts.set(key, fact);
    }
    for (const [file, path] of dump.sections('fact lost ')) {
      const fact = `Could not stat fact (${path}): [Errno 2] No such file or directory: '${path}'`;
      warn(fact);
      facts.set(file.replace('.fact', ''), fact);
    }
    return { local: facts };
  },
};

/** A fact file's content: JSON, or an INI file; undefined when it is neither. */
const readFact = (text: string): Value | undefined => {
  try {
    return parseJson(text);
  } catch {
    return readIni(text);
  }
};

/** An INI file by the rules of Python's ConfigParser: lower-case keys, `=` or `:`, indented lines continue, DEFAULT. */
const readIni = (text: string): Value | undefined => {
  const sections = new Map<string, Map<Value, Value>>();
  const defaults = new Map<Value, Value>();
  let current: Map<Value, Value> | undefined;
  let key: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue;
    if (/^\s/.test(line) && current && key !== undefined) {
      current.set(key, `${current.get(key)}\n${trimmed}`);
      continue;
    }
    const header = /^\[([^\]]+)\]/.exec(trimmed)?.[1];
    if (header !== undefined) {
      if (header !== 'DEFAULT' && sections.has(header)) return undefined;
      current = header === 'DEFAULT' ? defaults : new Map();
      if (header !== 'DEFAULT') sections.set(header, current);
      key = undefined;
      continue;
    }
    const entry = /^(.*?)\s*[=:]\s*(.*)$/.exec(trimmed);
    if (!current || !entry || entry[1] === '') return undefined;
    key = entry[1]!.toLowerCase();
    if (current.has(key)) return undefined;
    current.set(key, entry[2]!);
  }
  const result = new Map<Value, Value>();
  for (const [name, entries] of sections) result.set(name, new Map([...defaults, ...entries]));
  return result;
};
