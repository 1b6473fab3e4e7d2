import { MusterError } from '../errors/index.ts';
import { readPasswordFile } from './password-files.ts';
import { type VaultIdentity, type VaultOptions, VaultSecrets } from './vault-secrets.ts';

/** Asks the user at the terminal; hidden input unless told. */
export type Ask = (prompt: string) => Promise<string>;

export interface PasswordSources extends Omit<VaultOptions, 'identities'> {
  /** `--vault-id`s, those of the configuration in front: `label@source` or `source`. */
  readonly vaultIds?: readonly string[];
  /** `--vault-password-file`s, that of the configuration last. */
  readonly passwordFiles?: readonly string[];
  /** --ask-vault-pass. */
  readonly askPassword?: boolean;
  /** Ask even when nobody said how to get a password: what the vault commands do. */
  readonly alwaysAsk?: boolean;
  /** The password is a new one: it is asked for twice. */
  readonly isNew?: boolean;
  readonly ask: Ask;
  readonly warn: (message: string) => void;
}

// The source that --ask-vault-pass stands for: asks as ever, without naming a label.
const plainPrompt = 'prompt_ask_vault_pass';

/** Gets all passwords: reads files, runs scripts, asks. What cannot be had is a warning while anything else can. */
export const loadVaultSecrets = async (sources: PasswordSources): Promise<VaultSecrets> => {
  const defaultId = sources.defaultId ?? 'default';
  const slugs = [...(sources.vaultIds ?? []), ...(sources.passwordFiles ?? []).map((file) => `${defaultId}@${file}`)];
  if (sources.askPassword || (slugs.length === 0 && sources.alwaysAsk)) slugs.push(`${defaultId}@${plainPrompt}`);

  const identities: VaultIdentity[] = [];
  let failure: unknown;
  for (const slug of slugs) {
    const { label, source } = splitVaultId(slug);
    const id = label || defaultId;
    if (source === 'prompt' || source === plainPrompt) {
      identities.push({ id, password: await askPassword(id, source === plainPrompt, sources) });
      continue;
    }
    try {
      // A password file may itself be encrypted with a password that came before.
      const earlier = new VaultSecrets({ ...sources, identities });
      identities.push({ id, password: readPasswordFile(source, label, earlier) });
    } catch (error) {
      if (!(error instanceof MusterError)) throw error;
      sources.warn(`vault password file (${label ?? defaultId}): ${error.message}`);
      failure = error;
    }
  }
  if (failure !== undefined && identities.length === 0) throw failure;
  return new VaultSecrets({ ...sources, identities });
};

/** `label@source` taken apart; text without an @ is a source. */
export const splitVaultId = (slug: string): { label: string | undefined; source: string } => {
  const at = slug.indexOf('@');
  return at === -1 ? { label: undefined, source: slug } : { label: slug.slice(0, at), source: slug.slice(at + 1) };
};

// The prompts are those of ansible-vault, which programs that type passwords wait for.
const askPassword = async (id: string, isPlain: boolean, { ask, isNew }: PasswordSources): Promise<Buffer> => {
  const suffix = isPlain ? ': ' : ` (${id}): `;
  const name = isPlain ? 'Vault password' : 'vault password';
  const prompts = isNew
    ? [`New ${name}${suffix}`, `Confirm ${isPlain ? 'New' : 'new'} ${name}${suffix}`]
    : [`Vault password${suffix}`];
  const answers: string[] = [];
  for (const prompt of prompts) {
    const answer = await ask(prompt);
    if (answer === '') throw new MusterError('Invalid vault password was provided: it is empty');
    answers.push(answer.replace(/^[ \t\n\r\v\f]+|[ \t\n\r\v\f]+$/g, ''));
  }
  if (answers.some((answer) => answer !== answers[0])) throw new MusterError('Passwords do not match');
  return Buffer.from(answers[0]!, 'utf8');
};
