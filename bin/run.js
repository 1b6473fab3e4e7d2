#!/usr/bin/env node
import { enableCompileCache } from './compile-cache.js';

enableCompileCache();
const { exit, main } = await import('../dist/muster.js');
await exit(await main(['run', ...process.argv.slice(2)]));
