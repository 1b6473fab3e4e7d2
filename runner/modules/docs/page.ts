import type { ArgumentRules, ArgumentSpec, ArgumentSpecs } from '../arguments.ts';
import type { Module } from '../define.ts';

/** The page of a module, in Markdown. */
export const modulePage = (module: Module): string => {
  const supported = argumentRows(module.args);
  const refused = refusedRows(module.args);
  const rules = rulesOf(module);
  const returned = Object.entries(module.returns).map(([name, text]) => `| \`${name}\` | ${cell(text)} |`);
  return [
    [`# ${module.name}`, sentence(module.summary), otherNames(module)],
    ['## How it behaves', table('with', 'it', behaviour(module))],
    supported.length > 0
      ? ['## Arguments', table('argument', 'type and default', 'meaning', supported), rules.join('\n')]
      : ['## Arguments', module.takesAnyArgument ? 'Any.' : 'None.'],
    refused.length > 0 ? ['Known to Ansible, and refused here:', table('argument', 'reason', refused)] : [],
    returned.length > 0 ? ['## Returned values', table('value', 'meaning', returned)] : [],
    module.notes?.length ? ['## Notes', module.notes.map((note) => `- ${sentence(note)}`).join('\n')] : [],
  ]
    .flat()
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
};

/** A table; the rows come last. */
export const table = (...parts: [...titles: string[], rows: readonly string[]]): string => {
  const titles = parts.slice(0, -1) as string[];
  const rows = parts.at(-1) as readonly string[];
  return [`| ${titles.join(' | ')} |`, `| ${titles.map(() => '---').join(' | ')} |`, ...rows].join('\n');
};

/** Text inside of a table. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();

/** Text that ends as a sentence does. */
export const sentence = (text: string): string => (/[.!?:]$/.test(text) ? text : `${text}.`);

const otherNames = ({ name, aliases = [] }: Module): string => {
  const short = (full: string): string[] => {
    const last = full.split('.').at(-1)!;
    return full.startsWith('ansible.builtin.') ? [last, `ansible.legacy.${last}`] : [last];
  };
  const names = new Set([...short(name), ...aliases.flatMap((alias) => [alias, ...short(alias)])]);
  return `Also known as ${[...names].map((other) => `\`${other}\``).join(', ')}.`;
};

const behaviour = ({ supports, ...module }: Module): string[] => {
  const runsHere = module.kind === 'action' && module.onController;
  return [
    `| \`--check\` | ${supports.check === 'full' ? 'predicts what would change' : 'is skipped'} |`,
    `| \`--diff\` | ${supports.diff ? 'shows what changes' : 'shows nothing'} |`,
    `| \`async\` | ${supports.async === false || runsHere ? 'is refused' : 'can run as a job'} |`,
    ...(runsHere ? ['| hosts | runs on the controller and needs no connection |'] : []),
    ...(module.runsOnce ? ['| several hosts | runs for the first host, whose result counts for all |'] : []),
    ...(module.freeForm === undefined ? [] : [`| free text | takes it as \`${module.freeForm}\` |`]),
  ];
};

const argumentRows = (specs: ArgumentSpecs, path = ''): string[] =>
  Object.entries(specs)
    .filter(([, { unsupported }]) => unsupported === undefined)
    .flatMap(([name, spec]) => [
      `| \`${path}${name}\`${spec.required ? ' (required)' : ''} | ${cell(typeText(spec))} | ${cell(meaning(spec))} |`,
      ...(spec.options ? argumentRows(spec.options, `${path}${name}${spec.type === 'list' ? '[]' : ''}.`) : []),
    ]);

const refusedRows = (specs: ArgumentSpecs, path = ''): string[] =>
  Object.entries(specs).flatMap(([name, { unsupported, options }]) => [
    ...(unsupported === undefined ? [] : [`| \`${path}${name}\` | ${cell(unsupported)} |`]),
    ...(options ? refusedRows(options, `${path}${name}.`) : []),
  ]);

const typeText = ({ type, elements, default: fallback }: ArgumentSpec): string =>
  [
    type === 'list' && elements ? `list of ${elements}` : type,
    ...(fallback === undefined ? [] : [`\`${JSON.stringify(fallback)}\``]),
  ].join(', ');

const meaning = ({ doc, choices, aliases, secret, fallback }: ArgumentSpec): string =>
  [
    doc === '' ? '' : sentence(doc),
    choices ? `One of ${choices.map((choice) => `\`${choice}\``).join(', ')}.` : '',
    aliases?.length ? `Also ${aliases.map((alias) => `\`${alias}\``).join(', ')}.` : '',
    fallback === undefined ? '' : `\`$${fallback}\` of the task when not given.`,
    secret ? 'Masked in all output.' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');

const rulesOf = (rules: ArgumentRules): string[] => {
  const names = (list: readonly string[], word: string): string => {
    const quoted = list.map((name) => `\`${name}\``);
    return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${word} ${quoted.at(-1)}`;
  };
  return [
    ...(rules.mutuallyExclusive ?? []).map((list) => `- Only one of ${names(list, 'and')}.`),
    ...(rules.requiredOneOf ?? []).map((list) => `- At least one of ${names(list, 'and')}.`),
    ...(rules.requiredTogether ?? []).map((list) => `- ${names(list, 'and')} go together.`),
    ...(rules.requiredIf ?? []).map(
      ([name, value, needed, isAny]) => `- \`${name}: ${value}\` needs ${names(needed, isAny ? 'or' : 'and')}.`,
    ),
    ...Object.entries(rules.requiredBy ?? {}).map(([name, needed]) => `- \`${name}\` needs ${names(needed, 'and')}.`),
  ];
};
