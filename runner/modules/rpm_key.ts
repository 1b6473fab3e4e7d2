import { emit, lines, quote, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ArgumentSpecs, ArgumentsOf } from './arguments.ts';
import { defineModule, type ModuleContext } from './define.ts';
import { mustGo } from './shared/answers.ts';
import { ask, missingCommand, went } from './shared/ask.ts';
import { expandedWord } from './shared/commands/expand.ts';
import { fetchInfo, simpleRequest } from './shared/http/index.ts';

const specs = {
  key: { type: 'str', required: true, doc: 'The key: a URL, a file on the host, or for absent its id.' },
  fingerprint: { type: 'str', doc: 'The fingerprint that the key must have.' },
  validate_certs: { type: 'bool', default: true, doc: 'Whether certificates are checked.' },
  state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'Whether it is there.' },
} as const satisfies ArgumentSpecs;

interface State {
  /** The id, in capitals. */
  readonly id: string;
  readonly isThere: boolean;
  readonly fingerprint: string | undefined;
  /** The key itself, where it was downloaded. */
  readonly content: Buffer | undefined;
  /** There is a file or a download to import. */
  readonly hasKey: boolean;
}

export default defineModule({
  name: 'ansible.builtin.rpm_key',
  summary: 'Adds keys to those that rpm trusts, and removes them.',
  args: specs,
  returns: {},
  notes: ['It needs rpm and gpg on the host, as in Ansible', 'Compared with Ansible on hosts that have rpm 4.18'],
  supports: { check: 'full', diff: false },

  async probe(args, context): Promise<State> {
    const isUrl = args.key.includes('://');
    const isId = !isUrl && /^(?:0x)?[0-9a-f]{8}/i.test(args.key);
    const content = isUrl ? await download(args, context) : undefined;
    const gpg = sh`"$m_gpg" --no-tty --batch --with-colons --fixed-list-mode`;
    const source = content ? sh`${emit(content)}` : sh`cat -- ${expandedWord(args.key)}`;
    const answers = await ask(
      context,
      {
        rpm: sh`command -v rpm`,
        gpg: sh`[ -n "$m_gpg" ]`,
        file: !isUrl && !isId && sh`[ -f ${expandedWord(args.key)} ]`,
        key:
          !isId &&
          sh`m_key=$(mktemp) || exit
${source} >"$m_key" && ${gpg} --with-fingerprint --show-keys "$m_key"; m_rc=$?
rm -f "$m_key"; exit $m_rc`,
        known: sh`rpm -q gpg-pubkey >/dev/null || exit 0
rpm -q gpg-pubkey --qf '%{description}' | ${gpg} --show-keys -`,
      },
      { before: sh`m_gpg=$(command -v gpg || command -v gpg2)` },
    );
    for (const name of ['rpm', 'gpg'] as const) if (!went(answers[name])) throw missingCommand(name);
    if (answers.file && !went(answers.file)) throw new ModuleFailure(`Not a valid key ${args.key}`);
    mustGo(answers.key, undefined, `gpg --with-fingerprint --show-keys ${quote(args.key)}`);
    mustGo(answers.known, undefined, 'rpm -q gpg-pubkey | gpg --show-keys -');
    const described = (answers.key?.stdout ?? '').split('\n').map((line) => line.split(':'));
    const found = isId ? args.key : described.find(([kind]) => kind === 'pub')?.[4];
    if (found === undefined) throw new ModuleFailure('Unexpected gpg output');
    const id = found.trim().toUpperCase().replace(/^0X/, '');
    const known = answers.known!.stdout.split('\n').map((line) => line.split(':')[4] ?? '');
    return {
      id,
      isThere: known.some((own) => own.includes(id)),
      fingerprint: described.find(([kind]) => kind === 'fpr')?.[9],
      content,
      hasKey: !isId,
    };
  },

  diff({ isThere, fingerprint, hasKey }, args) {
    if (args.state === 'absent') return { changed: isThere };
    if (isThere) return { changed: false };
    if (!hasKey) throw new ModuleFailure('When importing a key, a valid file must be given');
    const wanted = args.fingerprint?.replaceAll(' ', '').toUpperCase();
    if (wanted && wanted !== fingerprint) {
      throw new ModuleFailure(
        `The specified fingerprint, '${wanted}', does not match the key fingerprint '${fingerprint ?? ''}'`,
      );
    }
    return { changed: true };
  },

  async apply(_plan, args, context, { id, content }) {
    const command =
      args.state === 'absent'
        ? sh`rpm --erase --allmatches ${`gpg-pubkey-${id.slice(-8).toLowerCase()}`}`
        : content
          ? lines(
              sh`m_key=$(mktemp) || exit`,
              sh`${emit(content)} >"$m_key" && rpm --import "$m_key"; m_rc=$?`,
              sh`rm -f "$m_key"; exit $m_rc`,
            )
          : sh`rpm --import ${expandedWord(args.key)}`;
    const { done } = await ask(context, { done: command });
    mustGo(done, undefined, args.state === 'absent' ? undefined : `rpm --import ${quote(args.key)}`);
  },
});

const download = async (args: ArgumentsOf<typeof specs>, { target }: ModuleContext): Promise<Buffer> => {
  const info = await fetchInfo(simpleRequest(args.key, { timeout: 10, validateCerts: args.validate_certs }), target);
  if (info.status !== 200 || !info.reply) {
    throw new ModuleFailure(`failed to fetch key at ${args.key} , error was: ${info.msg}`);
  }
  if (!info.reply.body.includes('BEGIN PGP PUBLIC KEY BLOCK')) throw new ModuleFailure(`Not a public key: ${args.key}`);
  return info.reply.body;
};
