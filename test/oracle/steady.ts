import type { ResultStatus } from '../../runner/events/index.ts';
import type { Json, JsonObject } from '../../runner/values/index.ts';

// What differs from run to run, is the machine's own, or is no documented value of a result.
const unsteady = new Set([
  ...['start', 'end', 'delta', 'elapsed', 'pid', 'uuid', 'ansible_job_id', 'results_file', 'backup_file', 'src'],
  ...['atime', 'ctime', 'mtime', 'inode', 'dev', 'version', 'attr_flags', 'attributes', 'blocks', 'block_size'],
  ...['owner', 'group', 'uid', 'gid', 'pw_name', 'gr_name', 'size', 'discovered_interpreter_python'],
  ...['exception', 'module_stderr', 'module_stdout', 'argument_errors', 'invocation', 'warnings', 'deprecations'],
  ...['diff', 'failed', 'skip_reason'],
  // What an include hands to the strategy.
  ...['include', 'include_args'],
]);

/** A result without what cannot be compared. */
export const steadyResult = (result: JsonObject, status: ResultStatus): JsonObject => {
  const kept = keep(result) as JsonObject;
  // The items stand above, and the status says that it was skipped.
  if (Array.isArray(kept.results)) kept.results = kept.results.length;
  delete kept.skipped;
  // An error that comes before the module has no `changed` in Ansible.
  if (status === 'failed' && kept.changed === false) delete kept.changed;
  // How a connection fails is told in the words of the program that made it.
  if (status === 'unreachable') return { ...kept, msg: '…' };
  return kept;
};

const keep = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(keep);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !unsteady.has(name))
      // What goes wrong with an include is told under a name of its own.
      .map(([name, inner]): [string, Json] => [name === 'reason' ? 'msg' : name, inner])
      .map(([name, inner]) => [
        name,
        /^msg$|_when_result$/.test(name) && typeof inner === 'string' ? steadyMessage(inner) : keep(inner),
      ]),
  );
};

/** The core of an error message, whose wording and frame are each program's own. */
const steadyMessage = (text: string): string => {
  const [, undefinedName] = /^(?:[\s\S]*[ :])?'([^']*)' is undefined/.exec(text) ?? [];
  if (undefinedName !== undefined) return `'${undefinedName}' is undefined`;
  const [, original] =
    /^An unhandled exception occurred while running the lookup plugin .*, original message: (.*?)\. \1$/s.exec(text) ??
    [];
  if (original !== undefined) return original;
  const [plugin] = /Could not load "[^"]*"/.exec(text) ?? [];
  if (plugin !== undefined) return plugin;
  const [template] = /^template error while templating string/.exec(text) ?? [];
  if (template !== undefined) return template;
  const [missing] = /'[^']*' has no attribute '[^']*'/.exec(text) ?? [];
  if (missing !== undefined) return missing;
  if (text.startsWith('Validation of arguments failed:')) return 'Validation of arguments failed';
  if (/could not find or access|cannot find the file/i.test(text)) return 'no such file';
  const [condition] = /^The conditional check '[\s\S]*?' failed\./.exec(text) ?? [];
  if (condition !== undefined) return condition;
  // The hint that Ansible gives at the end.
  const core = text.replace(/\. Hint: [\s\S]*$/, '');
  return core.replace(/\n+The error appears to be in[\s\S]*$/, '');
};
