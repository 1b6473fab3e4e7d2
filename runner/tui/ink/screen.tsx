import { Box, Text, useInput } from 'ink';
import { useCallback, useSyncExternalStore } from 'react';
import type { App } from '../app/app.ts';
import { keysOf } from '../app/keys.ts';
import { paintLine } from '../text/paint.ts';

interface Props {
  readonly app: App;
  readonly hasColor: boolean;
}

/** Draws the lines of each frame, and hands keys on. */
export const Screen = ({ app, hasColor }: Props) => {
  const subscribe = useCallback((draw: () => void) => app.subscribe(draw), [app]);
  useSyncExternalStore(subscribe, () => app.frames.count);
  useInput((input, key) => {
    for (const one of keysOf(input, key)) app.press(one);
  });
  const text = app.lines().map((line) => paintLine(line, hasColor));
  return (
    <Box width={app.state.size.columns} height={app.state.size.rows} flexShrink={0}>
      <Text wrap="truncate-end">{text.join('\n')}</Text>
    </Box>
  );
};
