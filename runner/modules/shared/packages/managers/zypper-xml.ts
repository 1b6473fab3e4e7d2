import { managerFailure, type ToolReply } from './tool.ts';

/** What zypper tells of a package. */
export interface Solvable {
  /** What is done with it: to-install, to-remove, to-upgrade; a list of what there is has other words. */
  readonly group: string;
  readonly version: string;
  readonly before: string;
  readonly isInstalled: boolean;
}

export type Solvables = ReadonlyMap<string, Solvable>;

/** The packages in zypper's output. Throws ModuleFailure when it went wrong. */
export const parseZypper = async (reply: ToolReply): Promise<Solvables> => {
  const { DOMParser } = await import('@xmldom/xmldom');
  const problem = (message: string): never => {
    throw managerFailure(`Failed to parse zypper xml output: ${message}`, reply, { cmd: reply.words });
  };
  let document: ReturnType<InstanceType<typeof DOMParser>['parseFromString']>;
  try {
    document = new DOMParser({ onError: (_level, message) => problem(message) }).parseFromString(
      reply.stdout.trim(),
      'text/xml',
    );
  } catch (error) {
    return problem((error as Error).message);
  }
  if (reply.code === 104) {
    const said = [...document.getElementsByTagName('message')].at(-1)?.textContent ?? 'nothing provides it';
    throw managerFailure(said, reply, { cmd: reply.words });
  }
  if (![0, 102, 103, 106].includes(reply.code)) {
    throw managerFailure(`Zypper run command failed with return code ${reply.code}.`, reply, { cmd: reply.words });
  }
  return new Map(
    [...document.getElementsByTagName('solvable')].map((solvable) => [
      solvable.getAttribute('name') ?? '',
      {
        group: solvable.parentNode?.nodeName ?? '',
        version: solvable.getAttribute('edition') ?? '',
        before: solvable.getAttribute('edition-old') ?? '',
        isInstalled: solvable.getAttribute('status') === 'installed',
      },
    ]),
  );
};
