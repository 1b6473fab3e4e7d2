import { VaultFormatError } from './aes256.ts';

const marker = '$ANSIBLE_VAULT';
const lineLength = 80;

/** Vault text taken apart: the header's fields and the hexadecimal digits below, in one piece. */
export interface Envelope {
  readonly version: string;
  readonly cipher: string;
  /** The vault id's label; only version 1.2 has one. */
  readonly id: string | undefined;
  readonly hex: string;
}

/** Whether data begins as everything does that Ansible Vault has encrypted. */
export const isVault = (data: Buffer | string): boolean =>
  typeof data === 'string'
    ? data.startsWith(marker)
    : data.length >= marker.length && data.toString('latin1', 0, marker.length) === marker;

/** Takes vault text apart. Throws VaultFormatError when its header is not one. */
export const readEnvelope = (text: string): Envelope => {
  const [header = '', ...lines] = text.split(/\r\n|\r|\n/);
  const [, version, cipher, id] = header.trim().split(';');
  if (!isVault(text) || version === undefined || cipher === undefined) {
    throw new VaultFormatError({
      message: 'the vault header is not valid',
      expected: `a first line like ${marker};1.1;AES256 or ${marker};1.2;AES256;label`,
    });
  }
  return {
    version: version.trim(),
    cipher: cipher.trim(),
    id: id?.trim(),
    hex: lines.map((line) => line.trim()).join(''),
  };
};

/** Vault text as it stands in files: the header and lines of 80 digits. A label other than `default` is written down. */
export const writeEnvelope = (hex: string, id?: string): string => {
  const header = id && id !== 'default' ? `${marker};1.2;AES256;${id}` : `${marker};1.1;AES256`;
  const lines = hex.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return `${[header, ...lines].join('\n')}\n`;
};

/** Vault text as a YAML value: `name: !vault |` and the text below, indented. */
export const formatForYaml = (vaultText: string, name?: string): string => {
  const lines = vaultText.trimEnd().split('\n');
  return [`${name ? `${name}: ` : ''}!vault |`, ...lines.map((line) => `${' '.repeat(10)}${line}`)].join('\n');
};
