import { readFileSync } from 'node:fs';
import { SourceError } from '../../errors/index.ts';
import type { Decrypter } from '../../playbook/yaml/index.ts';
import { reasonOf } from '../../playbook/yaml/load.ts';

/** The text of an INI inventory, decrypted. Comments may be in any encoding, as in Ansible; everything else is UTF-8. */
export const readIniText = (file: string, vault: Decrypter | undefined): string => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new SourceError(`cannot read ${file}: ${reasonOf(error)}`);
  }
  vault?.noteRead?.(file, bytes);
  if (bytes.subarray(0, 14).toString('latin1') === '$ANSIBLE_VAULT' && vault) bytes = vault.decryptFile(bytes, file);
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  const lines = bytes.toString('latin1').split('\n');
  return lines.map((line, index) => (/^[#;]/.test(line) ? '' : decodeLine(line, file, index + 1))).join('\n');
};

const decodeLine = (line: string, file: string, number: number): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(line, 'latin1'));
  } catch {
    throw new SourceError({ message: `${file} is not UTF-8 text`, origin: { file, line: number, column: 1 } });
  }
};
