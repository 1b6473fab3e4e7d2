import { readFileSync } from 'node:fs';
import { type MusterError, type Origin, type Problem, SourceError } from '../../errors/index.ts';
import { jsonMistake, type Value } from '../../values/index.ts';
import { Builder, type BuildOptions } from './builder.ts';
import { Composer } from './composer.ts';
import { hintFor } from './hints.ts';
import { isJson, readJson } from './json.ts';
import { readPlainBlocks } from './plain-blocks.ts';
import { SourceText } from './source-text.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

export type LoadYamlOptions = BuildOptions;

/** What the loaders need of the vault. */
export interface Decrypter {
  decryptText(ciphertext: string, origin?: Origin): string;
  decryptFile(bytes: Buffer, path: string): Buffer;
  /** Told of each source file that is read, as it lies on the disk. */
  noteRead?(path: string, bytes: Buffer): void;
}

export interface LoadFileOptions extends Omit<BuildOptions, 'decrypt'> {
  readonly vault?: Decrypter | undefined;
}

/**
 * The value of a source text with at most one YAML (or JSON) document, null when there is none. Text that needs rendering
 * becomes a Template; `originOf` tells where each entry stands. Throws a SourceError for a mistake in the syntax.
 */
export const loadYaml = (text: string, file: string, options: LoadYamlOptions = {}): Value => {
  const source = new SourceText(withoutMark(text), file);
  return asProblems(source, () => {
    if (isJson(source.text)) return readJson(source, options);
    const plain = readPlainBlocks(source, new Builder(source, options));
    if (plain) return plain.value;
    const [first, second] = new Composer(source, options).documents();
    if (second !== undefined) {
      throw new SyntaxMistake('expected a single document in the file, but found another one', second.start);
    }
    return first?.value ?? null;
  });
};

/** The values of all documents of a text. */
export const loadYamlDocuments = (text: string, file: string, options: LoadYamlOptions = {}): Value[] => {
  const source = new SourceText(withoutMark(text), file);
  return asProblems(source, () => Array.from(new Composer(source, options).documents(), ({ value }) => value));
};

/** The value of a YAML or JSON file, which may be encrypted as a whole. */
export const loadYamlFile = (file: string, { vault, ...options }: LoadFileOptions = {}): Value =>
  loadYaml(readSource(file, vault), file, {
    ...options,
    decrypt: vault && ((ciphertext, origin) => vault.decryptText(ciphertext, origin)),
  });

/** The text of a source file, decrypted when it is a vault file. */
export const readSource = (file: string, vault?: Decrypter): string => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new SourceError({ message: `cannot read ${file}: ${reasonOf(error)}` });
  }
  vault?.noteRead?.(file, bytes);
  if (bytes.subarray(0, vaultMark.length).toString('latin1') === vaultMark) {
    if (vault === undefined) {
      throw new SourceError({
        message: `${file} is encrypted, but no vault password was given`,
        hint: 'give one with --vault-password-file, --vault-id or --ask-vault-pass',
      });
    }
    bytes = vault.decryptFile(bytes, file);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SourceError({ message: `${file} is not UTF-8 text`, origin: placeOfBadByte(bytes, file) });
  }
};

const vaultMark = '$ANSIBLE_VAULT';

/** What the system said, in words. */
export const reasonOf = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'EISDIR') return 'it is a directory';
  return error instanceof Error ? error.message : String(error);
};

const placeOfBadByte = (bytes: Buffer, file: string): Origin => {
  const text = bytes.toString('utf8');
  return new SourceText(text, file).originAt(Math.max(0, text.indexOf('\ufffd')));
};

const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

const asProblems = <T>(source: SourceText, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (error instanceof SyntaxMistake) throw toSourceError(source, error);
    throw error;
  }
};

const toSourceError = (source: SourceText, mistake: SyntaxMistake): MusterError => {
  const origin = source.originAt(mistake.index);
  if (source.file.endsWith('.json')) {
    const message = `neither JSON nor YAML. JSON: ${jsonMistake(source.text)}. YAML: ${mistake.message}`;
    return new SourceError({ message, origin });
  }
  const lines = source.text.split(/\r\n|\n|\r/, origin.line);
  const problem: Problem = {
    message: `YAML syntax: ${mistake.message}`,
    origin,
    hint: hintFor(mistake.message, lines[origin.line - 1] ?? '', lines[origin.line - 2] ?? '', origin.column),
  };
  return new SourceError(problem);
};
