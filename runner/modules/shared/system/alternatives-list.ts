/** A link that follows the choice of an alternative. */
export interface Subcommand {
  readonly name: string;
  readonly path: string;
  readonly link: string | undefined;
}

export interface Alternative {
  readonly priority: number;
  readonly subcommands: readonly Subcommand[];
}

/** What a host knows of a group of alternatives. */
export interface Alternatives {
  readonly mode: 'auto' | 'manual' | undefined;
  readonly current: string | undefined;
  readonly link: string | undefined;
  readonly known: ReadonlyMap<string, Alternative>;
}

export const noAlternatives: Alternatives = { mode: undefined, current: undefined, link: undefined, known: new Map() };

/**
 * Reads what `update-alternatives --display` of Debian or Red Hat prints. The latter does not tell the links of
 * subcommands; those are taken from `wanted`, so that they do not count as a difference.
 */
export const readAlternatives = (text: string, wanted: readonly Subcommand[] = []): Alternatives => {
  const links = new Map<string, string>();
  const known = new Map<string, { priority: number; subcommands: Subcommand[] }>();
  let mode: Alternatives['mode'];
  let current: string | undefined;
  let link: string | undefined;
  let last: { priority: number; subcommands: Subcommand[] } | undefined;
  for (const line of text.split('\n')) {
    const follower = /^\s+(?:slave|follower) (\S+?): (.*)$/.exec(line);
    const alternative = /^(\/.*) - (?:family \S+ )?priority (-?\d+)/.exec(line);
    const own = /^\s*(link|slave|follower) (\S+) is (.*)$/.exec(line);
    mode ??= / - (?:status is )?(auto|manual)(?: mode|\.)$/.exec(line)?.[1] as Alternatives['mode'];
    current ??= /^\s*link currently points to (.*)$/.exec(line)?.[1];
    if (alternative) {
      last = { priority: Number(alternative[2]), subcommands: [] };
      known.set(alternative[1]!, last);
    } else if (follower && last) {
      if (follower[2] !== '(null)') {
        last.subcommands.push({ name: follower[1]!, path: follower[2]!, link: undefined });
      }
    } else if (own?.[1] === 'link') link ??= own[3];
    else if (own) links.set(own[2]!, own[3]!);
  }
  if (links.size === 0) for (const { name, link: to } of wanted) if (to !== undefined) links.set(name, to);
  const complete = [...known].map(([path, { priority, subcommands }]): [string, Alternative] => [
    path,
    { priority, subcommands: subcommands.map((sub) => ({ ...sub, link: links.get(sub.name) })) },
  ]);
  return { mode, current, link, known: new Map(complete) };
};

/** Whether two lists hold the same subcommands, in any order. */
export const haveSameFollowers = (left: readonly Subcommand[], right: readonly Subcommand[]): boolean => {
  const key = ({ name, path, link }: Subcommand): string => JSON.stringify([name, path, link]);
  const [first, second] = [new Set(left.map(key)), new Set(right.map(key))];
  return first.size === second.size && [...first].every((item) => second.has(item));
};
