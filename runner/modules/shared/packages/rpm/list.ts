import { lines, sh } from '../../../../connection/index.ts';
import { ModuleFailure } from '../../../../errors/index.ts';
import type { ModuleContext, ResultObject } from '../../../define.ts';
import type { DnfArguments } from './arguments.ts';
import { commonOptions, findTool } from './tool.ts';

const fields = ['name', 'arch', 'epoch', 'release', 'version'] as const;

/** What the `list` argument asks for: packages as dicts, or repositories. */
export const listPackages = async (
  what: string,
  args: DnfArguments,
  { target }: ModuleContext,
): Promise<ResultObject[]> => {
  const words = { updates: ['--upgrades'], upgrades: ['--upgrades'], available: ['--available'] }[what];
  const root = args.installroot === '/' ? [] : [`--root=${args.installroot}`];
  const options = commonOptions(args);
  const rpm = (names: readonly string[]) =>
    sh`rpm ${root} -q --qf ${'%{NAME}\\t%{ARCH}\\t%{EPOCHNUM}\\t%{RELEASE}\\t%{VERSION}\\t@System\\n'} ${[...names]} 2>/dev/null | grep -v '^gpg-pubkey' | sort`;
  const repoquery = (more: readonly string[]) =>
    sh`"$m_tool" -q ${options} repoquery ${[...more]} --qf ${'%{name}\\t%{arch}\\t%{epoch}\\t%{release}\\t%{version}\\t%{repoid}'}`;
  const script =
    what === 'installed'
      ? rpm(['-a'])
      : what === 'repos' || what === 'repositories'
        ? sh`"$m_tool" -q ${options} repolist`
        : words
          ? repoquery(words)
          : lines(rpm(/[*?[]/.test(what) ? ['-a', what] : [what]), repoquery([what]));
  const { stdout, stderr, code } = await target.run(lines(findTool(args), script));
  if (code !== 0 && stdout.length === 0 && stderr.length > 0) {
    throw new ModuleFailure(stderr.toString().trim(), { rc: code, results: [] });
  }
  const all = stdout.toString().split('\n');
  if (what === 'repos' || what === 'repositories') {
    return all
      .slice(1)
      .flatMap((line) => (line.trim() === '' ? [] : [{ repoid: line.split(/\s/)[0]!, state: 'enabled' }]));
  }
  return all
    .map((line) => line.split('\t'))
    .filter((values) => values.length === 6)
    .sort(([, , , , , one = ''], [, , , , , other = '']) => (one < other ? -1 : one > other ? 1 : 0))
    .map(describe);
};

const describe = (values: readonly string[]): ResultObject => {
  const known = Object.fromEntries(fields.map((field, index) => [field, values[index]!]));
  const { name, arch, epoch, release, version } = known as Record<(typeof fields)[number], string>;
  const envra = `${epoch}:${name}-${version}-${release}.${arch}`;
  const repo = values[5]!;
  return { ...known, repo, envra, nevra: envra, yumstate: repo === '@System' ? 'installed' : 'available' };
};
