import type { HostResult, Reader } from '../events/index.ts';
import { dumpJson, type JsonObject, type Result, toValue } from '../values/index.ts';
import { detailsText } from './details-text.ts';
import { type Color, paint, type Screen } from './screen.ts';

const labels: Readonly<Record<HostResult['status'], readonly [string, Color]>> = {
  ok: ['SUCCESS', 'green'],
  changed: ['CHANGED', 'yellow'],
  failed: ['FAILED!', 'red'],
  skipped: ['SKIPPED', 'cyan'],
  unreachable: ['UNREACHABLE!', 'brightRed'],
};

const commandModules = /\.(command|shell|raw|script)$/;

/** The output of `muster exec`: a result a host, and a command's output as it is. */
export const adHocOutput = (screen: Screen, verbosity: number): Reader => {
  let module = '';
  return (event) => {
    if (event.type === 'task_started') module = event.module;
    if (event.type === 'warning') screen.warn(`${paint(screen, 'brightPurple', `[WARNING]: ${event.message}`)}\n`);
    if (event.type !== 'host_result') return;
    const [label, color] = labels[event.status];
    screen.write(`${paint(screen, color, `${event.host} | ${textOf(event, label, module, verbosity)}`)}\n`);
    for (const details of event.details ?? []) screen.write(`${detailsText(details)}\n`);
  };
};

const textOf = (event: HostResult, label: string, module: string, verbosity: number): string => {
  if (event.status === 'skipped') return label;
  const isCommand = commandModules.test(module) && event.result.rc !== undefined;
  return isCommand ? commandText(event) : `${label} => ${dump(event.result, verbosity)}`;
};

const commandText = ({ status, result }: HostResult): string => {
  const word = status === 'failed' ? 'FAILED' : status === 'changed' ? 'CHANGED' : 'SUCCESS';
  const output = ['stdout', 'stderr'].map((stream) => String(result[stream] ?? '')).filter((part) => part !== '');
  const message = status === 'failed' && result.msg !== undefined ? [String(result.msg)] : [];
  return `${word} | rc=${String(result.rc)} >>\n${[...output, ...message].join('\n')}`;
};

const dump = (result: JsonObject, verbosity: number): string => {
  const { invocation, failed: _failed, ...shown } = result;
  const all = verbosity >= 3 && invocation !== undefined ? { ...shown, invocation } : shown;
  return dumpJson(toValue(all as Result), { indent: 4, sortKeys: true, ensureAscii: false });
};
