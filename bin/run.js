#!/usr/bin/env node
import { enableCompileCache } from './compile-cache.js';

enableCompileCache();
const { main } = await import('../dist/muster.js');
process.exitCode = await main(['run', ...process.argv.slice(2)]);
