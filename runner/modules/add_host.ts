import { type ResultObject, toText } from '../values/index.ts';
import { defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.add_host',
  summary: 'Adds a host to the inventory of this run.',
  args: {
    name: { type: 'str', required: true, aliases: ['host', 'hostname'], doc: 'Its name, also as `name:port`.' },
    groups: { type: 'list', elements: 'str', aliases: ['group', 'groupname'], doc: 'The groups that it joins.' },
  },
  takesAnyArgument: true,
  returns: { add_host: 'the host as it was added: host_name, groups, host_vars' },
  supports: { check: 'full', diff: false },
  onController: true,
  runsOnce: true,
  run: async ({ name, groups }, _context, extra) => {
    const { host, port } = splitPort(name);
    const vars: ResultObject = port === undefined ? {} : { ansible_ssh_port: port };
    for (const [key, value] of extra) vars[toText(key)] = value;
    return {
      changed: true,
      add_host: {
        host_name: host,
        groups: (groups ?? []).map((group) => group.trim()).filter((group) => group !== ''),
        host_vars: vars,
      },
    };
  },
});

/** `name:22` and `[::1]:22`; a bare IPv6 address has no port. */
const splitPort = (name: string): { host: string; port?: number } => {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(name);
  return match ? { host: match[1] ?? match[2]!, port: Number(match[3]) } : { host: name };
};
