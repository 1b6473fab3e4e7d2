import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { defineModule, type Plan } from './define.ts';
import { noAttributes } from './shared/files/attributes.ts';
import { applyEdit, type EditArguments, type EditSteps, planEdit, probeEdit } from './shared/files/edit.ts';
import { hashHost, isHostOf, parseKnownHost, searchHost } from './shared/files/known-hosts.ts';
import { pathInfo } from './shared/files/path-info.ts';
import { folderOf } from './shared/files/paths.ts';
import { systemError } from './shared/files/system-error.ts';

const args = {
  name: {
    type: 'str',
    required: true,
    aliases: ['host'],
    doc: 'The host; as [host]:port when it has a port of its own.',
  },
  key: { type: 'str', doc: 'The line of the file, host and all.' },
  path: { type: 'path', default: '~/.ssh/known_hosts', doc: 'The file.' },
  hash_host: { type: 'bool', default: false, doc: 'Write the host only as a hash.' },
  state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'Whether the key shall be there.' },
} as const;

type Args = ArgumentsOf<typeof args>;

const editArguments = (given: Args): EditArguments => ({
  path: given.path,
  backup: false,
  unsafe_writes: false,
  ...noAttributes,
});

export default defineModule({
  name: 'ansible.builtin.known_hosts',
  summary: 'Adds and removes keys of hosts in a known_hosts file.',
  args,
  returns: { path: 'The file.', name: 'The host.', key: 'The line.', state: 'As it was asked for.' },
  supports: { check: 'full', diff: true },
  probe: (given, context) => probeEdit(editArguments(given), context),
  diff(state, given, context): Plan<EditSteps> {
    const host = given.name.toLowerCase();
    const isPresent = given.state === 'present';
    const line = keyLine(given, host);
    const { file } = state;
    const before = state.content?.toString() ?? '';
    const lines = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const search = searchHost(lines, host, line === undefined ? undefined : parseKnownHost(line));
    const edited = editLines(lines, host, line, isPresent, search);
    const changed = edited !== before;
    if (changed && !file.folder.exists) {
      const reason = systemError('No such file or directory', folderOf(file.path));
      throw new ModuleFailure(`Failed to write to file ${file.path}: ${reason}`);
    }
    const content = changed ? Buffer.from(edited) : state.content;
    const plan = planEdit(state, editArguments(given), { content, msg: '', replacesLink: true }, context);
    return {
      ...plan,
      diff: undefined,
      result: {
        ...resultOf(given, file.path),
        ...pathInfo(file.own, file.context),
        // Part of every result, also without --diff.
        diff: {
          before,
          after: edited,
          before_header: state.content ? file.path : '/dev/null',
          after_header: file.path,
        },
      },
    };
  },
  async apply(plan, given, context) {
    const { path } = plan.steps!;
    // Removing a whole host leaves the old file beside, as ssh-keygen -R does. Both requests share a round trip.
    const keepOld = given.key === undefined ? context.target.run(sh`cp -p -- ${path} ${`${path}.old`}`) : undefined;
    const [{ stat }] = await Promise.all([applyEdit(plan, context), keepOld]);
    return pathInfo(stat);
  },
});

/** The line to write, checked to be about the host. */
const keyLine = (given: Args, host: string): string | undefined => {
  if (!given.key) {
    if (given.state === 'absent') return undefined;
    throw new ModuleFailure('No key specified when adding a host');
  }
  if (/\S+\s*,/.test(host)) {
    throw new ModuleFailure(
      'Comma separated list of names is not supported. Please pass a single name to lookup in the known_hosts file.',
    );
  }
  const line = given.hash_host ? hashHost(host, given.key) : given.key;
  const key = parseKnownHost(line);
  if (!key || !isHostOf(key.host, host)) {
    throw new ModuleFailure('Host parameter does not match hashed host field in supplied key');
  }
  return line.endsWith('\n') ? line : `${line}\n`;
};

const editLines = (
  lines: readonly string[],
  host: string,
  line: string | undefined,
  isPresent: boolean,
  search: ReturnType<typeof searchHost>,
): string => {
  if (!isPresent && line === undefined) {
    return lines.filter((current) => !isHostOf(parseKnownHost(current)?.host ?? '', host)).join('');
  }
  const isRemoved = search.line !== undefined && (search.mustReplace || !isPresent);
  const kept = isRemoved ? lines.filter((_line, index) => index !== search.line) : [...lines];
  if (isPresent && (search.mustReplace || !search.isFound)) kept.push(line!);
  return kept.join('');
};

const resultOf = (given: Args, path: string) => ({
  name: given.name,
  key: given.key ?? null,
  path,
  hash_host: given.hash_host,
  state: given.state,
});
