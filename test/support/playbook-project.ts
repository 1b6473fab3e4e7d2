import { join } from 'node:path';
import { type Problem, SourceError, TemplateError } from '../../runner/errors/index.ts';
import { type LoadConfig, type LoadContext, type PlayNode, readPlaybook } from '../../runner/playbook/index.ts';
import { type Dict, Template, toText, type Value } from '../../runner/values/index.ts';
import { cleanUpAfterEach } from './clean-ups.ts';
import { openFolder } from './scratch-folder.ts';

/** Playbooks, roles and other files in a scratch directory, loaded with a stand-in for the rest of muster. */
export interface PlaybookProject {
  readonly directory: string;
  readonly context: LoadContext;
  readonly warnings: string[];
  /** The plays of `site.yml`, or of another file. */
  load(file?: string): PlayNode[];
  /** The mistakes in `site.yml`, as `file:line:column message [expected] (hint)`, with files relative to the project. */
  mistakes(file?: string): string[];
  close(): void;
}

const shortModules =
  'command shell raw script copy template file debug set_fact add_host assert ping apt user include_vars';
const modules = new Map<string, string>([
  ...shortModules.split(' ').map((name): [string, string] => [name, `ansible.builtin.${name}`]),
  ['ini_file', 'community.general.ini_file'],
]);

export const openProject = (files: Record<string, string>, config: Partial<LoadConfig> = {}): PlaybookProject => {
  const folder = openFolder('muster-playbook-');
  const directory = folder.path;
  for (const [name, text] of Object.entries(files)) folder.write(name, text);
  const warnings: string[] = [];
  const context: LoadContext = {
    config: { rolesPath: [join(directory, 'more-roles')], collectionsPath: [join(directory, 'shared')], ...config },
    resolveModule: (name) => {
      const short = name.replace(/^ansible\.(builtin|legacy)\./, '');
      return modules.get(short) ?? [...modules.values()].find((full) => full === name);
    },
    moduleNames: () => modules.values(),
    hasLookup: (name) => ['items', 'dict', 'fileglob', 'first_found'].includes(name),
    warn: (message) => void warnings.push(message),
    render: renderNames,
  };
  const load = (file = 'site.yml'): PlayNode[] => {
    const { plays, problems } = readPlaybook(join(directory, file), context);
    if (problems.length > 0) throw new SourceError(problems);
    return plays;
  };
  return {
    directory,
    context,
    warnings,
    load,
    mistakes: (file) => {
      try {
        load(file);
        return [];
      } catch (error) {
        if (error instanceof SourceError) return error.problems.map((problem) => show(problem, directory));
        throw error;
      }
    },
    close: folder.remove,
  };
};

/** Renders `{{ name }}`, which is all that the names in tests are made of. */
const renderNames = (value: Value, vars: Dict): Value => {
  if (!(value instanceof Template)) return value;
  return value.source.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
    const found = vars.get(name);
    if (found === undefined) throw new TemplateError('undefined', `'${name}' is undefined`);
    return toText(renderNames(found, vars));
  });
};

const show = ({ message, origin, expected, hint }: Problem, directory: string): string => {
  const place = origin ? `${origin.file}:${origin.line}:${origin.column} ` : '';
  const text = `${place}${message}${expected ? ` [${expected}]` : ''}${hint ? ` (${hint})` : ''}`;
  return text.replaceAll(`${directory}/`, '');
};

/** The same for the test that asks for it, closed after it. To be called at the top of a file of tests. */
export const projectsForTests = (): typeof openProject => {
  const cleanUp = cleanUpAfterEach();
  return (...args) => {
    const project = openProject(...args);
    cleanUp(project.close);
    return project;
  };
};
