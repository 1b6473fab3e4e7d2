/** A version as PEP 440 reads it. */
interface Version {
  readonly epoch: number;
  readonly release: readonly number[];
  /** Orders pre-, post- and development releases: lower comes first. */
  readonly pre: readonly (string | number)[] | undefined;
  readonly post: number | undefined;
  readonly dev: number | undefined;
  readonly local: readonly (string | number)[] | undefined;
}

const form =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i;

const stages: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' };

const parse = (text: string): Version | undefined => {
  const match = form.exec(text.trim());
  if (!match) return undefined;
  const [, epoch, release, stage, stageNumber, dashPost, post, postNumber, dev, devNumber, local] = match;
  const pre = stage?.toLowerCase();
  return {
    epoch: Number(epoch ?? 0),
    release: release!.split('.').map(Number),
    pre: pre === undefined ? undefined : [stages[pre] ?? pre, Number(stageNumber || 0)],
    post: dashPost !== undefined ? Number(dashPost) : post === undefined ? undefined : Number(postNumber || 0),
    dev: dev === undefined ? undefined : Number(devNumber || 0),
    local: local?.split(/[-_.]/).map((part) => (/^\d+$/.test(part) ? Number(part) : part.toLowerCase())),
  };
};

const compareReleases = (a: readonly number[], b: readonly number[]): number => {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = (a[index] ?? 0) - (b[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
};

const compareParts = (a: readonly (string | number)[], b: readonly (string | number)[]): number => {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const x = a[index];
    const y = b[index];
    if (x === y) continue;
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (typeof x !== typeof y) return typeof x === 'number' ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return 0;
};

/** A development release comes before pre-releases, those before the release itself. */
const stageOf = ({ pre, post, dev }: Version): readonly (string | number)[] =>
  pre ?? (post === undefined && dev !== undefined ? [''] : ['z']);

const compare = (a: Version, b: Version): number =>
  a.epoch - b.epoch ||
  compareReleases(a.release, b.release) ||
  compareParts(stageOf(a), stageOf(b)) ||
  (a.post ?? -1) - (b.post ?? -1) ||
  (a.dev ?? Number.POSITIVE_INFINITY) - (b.dev ?? Number.POSITIVE_INFINITY) ||
  compareParts(a.local ?? [], b.local ?? []) ||
  0;

/** Whether a version meets one condition such as `>=1.2`, `==1.*` or `~=1.4`. */
export const meets = (version: string, operator: string, wanted: string): boolean => {
  if (operator === '===') return version === wanted;
  const have = parse(version);
  const prefix = /^(.*)\.\*$/.exec(wanted)?.[1];
  const need = parse(prefix ?? wanted);
  if (!have || !need) return false;
  if (operator === '==' || operator === '!=') {
    const isSame =
      prefix === undefined
        ? compare(need.local ? have : { ...have, local: undefined }, need) === 0
        : have.epoch === need.epoch && need.release.every((part, index) => part === (have.release[index] ?? 0));
    return isSame === (operator === '==');
  }
  const order = compare({ ...have, local: undefined }, need);
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return (
        order > 0 &&
        !(have.post !== undefined && need.post === undefined && compareReleases(have.release, need.release) === 0)
      );
    case '<':
      return (
        order < 0 &&
        !(have.pre !== undefined && need.pre === undefined && compareReleases(have.release, need.release) === 0)
      );
    case '~=':
      return order >= 0 && need.release.slice(0, -1).every((part, index) => part === (have.release[index] ?? 0));
    default:
      return false;
  }
};
