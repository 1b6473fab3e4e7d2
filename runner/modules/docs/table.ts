import type { Module } from '../define.ts';
import { allModules, loadModule } from '../registry.ts';
import { cell, modulePage, sentence, table } from './page.ts';

/** The list of all modules, in Markdown. */
const modulesTable = (modules: readonly Module[]): string => {
  const rows = modules.map(({ name, summary, supports }) => {
    const marks = [supports.check === 'full' ? 'yes' : '', supports.diff ? 'yes' : ''];
    return `| [${name}](${name}.md) | ${cell(sentence(summary))} | ${marks.join(' | ')} |`;
  });
  return [
    '# Modules',
    'A module is meant by its full name or by the last part of it. `muster modules NAME` shows the same pages in a terminal.',
    'They need nothing on a host but `sh` and the commands that they are about. Arguments that a module does not know, and values that cannot be, are refused before any host is touched. A command that fails is reported with its exit code (`rc`) and both of its outputs.',
    table('module', 'what it does', 'check', 'diff', rows),
  ]
    .join('\n\n')
    .concat('\n');
};

/** All pages, by their file names. */
export const modulePages = async (): Promise<Map<string, string>> => {
  const modules = await Promise.all(allModules().map(async (name) => (await loadModule(name))!));
  return new Map([
    ['README.md', modulesTable(modules)],
    ...modules.map((module) => [`${module.name}.md`, modulePage(module)] as const),
  ]);
};
