import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineModule, type Plan } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { ask, missingCommand, went } from './shared/ask.ts';
import { splitWords } from './shared/files/words.ts';
import { lvmFailure, type PhysicalVolume, quietLvm, readPhysicalVolumes, readTable } from './shared/storage/lvm.ts';

interface State {
  /** The devices that were named, by their real paths. */
  readonly devices: readonly string[];
  readonly volumes: readonly PhysicalVolume[];
  /** How many logical volumes the group has; undefined when there is no such group. */
  readonly logicalVolumes: number | undefined;
}

interface Steps {
  readonly kind: 'create' | 'change' | 'remove' | 'nothing';
  readonly add: readonly string[];
  readonly drop: readonly string[];
  readonly resize: readonly string[];
}

const nothing: Steps = { kind: 'nothing', add: [], drop: [], resize: [] };

export default defineModule({
  name: 'community.general.lvg',
  summary: 'Makes, extends, reduces and removes volume groups of LVM.',
  args: {
    vg: { type: 'str', required: true, doc: 'The volume group.' },
    pvs: { type: 'list', elements: 'str', doc: 'All devices that it consists of; others are taken out of it.' },
    pesize: { type: 'str', default: '4', doc: 'The size of extents in a new group, in MB or with a unit.' },
    pv_options: { type: 'str', default: '', doc: 'Further options for pvcreate.' },
    pvresize: { type: 'bool', default: false, doc: 'Let the devices use all the space that they have by now.' },
    vg_options: { type: 'str', default: '', doc: 'Further options for vgcreate.' },
    state: { type: 'str', choices: ['absent', 'present'], default: 'present', doc: 'Whether the group is there.' },
    force: { type: 'bool', default: false, doc: 'Remove the group even when it has logical volumes.' },
  },
  returns: {},
  supports: { check: 'full', diff: false },

  probe: async (args, context): Promise<State> => {
    const given = args.pvs ?? [];
    if (args.state === 'present' && given.length === 0) throw new ModuleFailure('No physical volumes given.');
    const answers = await ask(
      context,
      {
        there: sh`command -v vgs`,
        devices: sh`for m_dev in ${given}; do
[ -e "$m_dev" ] || { printf 'Device %s not found.' "$(readlink -f -- "$m_dev")" >&2; exit 1; }
readlink -f -- "$m_dev"
done`,
        // Names under /dev/mapper are links.
        volumes: sh`m_said=$(pvs --noheadings --units b --nosuffix --separator ';' -o pv_name,vg_name,dev_size,pv_size,pe_start,vg_extent_size) || { m_rc=$?; printf '%s' "$m_said"; exit $m_rc; }
printf '%s\\n' "$m_said" | while IFS=';' read -r m_dev m_rest; do
m_dev=\${m_dev#"\${m_dev%%[! ]*}"}
[ ! -L "$m_dev" ] || m_dev=$(readlink -f -- "$m_dev")
printf '%s;%s\\n' "$m_dev" "$m_rest"
done`,
        groups: sh`vgs --noheadings -o vg_name,lv_count --separator ';'`,
      },
      { before: quietLvm },
    );
    if (!went(answers.there)) throw missingCommand('vgs');
    if (args.state === 'present' && !went(answers.devices))
      throw commandFailure(answers.devices!, answers.devices!.stderr);
    if (!went(answers.volumes)) throw lvmFailure('Failed executing pvs command.', answers.volumes!, 'pvs');
    if (!went(answers.groups)) throw lvmFailure('Failed executing vgs command.', answers.groups!);
    const group = readTable(answers.groups!.stdout).find(([name]) => name === args.vg);
    return {
      devices: answers.devices!.stdout.split('\n').filter((line) => line !== ''),
      volumes: readPhysicalVolumes(answers.volumes!.stdout),
      logicalVolumes: group && Number(group[1]),
    };
  },

  diff: ({ devices, volumes, logicalVolumes }, args): Plan<Steps> => {
    if (args.state === 'absent') {
      if (logicalVolumes === undefined) return { changed: false, steps: nothing };
      if (logicalVolumes > 0 && !args.force) {
        throw new ModuleFailure(`Refuse to remove non-empty volume group ${args.vg} without force=true`);
      }
      return { changed: true, steps: { ...nothing, kind: 'remove' } };
    }
    const used = volumes.find(({ name, group }) => devices.includes(name) && group !== '' && group !== args.vg);
    if (used) throw new ModuleFailure(`Device ${used.name} is already in ${used.group} volume group.`);
    if (logicalVolumes === undefined) return { changed: true, steps: { ...nothing, kind: 'create', add: devices } };
    const own = volumes.filter(({ group }) => group === args.vg);
    const steps: Steps = {
      kind: 'change',
      add: devices.filter((device) => !own.some(({ name }) => name === device)),
      drop: own.map(({ name }) => name).filter((name) => !devices.includes(name)),
      resize: args.pvresize ? own.filter(({ spare, extent }) => spare > extent).map(({ name }) => name) : [],
    };
    return { changed: steps.add.length + steps.drop.length + steps.resize.length > 0, steps };
  },

  apply: async ({ steps }, args, context) => {
    const { kind, add, drop, resize } = steps!;
    const create = sh`for m_dev in ${add}; do pvcreate ${splitWords(args.pv_options)} -f "$m_dev" || { m_rc=$?; printf '\\036%s' "$m_dev"; exit $m_rc; }; done`;
    const answers = await ask(
      context,
      {
        remove: kind === 'remove' && sh`vgremove --force ${args.vg}`,
        resize: resize.length > 0 && sh`for m_dev in ${resize}; do pvresize "$m_dev" || exit; done`,
        volumes: add.length > 0 && create,
        create: kind === 'create' && sh`vgcreate ${splitWords(args.vg_options)} -s ${args.pesize} ${args.vg} ${add}`,
        extend: kind === 'change' && add.length > 0 && sh`vgextend ${args.vg} ${add}`,
        reduce: drop.length > 0 && sh`vgreduce --force ${args.vg} ${drop}`,
      },
      { stopAtFailure: true, before: quietLvm },
    );
    const failures = {
      remove: `Failed to remove volume group ${args.vg}`,
      resize: 'Failed executing pvresize command.',
      volumes: `Creating physical volume '${answers.volumes?.stdout.split('\x1e')[1]}' failed`,
      create: `Creating volume group '${args.vg}' failed`,
      extend: `Unable to extend ${args.vg} by ${add.join(' ')}.`,
      reduce: `Unable to reduce ${args.vg} by ${drop.join(' ')}.`,
    } as const;
    for (const [name, message] of Object.entries(failures)) {
      const answer = answers[name as keyof typeof failures];
      if (answer && !went(answer)) throw lvmFailure(message, answer);
    }
  },
});
