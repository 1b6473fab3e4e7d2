import { MusterError, type Origin, type Problem } from '../errors/index.ts';
import type { Secrets } from '../events/secrets.ts';
import { decryptAes256, encryptAes256, readAes256, VaultFormatError } from './aes256.ts';
import { isVault, readEnvelope, writeEnvelope } from './envelope.ts';

/** A password and the label that it was given with. */
export interface VaultIdentity {
  readonly id: string;
  readonly password: Buffer;
}

export interface VaultOptions {
  readonly identities?: readonly VaultIdentity[];
  /** Try only the passwords whose label is that of the data (DEFAULT_VAULT_ID_MATCH). */
  readonly matchIds?: boolean;
  /** The label of data that has none (DEFAULT_VAULT_IDENTITY). */
  readonly defaultId?: string;
  /** Where what was decrypted is remembered, so that it is never shown. */
  readonly secrets?: Secrets | undefined;
  /** Told of each source file that is read, as it lies on the disk. */
  readonly noteRead?: ((path: string, bytes: Buffer) => void) | undefined;
}

interface Place {
  readonly origin?: Origin | undefined;
  readonly file?: string | undefined;
}

/** What was decrypted, with the password that fitted. */
export interface Decrypted {
  readonly plain: Buffer;
  readonly identity: VaultIdentity;
  /** The label in the data itself. */
  readonly label: string | undefined;
}

/** The vault passwords of a run: decrypts and encrypts with them. */
export class VaultSecrets {
  readonly identities: readonly VaultIdentity[];
  readonly #options: VaultOptions;
  // Deriving a key takes milliseconds, and the same value is often read many times.
  readonly #known = new Map<string, Decrypted>();

  constructor(options: VaultOptions = {}) {
    this.identities = options.identities ?? [];
    this.#options = options;
    for (const { password } of this.identities) options.secrets?.add(password.toString('utf8'));
  }

  /** A source file was read. */
  noteRead(path: string, bytes: Buffer): void {
    this.#options.noteRead?.(path, bytes);
  }

  /** Decrypts the text of an inline `!vault` value. Throws MusterError that names the place. */
  decryptText(ciphertext: string, origin?: Origin): string {
    const { plain } = this.decrypt(ciphertext.trim(), { origin });
    const text = plain.toString('utf8');
    this.#options.secrets?.add(text);
    return text;
  }

  /** A file's bytes: decrypted when it is a vault file, otherwise as they are. */
  decryptFile(bytes: Buffer, path: string): Buffer {
    if (!isVault(bytes)) return bytes;
    const { plain } = this.decrypt(bytes.toString('latin1'), { file: path });
    this.#options.secrets?.addFile(plain.toString('utf8'));
    return plain;
  }

  /** Decrypts vault text with the first password that fits. Does not remember the result as a secret. */
  decrypt(vaultText: string, place: Place = {}): Decrypted {
    const known = this.#known.get(vaultText);
    if (known) return known;
    if (!isVault(vaultText)) throw failure(place, 'input is not vault encrypted data');
    const decrypted = located(place, () => this.#decrypt(vaultText, place));
    this.#known.set(vaultText, decrypted);
    return decrypted;
  }

  /** Encrypts bytes to vault text with the password of that label, or with the first one. */
  encrypt(plain: Buffer, options: { id?: string; salt?: Buffer } = {}): string {
    const identity = this.identityFor(options.id);
    return this.encryptAs(plain, identity, identity.id, options.salt);
  }

  /** Encrypts bytes with one password and writes a label that may be another one's. */
  encryptAs(plain: Buffer, identity: VaultIdentity, label: string, salt?: Buffer): string {
    if (isVault(plain)) throw new MusterError('input is already encrypted');
    return writeEnvelope(encryptAes256(plain, identity.password, salt), label);
  }

  /** The password to encrypt with: that of a label, or the first. */
  identityFor(id?: string): VaultIdentity {
    const identity = id === undefined ? this.identities[0] : this.identities.find((one) => one.id === id);
    if (identity) return identity;
    throw new MusterError(
      id === undefined
        ? { message: 'a vault password is needed to encrypt', hint: passwordHint }
        : {
            message: `no vault password with the id '${id}' was given`,
            expected: `one of ${this.identities.map((one) => one.id).join(', ') || '(none was given)'}`,
            hint: `give it with --vault-id ${id}@FILE or --vault-id ${id}@prompt`,
          },
    );
  }

  #decrypt(vaultText: string, place: Place): Decrypted {
    const envelope = readEnvelope(vaultText);
    if (envelope.cipher !== 'AES256') {
      throw new VaultFormatError({ message: `${envelope.cipher} cipher could not be found`, expected: 'AES256' });
    }
    if (this.identities.length === 0) {
      throw failure(place, 'Attempting to decrypt but no vault secrets found', passwordHint);
    }
    const data = readAes256(envelope.hex);
    const label = envelope.id ?? this.#options.defaultId ?? 'default';
    const matching = this.identities.filter(({ id }) => id === label);
    const others = this.#options.matchIds ? [] : this.identities.filter(({ id }) => id !== label);
    for (const identity of [...matching, ...others]) {
      const plain = decryptAes256(data, identity.password);
      if (plain) return { plain, identity, label: envelope.id };
    }
    throw failure(
      place,
      'Decryption failed (no vault secrets were found that could decrypt)',
      matching.length === 0 && this.#options.matchIds
        ? `the data has the vault id '${label}', and DEFAULT_VAULT_ID_MATCH allows no other one's password`
        : `tried the passwords of: ${[...matching, ...others].map(({ id }) => id).join(', ')}`,
    );
  }
}

const passwordHint = 'give the password with --ask-vault-pass, --vault-password-file FILE or --vault-id LABEL@FILE';

const failure = (place: Place, message: string, hint?: string): MusterError =>
  new MusterError({ message: place.file ? `${message} on ${place.file}` : message, origin: place.origin, hint });

// Damage in the data is reported where the data stands.
const located = <T>(place: Place, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof VaultFormatError)) throw error;
    const origin = place.origin ?? (place.file ? { file: place.file, line: 1, column: 1 } : undefined);
    throw new MusterError(error.problems.map((problem): Problem => ({ ...problem, origin })));
  }
};
