import { lines, type Script, sh, type Target } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { type Dict, dict, parseJson, type ResultObject, toText, type Value } from '../values/index.ts';
import { defineAction } from './define.ts';
import { decodeOutput, outputValues, stripEnd } from './shared/commands/decode.ts';
import { exitCode } from './shared/commands/execute.ts';
import { jobLives, lostJob } from './shared/commands/job-process.ts';
import { readTrailer } from './shared/commands/trailer.ts';

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
  notes: [
    'Of a command that another run began it tells the exit code and the output, and not the command',
    'A job whose process is gone is told as finished and failed; by ansible-playbook it runs for good',
  ],
  supports: { check: 'none', diff: false },
  run: async ({ jid, mode }, { controller, target }) => {
    const directory = toText(controller.variable('ansible_async_dir') ?? '~/.ansible_async');
    const place = sh`m_dir=${directory}; case $m_dir in '~'*) m_dir=$HOME\${m_dir#'~'} ;; esac; m_file=$m_dir/${jid}`;
    if (mode === 'cleanup') {
      const { stdout } = await target.run(sh`${place}; rm -rf "$m_file" "$m_file.d"; printf %s "$m_file"`);
      return { changed: false, ...noStreams, ansible_job_id: jid, erased: stdout.toString() };
    }
    const known = await controller.job(jid);
    const result = known ?? (await readJob(jid, place, target));
    const isFinished = result.get('finished') === 1;
    const shown: ResultObject = Object.fromEntries([...result].map(([key, value]) => [toText(key), value]));
    return { changed: false, ...(isFinished ? {} : noStreams), ...shown };
  },
});

const noStreams: ResultObject = { stdout: '', stderr: '', stdout_lines: [], stderr_lines: [] };

/** What the host has of a job that another run began. */
const readJob = async (jid: string, place: Script, target: Target): Promise<Dict> => {
  const { stdout, code } = await target.run(lines(place, askJob));
  if (code !== 0) throw new ModuleFailure('could not find job', { ansible_job_id: jid, started: 1, finished: 1 });
  const [text = '', file = '', script = '', rc = '', word = ''] = stdout.toString().split('\x1e');
  const told = text === '' ? dict({ started: 1, finished: 0 }) : (parseJson(text) as Dict);
  const ended = (values: Record<string, Value>): Dict =>
    new Map([...told, ...dict({ ...values, ansible_job_id: jid, results_file: file, started: 1, finished: 1 })]);
  if (told.get('finished') === 1 || script === '') return told;
  if (word === 'lost') return ended({ failed: true, changed: false, msg: lostJob });
  if (rc === '') return told;
  const [out, err] = await Promise.all([target.run(sh`cat ${script}.out`), target.run(sh`cat ${script}.err`)]);
  const came = commandResult(out.stdout, err.stdout);
  if (came) return ended(came);
  if (word !== 'old') return told;
  const msg = `the run that began the job ended before it told what came of it; the job's last script ended with exit code ${rc}`;
  return ended({ failed: true, changed: false, msg });
};

/**
 * Prints what is in the job's file, where that is, the last script of the job, its exit code, and a word: `lost` when its
 * process is gone without one, `old` when it ended so long ago that no run can be at work with it any more.
 */
const askJob = sh`cat "$m_file" || exit 1
m_last= m_next=1
while [ -e "$m_file.d/$m_next.sh" ]; do m_last=$m_file.d/$m_next; m_next=$((m_next + 1)); done
[ -n "$m_last" ] || exit 0
m_word=
[ -e "$m_last.rc" ] || ${jobLives} "$m_last" || [ -e "$m_last.rc" ] || m_word=lost
[ ! -e "$m_last.rc" ] || [ -z "$(find "$m_last.rc" -mmin +10 2>/dev/null)" ] || m_word=old
printf '\\036%s\\036%s\\036%s\\036%s' "$m_file" "$m_last" "$(cat "$m_last.rc" 2>/dev/null)" "$m_word"`;

/** The result of a command's job, from what it said; undefined when it was no command. */
const commandResult = (out: Buffer, err: Buffer): Record<string, Value> | undefined => {
  const trailer = readTrailer(out, 2);
  // A refusal is a word in small letters; a signal's name is none.
  if (!trailer || !/^(?![a-z])[\s\S]*\d\s*$/.test(trailer.fields[0]!)) return undefined;
  const rc = exitCode(trailer.fields[0]!);
  const stdout = stripEnd(decodeOutput(out.subarray(0, trailer.start)));
  const said = { changed: true, rc, ...outputValues(stdout, stripEnd(decodeOutput(err))) };
  return rc === 0 ? { ...said, msg: '' } : { ...said, failed: true, msg: 'non-zero return code' };
};
