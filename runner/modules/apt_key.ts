import { emit, lines, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ArgumentSpecs, ArgumentsOf } from './arguments.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { missingCommand } from './shared/ask.ts';
import { expandedWord, outputValues } from './shared/commands/index.ts';
import { type ReplyReader, runScript } from './shared/files/reply.ts';
import { fetchInfo, simpleRequest } from './shared/http/index.ts';
import { aptEnvironment, parseKeyId, parseKeyIds } from './shared/packages/apt/index.ts';

const specs = {
  id: { type: 'str', doc: 'The key: 8, 16 or more hexadecimal digits. Taken from the key itself unless given.' },
  data: { type: 'str', doc: 'The key itself.' },
  file: { type: 'path', doc: 'A file on the host with the key.' },
  url: { type: 'str', doc: 'Where to fetch the key from.' },
  keyserver: { type: 'str', doc: 'The key server to fetch it from.' },
  keyring: { type: 'path', doc: 'The keyring file, instead of the default one.' },
  validate_certs: { type: 'bool', doc: 'Whether certificates are checked.', default: true },
  state: { type: 'str', doc: 'Whether it shall be there.', choices: ['absent', 'present'], default: 'present' },
} as const satisfies ArgumentSpecs;

type Arguments = ArgumentsOf<typeof specs>;

export default defineAction({
  name: 'ansible.builtin.apt_key',
  summary: 'Adds keys to those that apt trusts, and removes them.',
  args: specs,
  mutuallyExclusive: [['data', 'file', 'keyserver', 'url']],
  returns: {
    id: 'The key, as given or found.',
    key_id: 'All of its id.',
    fp: 'The part of its id that is compared.',
    short_id: 'The last eight digits of its id.',
    before: 'Keys that were there before.',
    after: 'Keys that are there now.',
  },
  supports: { check: 'full', diff: false },

  run: async (args, context) => {
    const { target, check } = context;
    if (!args.id && args.keyserver) throw new ModuleFailure('Missing key_id, required with keyserver.');
    let data: Buffer | undefined = args.data === undefined ? undefined : Buffer.from(args.data);
    if (args.url && !args.id) data = await download(args.url, args, context);
    const source = args.file ? sh`cat ${expandedWord(args.file)}` : data ? sh`${emit(data)}` : undefined;
    const reader = await runScript(
      target,
      lines(
        aptEnvironment,
        sh`for m_t in apt-key gpg; do command -v $m_t >/dev/null || { printf '%s\\0' "$m_t"; exit 0; }; done
printf '\\0'`,
        !args.id && source ? sh`${source} | gpg --with-colons - 2>&1; printf '\\0%d\\0' $?` : sh`printf '\\0000\\0'`,
        listScript(args),
      ),
    );
    const missing = reader.field();
    if (missing !== '') throw missingCommand(missing);
    const described = reader.field();
    if (Number(reader.field()) !== 0) {
      throw new ModuleFailure(
        `Unable to extract key from '${args.file ?? 'inline data'}'`,
        outputValues(described, ''),
      );
    }
    const id = args.id ?? parseKeyIds(described)[0];
    const key = id === undefined ? undefined : parseKeyId(id);
    if (!key) throw new ModuleFailure('Invalid key_id', { id: id ?? null });
    const isShort = key.whole.length === 8;
    const before = readKeys(reader, isShort);
    const result = { id, short_id: key.short, fp: key.compared, key_id: key.whole, before };
    const isThere = before.includes(isShort ? key.short : key.compared);
    const isWanted = args.state === 'present';
    if (isThere === isWanted || check) return { changed: isThere !== isWanted, ...result };
    if (isWanted && args.url && !data) data = await download(args.url, args, context);
    const after = await change(
      isWanted ? addScript(args, data, key.whole) : removeScript(args, key.short),
      args,
      isShort,
      context,
    );
    if (after.includes(isShort ? key.short : key.compared) !== isWanted) {
      const problem = isWanted ? 'failed to add the key' : 'the key was not removed';
      throw new ModuleFailure(
        `apt-key did not return an error, but ${problem} (check that the id is correct and *not* a subkey)`,
        { ...result, after },
      );
    }
    return { changed: true, ...result, after } satisfies ResultObject;
  },
});

