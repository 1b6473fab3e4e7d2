#!/usr/bin/env node
import { quickStart } from './quick-start.js';

quickStart();
const { exit, main } = await import('../dist/muster.js');
await exit(await main(['run', ...process.argv.slice(2)]));
