import { readFileSync, writeFileSync } from 'node:fs';
import type { Size } from '../../runner/tui/run/run-view.ts';
import { type Drawn, type DrawOptions, draw } from './draw.ts';
import { sampleEvents } from './sample.ts';

/** The screens that the documentation shows: how each is opened, and what is done there. */
const scenes: Readonly<
  Record<string, { readonly options: DrawOptions; readonly act?: (tui: Drawn) => Promise<void> }>
> = {
  playbooks: { options: { screen: 'playbooks' } },
  form: { options: { screen: 'playbooks' }, act: (tui) => tui.press('enter', 'down', ...'web*') },
  inventory: { options: { screen: 'inventory' }, act: (tui) => tui.press('j', 'j', 'tab', 'j') },
  run: {
    options: { screen: 'run', request: { playbooks: ['playbooks/site.yml'] } },
    act: async (tui) => {
      for (const event of sampleEvents()) tui.services.reader!(event);
    },
  },
  history: { options: { screen: 'history' } },
  record: { options: { screen: 'history' }, act: (tui) => tui.press('enter', 'j', 'right', 'd') },
  schedules: { options: { screen: 'schedules' } },
};

/** A screen as text. */
const capture = async (scene: string, size: Size): Promise<string> => {
  const found = scenes[scene];
  if (!found) throw new Error(`there is no scene ${scene}`);
  const tui = await draw({ ...found.options, size });
  try {
    await found.act?.(tui);
    return (await tui.screen()).join('\n');
  } finally {
    tui.close();
  }
};

/** The files with captures: each stands below a line that says what it shows. */
export const captureFiles = ['README.md', 'docs/tui.md', 'docs/tui-wide.md'];

const marked = /(<!-- capture: (\w+) (\d+)x(\d+) -->\n```text\n)[\s\S]*?(\n```)/g;

/** A file's text with all captures in it made anew. */
export const withCaptures = async (text: string): Promise<string> => {
  const made = new Map<string, string>();
  for (const [, , scene = '', columns, rows] of text.matchAll(marked)) {
    const size = { columns: Number(columns), rows: Number(rows) };
    made.set(`${scene} ${columns}x${rows}`, await capture(scene, size));
  }
  return text.replace(
    marked,
    (_, head: string, scene: string, columns: string, rows: string, foot: string) =>
      head + made.get(`${scene} ${columns}x${rows}`)! + foot,
  );
};

if (process.argv[1]?.endsWith('captures.ts')) {
  // Times are those of a clock that is everywhere the same.
  process.env.TZ = 'UTC';
  for (const file of captureFiles) writeFileSync(file, await withCaptures(readFileSync(file, 'utf8')));
  process.exit();
}
