import { type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { type Answer, ask, went } from './shared/ask.ts';
import { rewriteFile } from './shared/rewrite.ts';

interface State {
  readonly hasSystemd: boolean;
  readonly tools: ReadonlySet<string>;
  readonly zone: string;
  readonly clock: string;
  /** The file that names the zone, and what it holds. */
  readonly file: string;
  readonly content: string;
  readonly clockFile: string;
  readonly clockContent: string;
}

export default defineModule({
  name: 'community.general.timezone',
  summary: 'Sets the time zone of a host.',
  args: {
    name: { type: 'str', doc: 'The zone, such as Europe/Berlin.' },
    hwclock: {
      type: 'str',
      choices: ['local', 'UTC'],
      aliases: ['rtc'],
      doc: 'Whether the hardware clock has local time or UTC.',
    },
  },
  requiredOneOf: [['hwclock', 'name']],
  returns: {},
  returnsDiff: true,
  supports: { check: 'full', diff: true },

  probe: async (args, context): Promise<State> => {
    const zoneFile = `/usr/share/zoneinfo/${args.name}`;
    const answers: Readonly<Record<string, Answer | undefined>> = await ask<string>(context, {
      zone: args.name !== undefined && sh`[ -f ${zoneFile} ]`,
      tools: sh`for m_tool in timedatectl dpkg-reconfigure tzdata-update setup-timezone hwclock; do command -v $m_tool >/dev/null && echo $m_tool; done
{ read -r m_first </proc/1/comm; } 2>/dev/null; echo "first $m_first"
[ -e /etc/alpine-release ] && echo alpine
[ -d /etc/sysconfig ] || echo plain
[ -L /etc/localtime ] && echo link
exit 0`,
      status: sh`command -v timedatectl >/dev/null && timedatectl status`,
      link: sh`if [ -L /etc/localtime ]; then [ -e /etc/localtime ] && readlink /etc/localtime; else cmp -s /etc/localtime ${zoneFile} && echo same; fi; exit 0`,
      timezone: sh`cat /etc/timezone 2>/dev/null; exit 0`,
      clock: sh`cat /etc/sysconfig/clock 2>/dev/null; exit 0`,
      rcs: sh`cat /etc/default/rcS 2>/dev/null; exit 0`,
      confd: sh`cat /etc/conf.d/hwclock 2>/dev/null; exit 0`,
      adjtime: sh`cat /etc/adjtime 2>/dev/null; exit 0`,
    });
    if (answers.zone && !went(answers.zone)) {
      throw new ModuleFailure(`Error message:\ngiven timezone "${args.name}" is not available`);
    }
    const tools = new Set((answers.tools?.stdout ?? '').split('\n'));
    const said = (name: string): string => answers[name]?.stdout ?? '';
    const hasSystemd = tools.has('timedatectl') && went(answers.status);
    const [file, content, clockFile, clockContent] = tools.has('dpkg-reconfigure')
      ? ['/etc/timezone', said('timezone'), '/etc/default/rcS', said('rcs')]
      : tools.has('alpine') || tools.has('plain')
        ? ['/etc/timezone', said('timezone'), '/etc/conf.d/hwclock', said('confd')]
        : ['/etc/sysconfig/clock', said('clock'), '/etc/sysconfig/clock', said('clock')];
    const status = said('status');
    return {
      hasSystemd,
      tools,
      file,
      content,
      clockFile,
      clockContent,
      zone: hasSystemd
        ? (/^\s*Time ?zone\s*:\s*(\S+)/m.exec(status)?.[1] ?? 'n/a')
        : currentZone(args.name, file, content, said('link').trim()),
      clock: hasSystemd
        ? /^\s*RTC in local TZ\s*:\s*yes/m.test(status)
          ? 'local'
          : 'UTC'
        : currentClock(args.hwclock, clockContent, said('adjtime')),
    };
  },

  diff: (state, { name, hwclock }) => {
    const zoneDiffers = name !== undefined && name !== state.zone;
    const clockDiffers = hwclock !== undefined && hwclock !== state.clock;
    const before = {
      ...(name !== undefined && { name: state.zone }),
      ...(hwclock !== undefined && { hwclock: state.clock }),
    };
    const after = { ...(name !== undefined && { name }), ...(hwclock !== undefined && { hwclock }) };
    return {
      changed: zoneDiffers || clockDiffers,
      diff: { before, after },
      steps: { zoneDiffers, clockDiffers },
    };
  },

  apply: async ({ steps }, { name, hwclock }, context, state) => {
    const { zoneDiffers, clockDiffers } = steps!;
    const answers = await ask(
      context,
      {
        zone: zoneDiffers && zoneCommand(name!, state),
        clock: clockDiffers && clockCommand(hwclock!, state),
      },
      { stopAtFailure: true },
    );
    for (const answer of [answers.zone, answers.clock]) {
      if (answer && !went(answer)) throw commandFailure(answer, `Error message:\n${answer.stderr || answer.stdout}`);
    }
  },
});

const zonePattern = (file: string, content: string): RegExp => {
  if (file === '/etc/timezone') return /^(\S+)/m;
  return /^TIMEZONE\s*=/m.test(content) ? /^TIMEZONE\s*=\s*"?([^"\s]+)"?/m : /^ZONE\s*=\s*"?([^"\s]+)"?/m;
};

/** The zone that the file names; when it is the one that is wanted, that of /etc/localtime counts. */
const currentZone = (wanted: string | undefined, file: string, content: string, link: string): string => {
  const named = zonePattern(file, content).exec(content)?.[1] ?? 'n/a';
  if (named !== wanted || link === 'same') return named;
  return /\/(?:usr\/share|etc)\/zoneinfo\/(.*)/.exec(link)?.[1] ?? 'n/a';
};

const currentClock = (wanted: string | undefined, content: string, adjtime: string): string => {
  const setting = /^UTC\s*=\s*(\S+)/m.exec(content)?.[1]?.replaceAll(/["']/g, '').toLowerCase();
  const named =
    setting === undefined ? 'n/a' : ['yes', 'true', '1', 'on', 'y', 't'].includes(setting) ? 'UTC' : 'local';
  if (named !== wanted) return named;
  return /^LOCAL$/m.test(adjtime) ? 'local' : 'UTC';
};

/** The first line that matches is replaced, further ones go; without one the entry comes first. */
const editLines = (content: string, pattern: RegExp, entry: string): string => {
  const lines = content.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const place = Math.max(
    0,
    lines.findIndex((line) => pattern.test(line)),
  );
  const kept = lines.filter((line) => !pattern.test(line));
  return [...kept.slice(0, place), entry, ...kept.slice(place)].map((line) => `${line}\n`).join('');
};

const zoneCommand = (name: string, { hasSystemd, tools, file, content }: State): Script => {
  if (hasSystemd) return sh`timedatectl set-timezone ${name}`;
  const zoneFile = `/usr/share/zoneinfo/${name}`;
  const entry =
    file === '/etc/timezone' ? name : /^TIMEZONE\s*=/m.test(content) ? `TIMEZONE="${name}"` : `ZONE="${name}"`;
  const write = rewriteFile(sh`${file}`, editLines(content, zonePattern(file, content), entry));
  if (tools.has('dpkg-reconfigure')) {
    return sh`${write} && ln -sf ${zoneFile} /etc/localtime && dpkg-reconfigure --frontend noninteractive tzdata`;
  }
  if (tools.has('setup-timezone')) return sh`${write} && setup-timezone -z ${name}`;
  if (tools.has('tzdata-update') && !tools.has('link')) return sh`${write} && tzdata-update`;
  return sh`${write} && rm -f /etc/localtime && cp ${zoneFile} /etc/localtime`;
};

const clockCommand = (clock: string, { hasSystemd, clockFile, clockContent }: State): Script => {
  if (hasSystemd) return sh`timedatectl set-local-rtc ${clock === 'local' ? 'yes' : 'no'}`;
  const entry = `UTC=${clock === 'local' ? 'no' : 'yes'}`;
  const write = rewriteFile(sh`${clockFile}`, editLines(clockContent, /^UTC\s*=\s*(\S+)/, entry));
  return sh`${write} && hwclock --systohc ${clock === 'local' ? '--localtime' : '--utc'}`;
};
