import { truncate } from '../fit.ts';
import { safeText } from '../safe-text.ts';
import type { TaskView } from './task-view.ts';

/** `[12/40] 34s nginx : Install nginx  web1: Unpacking ...`, in one line of the terminal. */
export const progressText = (views: readonly TaskView[], now: number, width: number): string => {
  const view = views.at(-1);
  if (!view) return '';
  const { busy } = view;
  const others = views.length > 1 ? ` and ${views.length - 1} more` : '';
  const elapsed = Math.floor((now - view.startedAt) / 1000);
  const clock = elapsed < 60 ? `${elapsed}s` : `${Math.floor(elapsed / 60)}m ${String(elapsed % 60).padStart(2, '0')}s`;
  const head = `[${view.done}/${view.total}] ${clock} ${safeText(view.task.name)}${others}`;
  return truncate(`${head}${noteOf(view, busy)}`.replaceAll('\n', ' '), width - 1);
};

/** What the task is at: the last line of a command's output, or the hosts that others wait for. */
const noteOf = (view: TaskView, busy: readonly string[]): string => {
  const { last, dropped } = view.live;
  if (last && dropped > 0) return `  ${last.host} | ${last.text}`;
  return view.done > 0 && busy.length > 0 && busy.length <= 3 ? `  waiting for ${busy.join(', ')}` : '';
};
