import { lines, type Script, sh } from '../../../../connection/index.ts';
import { ModuleFailure } from '../../../../errors/index.ts';
import type { ModuleContext, ResultObject } from '../../../define.ts';
import { expandedWord } from '../../commands/expand.ts';
import { die, runScript, StepFailure } from '../../files/reply.ts';
import { compareDebianVersions } from '../debian-version.ts';
import { dpkgOptions, refuseRun, runApt, runValues } from './apt-get.ts';
import type { AptArguments } from './arguments.ts';
import { aptEnvironment } from './cache.ts';
import { parseInstalled } from './probe.ts';
import { isWord } from './remove.ts';

interface DebFile {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** What apt would install besides. */
  readonly needs: readonly string[];
  /** Why it cannot be installed. */
  readonly problem: string;
  readonly installed: string | undefined;
}

/** Installs .deb files that are on the host, after the packages that they need. */
export const installDebFiles = async (
  paths: readonly string[],
  args: AptArguments,
  context: ModuleContext,
): Promise<ResultObject> => {
  const files = (await probeFiles(paths, context)).filter(({ installed, version }) => installed !== version);
  if (files.length === 0) return { changed: false, stdout: '', stderr: '' };
  for (const file of files) refuseFile(file, args);
  const needs = files.flatMap((file) => file.needs);
  const names = new Set(files.map(({ name }) => name));
  const missing = [...new Set(needs)].filter((name) => !names.has(name));
  const install: (string | false)[] = [
    ...['apt-get', '-y', ...dpkgOptions(args)],
    args.fail_on_autoremove && '--no-remove',
    context.check && '--simulate',
    'install',
    ...missing,
    ...(args.install_recommends === undefined
      ? []
      : ['-o', `APT::Install-Recommends=${args.install_recommends ? 'yes' : 'no'}`]),
    args.allow_unauthenticated && '--allow-unauthenticated',
    args.allow_downgrade && '--allow-downgrades',
    args.allow_change_held_packages && '--allow-change-held-packages',
  ];
  const dpkg: (string | false)[] = [
    'dpkg',
    ...args.dpkg_options.split(',').map((option) => option !== '' && `--${option}`),
    context.check && '--simulate',
    args.force && '--force-all',
    '-i',
    ...files.map(({ path }) => path),
  ];
  const first = missing.length > 0 ? install.filter(isWord) : undefined;
  const last = dpkg.filter(isWord);
  // In a check run dpkg would complain about what the simulated installation did not bring.
  const run = await runApt(first ?? last, args, context, first && !context.check ? sh`${last}` : undefined);
  if (run.code !== 0) refuseRun(last.join(' '), run);
  return { changed: true, ...runValues(run, context) };
};

const probeFiles = async (paths: readonly string[], context: ModuleContext): Promise<DebFile[]> => {
  try {
    const reader = await runScript(context.target, lines(aptEnvironment, ...paths.map(probeFile)));
    return paths.map(() => {
      const path = reader.field();
      const [name, version, architecture] = reader.field().split('\n').map(fieldText) as [string, string, string];
      const known = parseInstalled(reader.field());
      const simulation = reader.field();
      const installed = known.get(`${name}:${architecture}`) ?? known.get(`${name}:all`);
      return {
        path,
        name,
        version,
        needs: [...simulation.matchAll(/^Inst (\S+)/gm)].map(([, need]) => need!),
        problem: simulationProblem(simulation),
        installed: installed?.isInstalled ? installed.version : undefined,
      };
    });
  } catch (error) {
    if (error instanceof StepFailure) throw new ModuleFailure(`Unable to install package: ${error.said}`);
    throw error;
  }
};

const probeFile = (path: string): Script => sh`m_file=${expandedWord(path)}
case $m_file in /*) ;; *) m_file=$PWD/$m_file ;; esac
m_fields=$(dpkg-deb -f "$m_file" Package Version Architecture) || ${die} deb
m_name=\${m_fields#Package: }
m_name=\${m_name%%
*}
printf '%s\\0' "$m_file" "$m_fields"
dpkg-query -W -f '\${Package}\\t\${Architecture}\\t\${db:Status-Abbrev}\\t\${Version}\\n' "$m_name" 2>/dev/null
printf '\\0'
apt-get -s -o Debug::NoLocking=1 -o APT::Install-Recommends=no --allow-downgrades install "$m_file" 2>&1
printf '\\0'`;

const fieldText = (line: string): string => line.slice(line.indexOf(':') + 1).trim();

/** The first reason that a simulated installation gives, in the words of Ansible's checker. */
const simulationProblem = (simulation: string): string => {
  const need = /(?:Depends|PreDepends): (.+?) but (?:it is not|.* is to be)/.exec(simulation)?.[1];
  if (need !== undefined) return `Dependency is not satisfiable: ${need}\n`;
  return /^E: (.+)/m.exec(simulation)?.[1] ?? '';
};

const refuseFile = ({ version, installed, problem }: DebFile, args: AptArguments): void => {
  if (args.force) return;
  if (installed !== undefined && compareDebianVersions(installed, version) > 0 && !args.allow_downgrade) {
    throw new ModuleFailure('A later version is already installed');
  }
  if (problem !== '') throw new ModuleFailure(problem);
};
