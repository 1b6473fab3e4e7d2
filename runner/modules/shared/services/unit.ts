import { type Script, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ResultObject } from '../../../values/index.ts';
import type { ModuleContext, Plan } from '../../define.ts';
import { commandFailure } from '../answers.ts';
import { type Answer, ask, missingCommand, went } from '../ask.ts';
import { initScript, isRunning, readProperties, sysvEnabled } from './systemctl.ts';

/** The argument `state` of modules that control services. */
export const unitState = {
  type: 'str',
  choices: ['reloaded', 'restarted', 'started', 'stopped'],
  doc: 'Started and stopped change only what differs; restarted and reloaded always act.',
} as const;

/** What a task wants of a unit of systemd. */
export interface UnitArguments {
  readonly name: string | undefined;
  readonly state: 'reloaded' | 'restarted' | 'started' | 'stopped' | undefined;
  readonly enabled: boolean | undefined;
  readonly masked?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly daemon_reload?: boolean | undefined;
  readonly daemon_reexec?: boolean | undefined;
  readonly scope?: 'system' | 'user' | 'global' | undefined;
  readonly no_block?: boolean | undefined;
}

export interface UnitState {
  readonly status: ReadonlyMap<string, string>;
  /** Something with this name exists: a unit, or an init script. */
  readonly isFound: boolean;
  readonly isMasked: boolean;
  readonly isEnabled: boolean;
  /** The target runs in a chroot, or systemd is told to be offline. */
  readonly isOffline: boolean;
}

export interface UnitSteps {
  readonly mask: 'mask' | 'unmask' | undefined;
  readonly enable: 'enable' | 'disable' | undefined;
  readonly act: string | undefined;
}

const noUnit: UnitState = {
  status: new Map(),
  isFound: false,
  isMasked: false,
  isEnabled: false,
  isOffline: false,
};

/**
 * The commands that tell the state of a unit. Reloading comes first, as a task that asks for it wants the state after it;
 * commands that only help where `systemctl show` does not work are left out where it does.
 */
export const unitQuestions = (args: UnitArguments, check: boolean): Record<string, Script | false> => {
  const unit = args.name;
  const systemctl = systemctlCommand(args);
  const first: Record<string, Script | false> = {
    systemctl: sh`command -v systemctl`,
    reload: args.daemon_reload === true && !check && sh`${systemctl} daemon-reload`,
    reexec: args.daemon_reexec === true && !check && sh`${systemctl} daemon-reexec`,
  };
  if (unit === undefined) return first;
  const asksEnabled = args.enabled !== undefined || args.masked !== undefined;
  const pattern = unit.includes('@') ? `${unit.split('@')[0]}@*` : unit;
  return {
    ...first,
    show: sh`${systemctl} show ${unit}`,
    enabled: asksEnabled
      ? sh`${systemctl} is-enabled ${unit} -l`
      : sh`[ "$m_code_show" = 0 ] || ${systemctl} is-enabled ${unit}`,
    files: sh`[ "$m_code_show" = 0 ] || ${systemctl} list-unit-files ${pattern}`,
    // What systemctl says when it does not work at all.
    alone: sh`[ "$m_code_show" = 0 ] || [ "$m_code_files" = 0 ] || ${systemctl}`,
    active: sh`[ "$m_code_show" = 0 ] || ${systemctl} is-active ${unit}`,
    script: sh`[ -e ${initScript(unit)} ]`,
    sysv: sysvEnabled(unit),
    offline: sh`[ "$SYSTEMD_OFFLINE" = 1 ] || [ -n "$debian_chroot" ] || {
[ "$m_code_show" != 0 ] && m_roots=$(stat -c %d:%i / /proc/1/root/. 2>/dev/null) && [ "\${m_roots%%[!0-9:]*}" != "\${m_roots##*[!0-9:]}" ]
}`,
  };
};

