import { Command } from 'commander';
import { didYouMean, MusterError } from '../errors/index.ts';
import {
  type ArgumentSpec,
  type ArgumentSpecs,
  allModules,
  loadModule,
  type Module,
  moduleNames,
} from '../modules/index.ts';
import { parseCommand } from './parse-command.ts';

/** `muster modules [NAME]`: all modules, or what one does, takes and returns. */
export const modules = async (args: readonly string[]): Promise<number> => {
  const command = new Command('muster modules')
    .description('Lists modules, or describes one.')
    .argument('[name]', 'a module');
  const parsed = parseCommand(command, args);
  if (typeof parsed === 'number') return parsed;
  const [name] = parsed.args;
  process.stdout.write(name === undefined ? await listModules() : describeModule(await findModule(name)));
  return 0;
};

const listModules = async (): Promise<string> => {
  const loaded = await Promise.all(allModules().map((name) => findModule(name)));
  const width = Math.max(...loaded.map(({ name }) => name.length));
  return loaded.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}\n`).join('');
};

const findModule = async (name: string): Promise<Module> => {
  const module = await loadModule(name);
  if (module) return module;
  throw new MusterError({ message: `there is no module '${name}'`, hint: didYouMean(name, moduleNames()) });
};

const describeModule = (module: Module): string => {
  const names = module.aliases?.length ? `${module.name} (also ${module.aliases.join(', ')})` : module.name;
  const check = module.supports.check === 'full' ? 'predicts what would change' : 'is skipped';
  const returned = Object.entries(module.returns).map(([name, text]) => `  ${name}\n      ${text}\n`);
  return [
    `${names}\n\n  ${module.summary}\n`,
    `Under --check it ${check}; --diff shows ${module.supports.diff ? 'what changes' : 'nothing'}.\n`,
    `Arguments:\n${describeArguments(module.args, '  ') || '  none\n'}`,
    returned.length > 0 ? `Returns:\n${returned.join('')}` : '',
    module.notes?.length ? `Notes:\n${module.notes.map((note) => `  ${note}\n`).join('')}` : '',
  ].join('\n');
};

const describeArguments = (specs: ArgumentSpecs, indent: string): string =>
  Object.entries(specs)
    .map(([name, spec]) => {
      const facts = factsOf(spec).map((fact) => `${indent}    ${fact}\n`);
      const inner = spec.options ? describeArguments(spec.options, `${indent}    `) : '';
      return `${indent}${name}${spec.required ? ' (required)' : ''}\n${facts.join('')}${inner}`;
    })
    .join('');

const factsOf = (spec: ArgumentSpec): string[] => [
  ...(spec.doc === '' ? [] : [spec.doc]),
  spec.type === 'list' && spec.elements ? `type: list of ${spec.elements}` : `type: ${spec.type}`,
  ...(spec.choices ? [`choices: ${spec.choices.join(', ')}`] : []),
  ...(spec.default === undefined ? [] : [`default: ${JSON.stringify(spec.default)}`]),
  ...(spec.aliases?.length ? [`aliases: ${spec.aliases.join(', ')}`] : []),
  ...(spec.unsupported === undefined ? [] : [`not supported: ${spec.unsupported}`]),
];
