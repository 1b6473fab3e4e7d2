import { sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { type Dict, parseJson, type ResultObject, toText } from '../values/index.ts';
import { defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.async_status',
  summary: 'Tells how far an asynchronous task is.',
  args: {
    jid: { type: 'str', required: true, doc: 'The job, as `ansible_job_id` of the task that started it.' },
    mode: {
      type: 'str',
      choices: ['status', 'cleanup'],
      default: 'status',
      doc: '`cleanup` removes what the job has left on the host.',
    },
  },
  returns: {
    ansible_job_id: 'the job',
    started: '1 when it has started',
    finished: '1 when it has ended',
    results_file: 'where its result lies on the host',
    erased: 'what cleanup removed',
    stdout: 'what the job said, when it has ended; with it comes all else that its module returned',
    stderr: 'what the job said on its error stream, when it has ended',
  },
  supports: { check: 'none', diff: false },
  run: async ({ jid, mode }, { controller, target }) => {
    const directory = toText(controller.variable('ansible_async_dir') ?? '~/.ansible_async');
    const place = sh`m_dir=${directory}; case $m_dir in '~'*) m_dir=$HOME\${m_dir#'~'} ;; esac; m_file=$m_dir/${jid}`;
    if (mode === 'cleanup') {
      const { stdout } = await target.run(sh`${place}; rm -rf "$m_file" "$m_file.d"; printf %s "$m_file"`);
      return { changed: false, ...noStreams, ansible_job_id: jid, erased: stdout.toString() };
    }
    const known = await controller.job(jid);
    const result = known ?? (await readResult(jid, await target.run(sh`${place}; cat "$m_file"`)));
    const isFinished = result.get('finished') === 1;
    const shown: ResultObject = Object.fromEntries([...result].map(([key, value]) => [toText(key), value]));
    return { changed: false, ...(isFinished ? {} : noStreams), ...shown };
  },
});

const noStreams: ResultObject = { stdout: '', stderr: '', stdout_lines: [], stderr_lines: [] };

const readResult = async (jid: string, reply: { stdout: Buffer; code: number }): Promise<Dict> => {
  if (reply.code !== 0) throw new ModuleFailure('could not find job', { ansible_job_id: jid, started: 1, finished: 1 });
  return parseJson(reply.stdout.toString()) as Dict;
};
