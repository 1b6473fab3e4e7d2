import { settings } from '../setting.ts';

/** Passwords of encrypted files and values. */
export const vaultSettings = settings({
  vaultPasswordFile: {
    name: 'DEFAULT_VAULT_PASSWORD_FILE',
    type: 'path',
    default: null,
    env: ['ANSIBLE_VAULT_PASSWORD_FILE'],
    ini: ['defaults.vault_password_file'],
    doc: 'A file with the vault password, or a script that prints it.',
  },
  vaultIdentity: {
    name: 'DEFAULT_VAULT_IDENTITY',
    type: 'str',
    default: 'default',
    env: ['ANSIBLE_VAULT_IDENTITY'],
    ini: ['defaults.vault_identity'],
    doc: 'The label of a vault password that was given without one.',
  },
  vaultIdentityList: {
    name: 'DEFAULT_VAULT_IDENTITY_LIST',
    type: 'list',
    default: [],
    env: ['ANSIBLE_VAULT_IDENTITY_LIST'],
    ini: ['defaults.vault_identity_list'],
    doc: 'Vault ids that are always given, as with --vault-id.',
  },
  vaultEncryptIdentity: {
    name: 'DEFAULT_VAULT_ENCRYPT_IDENTITY',
    type: 'str',
    default: null,
    env: ['ANSIBLE_VAULT_ENCRYPT_IDENTITY'],
    ini: ['defaults.vault_encrypt_identity'],
    doc: 'The label of the password to encrypt with.',
  },
  vaultIdMatch: {
    name: 'DEFAULT_VAULT_ID_MATCH',
    type: 'bool',
    default: false,
    env: ['ANSIBLE_VAULT_ID_MATCH'],
    ini: ['defaults.vault_id_match'],
    doc: 'Try only the password whose label is that of the encrypted data.',
  },
  askVaultPass: {
    name: 'DEFAULT_ASK_VAULT_PASS',
    type: 'bool',
    default: false,
    env: ['ANSIBLE_ASK_VAULT_PASS'],
    ini: ['defaults.ask_vault_pass'],
    doc: 'Ask for the vault password.',
  },
});
