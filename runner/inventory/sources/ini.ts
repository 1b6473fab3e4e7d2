import { MusterError, type Origin, SourceError } from '../../errors/index.ts';
import type { Value } from '../../values/index.ts';
import { expandHostPattern } from '../address.ts';
import { isReadableFile } from '../files.ts';
import { safeGroupName } from '../group-names.ts';
import { splitHostLine } from '../host-line.ts';
import { readPythonLiteral } from '../python-literal.ts';
import { asTemplates } from '../template-values.ts';
import { readIniText } from './ini-text.ts';
import type { SourceContext, SourceKind } from './source.ts';

const header = /^\[([^:\]\s]+)(?::([\p{L}\p{N}_]+))?\]\s*(?:#.*)?$/u;
const groupName = /^([^:\]\s]+)\s*(?:#.*)?$/;

/** A group that was used before it was declared. */
interface Pending {
  readonly line: number;
  readonly kind: 'vars' | 'children';
  readonly parents: string[];
}

/** Inventory in the INI form: `[group]`, `[group:children]`, `[group:vars]`. */
export const iniSource: SourceKind = {
  name: 'ini',
  accepts: isReadableFile,
  read: (source, context) => new IniReader(source, context).read(readIniText(source, context.vault)),
};

class IniReader {
  readonly #file: string;
  readonly #context: SourceContext;
  readonly #pending = new Map<string, Pending>();
  #line = 0;

  constructor(file: string, context: SourceContext) {
    this.#file = file;
    this.#context = context;
  }

  read(text: string): void {
    const { inventory, warn } = this.#context;
    let group = 'ungrouped';
    let kind = 'hosts';
    for (const raw of text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/)) {
      this.#line++;
      const line = raw.trim();
      if (line === '' || line[0] === '#' || line[0] === ';') continue;
      const section = line[0] === '[' ? header.exec(line) : null;
      if (section) {
        group = safeGroupName(section[1]!, inventory.options.transformGroupNames, warn);
        kind = section[2] ?? 'hosts';
        this.#openSection(group, kind, section[2] === undefined ? group : `${group}:${kind}`);
      } else if (line[0] === '[' && line.endsWith(']')) {
        throw this.#mistake(
          `Invalid section entry: '${line}'`,
          1,
          'a group name without blanks and colons, as in [web], [web:vars] or [web:children]',
        );
      } else if (kind === 'hosts') this.#readHosts(line, raw, group);
      else if (kind === 'vars') this.#readVariable(line, raw, group);
      else this.#readChild(line, raw, group);
    }
    this.#checkPending();
  }

  #openSection(group: string, kind: string, title: string): void {
    if (kind !== 'hosts' && kind !== 'vars' && kind !== 'children') {
      throw this.#mistake(
        `Section [${title}] has unknown type: ${kind}`,
        1,
        '[group], [group:vars] or [group:children]',
      );
    }
    const { inventory } = this.#context;
    if (!inventory.groups.has(group)) {
      if (kind === 'vars' && !this.#pending.has(group)) {
        this.#pending.set(group, { line: this.#line, kind, parents: [] });
      }
      inventory.addGroup(group);
    }
    const pending = this.#pending.get(group);
    if (!pending || kind === 'vars') return;
    if (pending.kind === 'children') this.#adopt(group);
    else this.#pending.delete(group);
  }

  // Puts a group into those that named it as a child before it was declared.
  #adopt(group: string): void {
    for (const parent of this.#pending.get(group)!.parents) {
      this.#context.inventory.addChildGroup(parent, group);
      if (this.#pending.get(parent)?.kind === 'children') this.#adopt(parent);
    }
    this.#pending.delete(group);
  }

  #readHosts(line: string, raw: string, group: string): void {
    const { inventory } = this.#context;
    const indent = raw.indexOf(line);
    const [name, ...assignments] = this.#at(1, `Error parsing host definition '${line}'`, () => splitHostLine(line));
    if (!name) throw this.#mistake(`there is no host name in: ${line}`, 1);
    const { hosts, port } = this.#at(indent + 1, '', () => this.#expand(name.text));
    const variables: [string, Value, Origin][] = [];
    for (const { text, at } of assignments) {
      const equals = text.indexOf('=');
      if (equals === -1) {
        throw this.#mistake(
          `Expected key=value host variable assignment, got: ${text}`,
          indent + at + 1,
          undefined,
          'there is one host a line; quote values with blanks',
        );
      }
      const origin = this.#origin(indent + at + equals + 2);
      variables.push([text.slice(0, equals), readValue(text.slice(equals + 1), origin), origin]);
    }
    for (const hostName of hosts) {
      const host = inventory.addHost(hostName, group, port);
      for (const [key, value, place] of variables) inventory.setHostVariable(host, key, value, place);
    }
  }

  #expand(pattern: string): { hosts: string[]; port: number | undefined } {
    const expanded = expandHostPattern(pattern);
    if (pattern.endsWith(':') && expanded.port === undefined) {
      throw new MusterError(
        `Invalid host pattern '${pattern}' supplied, ending in ':' is not allowed, this character is reserved to provide a port.`,
      );
    }
    if (expanded.hosts.some((host) => host.trim() === '---')) {
      throw new MusterError(
        `Invalid host pattern '${pattern}' supplied, '---' is normally a sign this is a YAML file.`,
      );
    }
    return expanded;
  }

  #readVariable(line: string, raw: string, group: string): void {
    const equals = line.indexOf('=');
    if (equals === -1) throw this.#mistake(`Expected key=value, got: ${line}`, 1);
    const text = line.slice(equals + 1).trim();
    const origin = this.#origin(raw.indexOf(line) + line.length - text.length + 1);
    const value = readValue(text, origin);
    this.#at(1, '', () => this.#context.inventory.setGroupVariable(group, line.slice(0, equals).trim(), value, origin));
  }

  #readChild(line: string, raw: string, group: string): void {
    const child = groupName.exec(line)?.[1];
    const column = raw.indexOf(line) + 1;
    if (child === undefined) throw this.#mistake(`Expected group name, got: ${line}`, column);
    const { inventory } = this.#context;
    const pending = this.#pending.get(child);
    if (inventory.groups.has(child)) this.#at(column, '', () => inventory.addChildGroup(group, child));
    else if (pending) pending.parents.push(group);
    else this.#pending.set(child, { line: this.#line, kind: 'children', parents: [group] });
  }

  #checkPending(): void {
    for (const [name, { line, kind, parents }] of this.#pending) {
      const declared = [...this.#context.inventory.groups.keys()].join(', ');
      throw new SourceError({
        message:
          kind === 'vars'
            ? `Section [${name}:vars] not valid for undefined group: ${name}`
            : `Section [${parents.at(-1)}:children] includes undefined group: ${name}`,
        origin: { file: this.#file, line, column: 1 },
        expected: `a group that is declared as [${name}] somewhere`,
        hint: `declared groups: ${declared}`,
      });
    }
  }

  #origin(column: number): Origin {
    return { file: this.#file, line: this.#line, column };
  }

  #mistake(message: string, column: number, expected?: string, hint?: string): SourceError {
    return new SourceError({ message, origin: this.#origin(column), expected, hint });
  }

  // Gives errors from below the place in this file.
  #at<T>(column: number, prefix: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof MusterError) || error.problems[0]?.origin) throw error;
      const message = prefix === '' ? error.message : `${prefix}: ${error.message}`;
      throw new SourceError({ ...error.problems[0], message, origin: this.#origin(column) });
    }
  }
}

// A literal of Python where it is one, otherwise the text.
const readValue = (text: string, origin: Origin): Value => {
  const literal = readPythonLiteral(text);
  return asTemplates(literal === undefined ? text : literal, origin);
};
