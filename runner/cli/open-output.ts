import type { Config } from '../config/index.ts';
import { UsageError } from '../errors/index.ts';
import type { EventBus } from '../events/index.ts';
import { classicOutput, jsonLines, standardScreen } from '../output/index.ts';
import type { RunFlags } from './run-options.ts';

const forms = ['classic', 'jsonl'];

/** Attaches the output that --output asks for to the events. */
export const openOutput =
  (flags: RunFlags) =>
  (bus: EventBus, config: Config): void => {
    const form = flags.output ?? 'classic';
    const screen = standardScreen({ noColor: config.noColor, forceColor: config.forceColor });
    if (form === 'jsonl') bus.subscribe(jsonLines(screen.write));
    else if (form === 'classic') {
      bus.subscribe(
        classicOutput(screen, {
          verbosity: flags.verbose ?? config.verbosity,
          showsSkipped: config.displaySkippedHosts,
          showsOk: config.displayOkHosts,
          showsCustomStats: config.showCustomStats,
          diffContext: config.diffContext,
        }),
      );
    } else {
      throw new UsageError({ message: `there is no output '${form}'`, expected: `one of ${forms.join(', ')}` });
    }
  };