const keyringWords = ({ keyring }: Arguments): Script =>
  keyring === undefined ? sh`` : sh`--keyring ${expandedWord(keyring)}`;

/** Prints the keys of the keyring, and how that went. A keyring that is yet to be made has none. */
const listScript = (args: Arguments): Script => {
  const list = sh`apt-key ${keyringWords(args)} adv --list-public-keys --keyid-format=long 2>/dev/null`;
  const { keyring } = args;
  return sh`${keyring === undefined ? list : sh`[ ! -e ${expandedWord(keyring)} ] || ${list}`}; printf '\\0%d\\0' $?`;
};

const readKeys = (reader: ReplyReader, isShort: boolean): string[] => {
  const listing = reader.field();
  const code = Number(reader.field());
  if (code !== 0) throw new ModuleFailure('Unable to list public keys', { rc: code, stdout: listing });
  const keys = parseKeyIds(listing);
  return isShort ? keys.map((key) => key.slice(-8)) : keys;
};

const addScript = (args: Arguments, data: Buffer | undefined, id: string): Script => {
  const { keyring } = args;
  // gpg adds to a keyring, and makes none.
  const make = keyring === undefined ? sh`` : sh`[ -e ${expandedWord(keyring)} ] || : >${expandedWord(keyring)}; `;
  const apt = sh`apt-key ${keyringWords(args)}`;
  if (args.file) return sh`${make}${apt} add ${expandedWord(args.file)}`;
  if (data) return sh`${make}${emit(data)} | ${apt} add -`;
  if (!args.keyserver) throw new ModuleFailure('No key to add: data, file, keyserver or url is needed');
  return sh`${make}m_proxy=\${HTTPS_PROXY:-\${https_proxy:-\${HTTP_PROXY:-$http_proxy}}}
for m_try in 1 2 3 4 5; do
  ${apt} adv --no-tty --keyserver ${args.keyserver} \${m_proxy:+--keyserver-options "http-proxy=$m_proxy"} --recv ${id} && break
done`;
};

const removeScript = (args: Arguments, id: string): Script => sh`apt-key ${keyringWords(args)} del ${id}`;

/** Runs a change and gives the keys that are there afterwards, in one round trip. */
const change = async (script: Script, args: Arguments, isShort: boolean, context: ModuleContext): Promise<string[]> => {
  const reader = await runScript(
    context.target,
    sh`${aptEnvironment}
m_said=$({ ${script}\n} 2>&1); m_rc=$?
printf '%s\\0%s\\0' "$m_rc" "$m_said"
${listScript(args)}`,
  );
  const rc = Number(reader.field());
  const said = reader.field();
  if (rc !== 0) {
    const what = args.state === 'absent' ? `Unable to remove a key with id ${args.id}` : addFailure(args);
    throw new ModuleFailure(what, { cmd: shownCommand(script), rc, ...outputValues('', said) });
  }
  return readKeys(reader, isShort);
};

/** The command of a change, without where its input comes from. */
const shownCommand = ({ text }: Script): string =>
  /apt-key .*?(?=$|\n| && break)/.exec(text)?.[0].replace(/ +/g, ' ') ?? 'apt-key';

const addFailure = ({ file, keyserver, id }: Arguments): string => {
  if (file) return `Unable to add a key from file ${file}`;
  return keyserver ? `Error fetching key ${id} from keyserver: ${keyserver}` : 'Unable to add a key from binary data';
};

const download = async (url: string, args: Arguments, { target }: ModuleContext): Promise<Buffer> => {
  const info = await fetchInfo(simpleRequest(url, { validateCerts: args.validate_certs, timeout: 10 }), target);
  if (info.status !== 200 || !info.reply) throw new ModuleFailure(`Failed to download key at ${url}: ${info.msg}`);
  return info.reply.body;
};