/** Fails when the name is a pattern, which systemctl would take for several units. */
export const refusePattern = (unit: string | undefined): void => {
  const glob = /[*?[]/.exec(unit ?? '')?.[0];
  if (glob === undefined) return;
  throw new ModuleFailure(
    `This module does not currently support using glob patterns, found '${glob}' in service name: ${unit}`,
  );
};

/** The state that the answers to `unitQuestions` tell. */
export const readUnit = (
  args: UnitArguments,
  answers: Readonly<Record<string, Answer | undefined>>,
  context: ModuleContext,
): UnitState => {
  if (!went(answers.systemctl)) {
    throw missingCommand('systemctl');
  }
  requireSuccess(answers.reload, 'daemon-reload');
  requireSuccess(answers.reexec, 'daemon-reexec');
  const unit = args.name;
  return unit === undefined ? noUnit : readFoundUnit(unit, args.scope ?? 'system', answers, context);
};

/** What has to be done to a unit. */
export const planUnit = (state: UnitState, args: UnitArguments, context: ModuleContext): Plan<UnitSteps> => {
  const result: ResultObject = { name: args.name ?? null, status: new Map(state.status) };
  if (args.name === undefined) return { changed: false, result };
  const needsUnit = args.enabled !== undefined || args.state !== undefined;
  if (needsUnit && !state.isFound) throw new ModuleFailure(missingMessage(args.name));
  const mask = args.masked === undefined || args.masked === state.isMasked ? undefined : args.masked;
  const enable = args.enabled === undefined || args.enabled === state.isEnabled ? undefined : args.enabled;
  const { act, becomes } = decideAction(state, args.state, context);
  const steps: UnitSteps = {
    mask: mask === undefined ? undefined : mask ? 'mask' : 'unmask',
    enable: enable === undefined ? undefined : enable ? 'enable' : 'disable',
    act,
  };
  return {
    changed: Object.values(steps).some((step) => step !== undefined),
    result: { ...result, enabled: args.enabled, state: becomes },
    steps,
  };
};

/** Masks, enables and starts, in this order, and fails at the first that does not work. */
export const applyUnit = async (
  steps: UnitSteps,
  args: UnitArguments,
  state: UnitState,
  context: ModuleContext,
): Promise<void> => {
  const unit = args.name!;
  const systemctl = systemctlCommand(args);
  const { mask, enable, act } = steps;
  const answers = await ask(
    context,
    {
      // Some versions can mask what does not exist, others cannot: only then is it a failure.
      mask: mask && (state.isFound ? sh`${systemctl} ${mask} ${unit} || true` : sh`${systemctl} ${mask} ${unit}`),
      enable: enable && sh`${systemctl} ${enable} ${unit}`,
      act: act !== undefined && sh`${systemctl} ${act} ${unit}`,
    },
    { before: runtimeDirectory, stopAtFailure: true },
  );
  if (answers.mask && !went(answers.mask)) throw new ModuleFailure(missingMessage(unit));
  if (answers.enable && !went(answers.enable)) {
    const { stdout, stderr } = answers.enable;
    throw commandFailure(answers.enable, `Unable to ${enable} service ${unit}: ${stdout}${stderr}`);
  }
  if (answers.act && !went(answers.act)) {
    throw commandFailure(answers.act, `Unable to ${act} service ${unit}: ${answers.act.stderr}`);
  }
};

// Users' managers are found by this variable, which only a login sets.
export const runtimeDirectory: Script = sh`[ -n "$XDG_RUNTIME_DIR" ] || { XDG_RUNTIME_DIR=/run/user/$(id -u); export XDG_RUNTIME_DIR; }`;

const systemctlCommand = ({ scope = 'system', no_block, force }: UnitArguments): Script => {
  const options = [scope !== 'system' && `--${scope}`, no_block && '--no-block', force && '--force'].filter(
    (option) => typeof option === 'string',
  );
  return options.length === 0 ? sh`systemctl` : sh`systemctl ${options}`;
};

const requireSuccess = (answer: Answer | undefined, what: string): void => {
  if (!answer || went(answer)) return;
  throw commandFailure(answer, `failure ${answer.code} during ${what}: ${answer.stderr}`);
};

const wasIgnored = (text: string): boolean =>
  !text.includes('=') && (text.includes('ignoring request') || text.includes('ignoring command'));

const enabledStates = new Set(
  'enabled enabled-runtime linked linked-runtime masked masked-runtime static indirect disabled generated transient'.split(
    ' ',
  ),
);

const readFoundUnit = (
  unit: string,
  scope: string,
  answers: Readonly<Record<string, Answer | undefined>>,
  context: ModuleContext,
): UnitState => {
  const { show, files, alone, active, enabled, script, sysv } = answers;
  let status = new Map<string, string>();
  let isUnit = false;
  if (show && went(show) && !wasIgnored(show.stdout) && !wasIgnored(show.stderr)) {
    status = readProperties(show.stdout);
    const load = status.get('LoadState');
    isUnit = load !== undefined && load !== 'not-found';
    const mistake = status.get('LoadError');
    if (isUnit && load !== 'masked' && mistake !== undefined) {
      throw new ModuleFailure(`Error loading unit file '${unit}': ${mistake}`);
    }
  } else if (show?.code === 1 && show.stderr.includes('Failed to parse bus message')) {
    // A fault of some versions: the unit is there all the same.
    status = readProperties(show.stdout);
    isUnit = (files?.stdout ?? '').includes(unit.includes('@') ? `${unit.split('@')[0]}@` : unit);
    status.set('ActiveState', (active?.stdout ?? '').trimEnd());
  } else {
    isUnit = enabledStates.has((enabled?.stdout ?? '').trim()) || went(files);
    if (!isUnit && alone && !went(alone)) {
      throw commandFailure(alone);
    }
  }
  const isScript = went(script);
  if (isScript && !isUnit) {
    context.warn(`The service (${unit}) is actually an init script but the system is managed by systemd`);
  }
  const said = (enabled?.stdout ?? '').trim();
  const byScript = scope === 'system' && isScript && enabled?.code === 1 && !said.endsWith('disabled') && went(sysv);
  return {
    status,
    isFound: isUnit || isScript,
    isMasked: said === 'masked',
    isEnabled: (went(enabled) && said !== 'indirect' && said !== 'alias') || byScript,
    isOffline: went(answers.offline),
  };
};

const decideAction = (
  state: UnitState,
  wanted: string | undefined,
  context: ModuleContext,
): { act: string | undefined; becomes: string | undefined } => {
  if (wanted === undefined) return { act: undefined, becomes: undefined };
  if (!state.status.has('ActiveState')) {
    if (!state.isOffline) {
      throw new ModuleFailure('Service is in unknown state', { status: Object.fromEntries(state.status) });
    }
    context.warn(
      'Target is a chroot or systemd is offline. This can lead to false positives or prevent the init system tools from working.',
    );
    return { act: undefined, becomes: wanted };
  }
  const runs = isRunning(state.status);
  if (wanted === 'started') return { act: runs ? undefined : 'start', becomes: wanted };
  if (wanted === 'stopped') {
    const stops = runs || state.status.get('ActiveState') === 'deactivating';
    return { act: stops ? 'stop' : undefined, becomes: wanted };
  }
  return { act: runs ? wanted.slice(0, -2) : 'start', becomes: 'started' };
};

const missingMessage = (unit: string): string => `Could not find the requested service ${unit}: host`;
