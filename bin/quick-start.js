import * as module from 'node:module';
import { setFlagsFromString } from 'node:v8';

/** What makes a short run cheaper, where this version of Node has it; to be called before anything else is imported. */
export const quickStart = () => {
  // Compiled code is kept between starts (22.8 and newer).
  module.enableCompileCache?.();
  // Functions are optimized only when they have run a while longer: for most runs that work never pays for itself.
  if (/^2[02]\./.test(process.versions.node)) setFlagsFromString('--interrupt-budget=500000');
};
