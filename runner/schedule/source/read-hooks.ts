import type { Problem } from '../../errors/index.ts';
import { originOf } from '../../playbook/yaml/index.ts';
import { type Dict, type Value, VaultText } from '../../values/index.ts';
import type { CommandDefinition, Hook, MailServer, Requirement, SecretText } from '../types.ts';
import { durationOf, listOf } from './values.ts';

const hookTimeout = 30_000;
const requirementTimeout = 60_000;
const checkTimeout = 600_000;

const secretOf = (value: Value): SecretText => (value instanceof VaultText ? value : listOf(value)[0]!);

const commandOf = (value: Value): CommandDefinition => (Array.isArray(value) ? listOf(value) : listOf(value)[0]!);

/** The one of several keys that an entry has; undefined, and a problem, when it has none or several. */
const onlyOne = <Key extends string>(entry: Dict, keys: readonly Key[], problems: Problem[]): Key | undefined => {
  const found = keys.filter((key) => entry.has(key));
  if (found.length === 1) return found[0];
  problems.push({
    message:
      found.length === 0 ? `one of ${keys.join(', ')} is missing` : `${found.join(' and ')} cannot stand together`,
    origin: originOf(entry),
    expected: `one of ${keys.join(', ')}`,
  });
  return undefined;
};

/** Keys that say nothing beside the one that an entry is about. */
const refuseOthers = (entry: Dict, about: string, allowed: readonly string[], problems: Problem[]): void => {
  for (const key of entry.keys()) {
    if (key === about || allowed.includes(String(key))) continue;
    problems.push({ message: `'${String(key)}' says nothing about a ${about}`, origin: originOf(entry, key) });
  }
};

/** What follows a run. */
export const readHooks = (value: Value | undefined, hasMail: boolean, problems: Problem[]): Hook[] =>
  ((value ?? []) as Dict[]).flatMap((entry): Hook[] => {
    const kind = onlyOne(entry, ['command', 'webhook', 'mail'], problems);
    if (kind === undefined) return [];
    const about = entry.get(kind)!;
    const timeout = durationOf(entry.get('timeout')) ?? hookTimeout;
    if (kind === 'command') {
      refuseOthers(entry, kind, ['timeout'], problems);
      return [{ kind, command: commandOf(about), timeout }];
    }
    if (kind === 'webhook') {
      refuseOthers(entry, kind, ['timeout', 'method', 'headers'], problems);
      const url = secretOf(about);
      if (typeof url === 'string' && !/^https?:\/\/\S+$/.test(url)) {
        problems.push({
          message: 'this is no address of a webhook',
          origin: originOf(entry, kind),
          expected: 'an address that begins with https:// or http://',
        });
      }
      const headers = new Map(
        [...((entry.get('headers') as Dict) ?? [])].map(([key, one]) => [String(key), secretOf(one)]),
      );
      return [{ kind, url, method: listOf(entry.get('method'))[0] ?? 'POST', headers, timeout }];
    }
    refuseOthers(entry, kind, ['subject'], problems);
    if (!hasMail) {
      problems.push({
        message: 'there is no mail server to send this by',
        origin: originOf(entry, kind),
        expected: "'mail' beside 'schedules', with host and from",
      });
    }
    return [{ kind, to: listOf(about), subject: listOf(entry.get('subject'))[0] }];
  });

/** What must hold before a run. */
export const readRequirements = (value: Value | undefined, problems: Problem[]): Requirement[] =>
  ((value ?? []) as Dict[]).flatMap((entry): Requirement[] => {
    const kind = onlyOne(entry, ['schedule', 'command', 'playbook'], problems);
    if (kind === undefined) return [];
    const about = entry.get(kind)!;
    const timeout = durationOf(entry.get('timeout'));
    if (kind === 'schedule') {
      refuseOthers(entry, kind, ['within'], problems);
      return [{ kind, name: listOf(about)[0]!, within: durationOf(entry.get('within')) }];
    }
    refuseOthers(entry, kind, ['timeout'], problems);
    return kind === 'command'
      ? [{ kind, command: commandOf(about), timeout: timeout ?? requirementTimeout }]
      : [{ kind, playbook: listOf(about)[0]!, timeout: timeout ?? checkTimeout }];
  });

/** The server that mails go through; its port is that of its protocol unless told. */
export const readMailServer = (entry: Dict): MailServer => {
  const secure = entry.get('secure') === true;
  const password = entry.get('password');
  return {
    host: listOf(entry.get('host'))[0]!,
    port: Number(entry.get('port') ?? (secure ? 465 : 25)),
    secure,
    user: listOf(entry.get('user'))[0],
    password: password === undefined ? undefined : secretOf(password),
    from: listOf(entry.get('from'))[0]!,
  };
};
