// Bundles muster into dist/, or into the folder that is named: the command line, with modules and heavy parts as files
// that are read when they are needed.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { rolldown } from 'rolldown';

const modulesFolder = 'runner/modules';
const out = process.argv[2] ?? 'dist';
const yamlFolder = dirname(createRequire(import.meta.url).resolve('yaml/package.json'));

const { moduleEntries } = await loadModuleEntries();
const entries = readdirSync(modulesFolder).flatMap((file) =>
  moduleEntries(file, () => readFileSync(`${modulesFolder}/${file}`, 'utf8')),
);

rmSync(out, { recursive: true, force: true });
const bundle = await rolldown({
  input: {
    muster: 'runner/cli/index.ts',
    ...Object.fromEntries(entries.map(({ file }) => [`modules/${file.slice(0, -3)}`, `${modulesFolder}/${file}`])),
  },
  platform: 'node',
  // Packages stay what they are; only muster's own sources are put together. Of yaml every run needs the parser and
  // nothing else, which takes a third of the time to read in here, from the package's sources in ESM.
  external: (id) => id !== 'yaml' && !id.startsWith('.') && !id.startsWith('/'),
  resolve: { alias: { yaml: `${yamlFolder}/browser/index.js` } },
  treeshake: { moduleSideEffects: (id) => !id.startsWith(yamlFolder) },
});
await bundle.write({
  dir: out,
  format: 'esm',
  entryFileNames: '[name].js',
  // Chunks lie beside the entry, so that import.meta.url means the same place in all of them.
  chunkFileNames: '[name]-[hash].js',
  sourcemap: true,
});
copyFileSync(`${yamlFolder}/LICENSE`, `${out}/yaml.LICENSE`);
mkdirSync(`${out}/modules`, { recursive: true });
writeFileSync(`${out}/modules/index.json`, JSON.stringify(entries));

/** The source file that finds modules is TypeScript; it is bundled by itself to be used here. */
async function loadModuleEntries() {
  const finder = await rolldown({ input: `${modulesFolder}/module-entries.ts`, platform: 'node' });
  const { output } = await finder.generate({ format: 'esm' });
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}
