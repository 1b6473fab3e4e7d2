import { MusterError } from '../../errors/index.ts';
import { PyBytes, typeName, type Value, VaultText } from '../../values/index.ts';
import { isVault, VaultSecrets } from '../../vault/index.ts';
import { defineFilter, type Filter } from '../define.ts';
import { truth, typeError } from '../python/index.ts';
import { filterError, isText, text } from './support.ts';

const bytesOf = (value: Value, refusal: string): Buffer => {
  if (value instanceof PyBytes) return value.bytes;
  if (!isText(value)) throw typeError(`${refusal}, instead we got: <class '${typeName(value)}'>`);
  return Buffer.from(text(value));
};

const withSecret = <Made>(secret: Value, id: Value, failure: string, work: (vault: VaultSecrets) => Made): Made => {
  const password = bytesOf(secret, 'Secret passed is required to be a string');
  try {
    return work(new VaultSecrets({ identities: [{ id: text(id), password }] }));
  } catch (error) {
    if (error instanceof MusterError) throw filterError(`${failure}: ${error.message}`, error);
    throw error;
  }
};

/** Ansible's filters that encrypt and decrypt with a password of their own. */
export const vault: readonly Filter[] = [
  defineFilter(
    'vault',
    'data, secret, salt=None, vaultid="filter_default", wrap_object=False',
    (_, value, secret, salt, id, wraps) => {
      const plain = bytesOf(value, 'Can only vault strings');
      const options = salt === null ? {} : { salt: Buffer.from(text(salt)) };
      const encrypted = withSecret(secret, id, 'Unable to encrypt', (secrets) => secrets.encrypt(plain, options));
      return truth(wraps) ? new VaultText(encrypted, () => plain.toString('utf8')) : encrypted;
    },
  ),
  defineFilter('unvault', 'vault, secret, vaultid="filter_default"', (_, value: Value, secret: Value, id: Value) => {
    const ciphertext =
      value instanceof VaultText
        ? value.ciphertext
        : bytesOf(value, 'Vault should be in the form of a string').toString();
    return withSecret(secret, id, 'Unable to decrypt', (secrets) =>
      isVault(ciphertext) ? secrets.decrypt(ciphertext).plain.toString('utf8') : ciphertext,
    );
  }),
];
