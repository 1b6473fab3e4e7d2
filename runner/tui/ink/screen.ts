import { Box, type Key, Text, useInput } from 'ink';
import { createElement, type ReactElement, useCallback, useSyncExternalStore } from 'react';
import type { App } from '../app/app.ts';
import { keysOf } from '../app/keys.ts';
import { paintLine } from '../text/paint.ts';

interface Props {
  readonly app: App;
  readonly hasColor: boolean;
}

/** Draws the lines of each frame, and hands keys on. */
const Screen = ({ app, hasColor }: Props): ReactElement => {
  const subscribe = useCallback((draw: () => void) => app.subscribe(draw), [app]);
  useSyncExternalStore(subscribe, () => app.frames.count);
  const press = useCallback(
    (input: string, key: Key) => {
      for (const one of keysOf(input, key)) app.press(one);
    },
    [app],
  );
  useInput(press);
  const text = app.lines().map((line) => paintLine(line, hasColor));
  return createElement(
    Box,
    { width: app.state.size.columns, height: app.state.size.rows, flexShrink: 0 },
    createElement(Text, { wrap: 'truncate-end' }, text.join('\n')),
  );
};

/** A front end as an element that Ink draws. */
export const screenOf = (app: App, hasColor: boolean): ReactElement => createElement(Screen, { app, hasColor });
