// Writes docs/modules/ anew: npm run docs:modules
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { modulePages } from './index.ts';

const folder = new URL('../../../docs/modules/', import.meta.url);
const pages = await modulePages();
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(new URL(name, folder));
for (const [name, text] of pages) writeFileSync(new URL(name, folder), text);
