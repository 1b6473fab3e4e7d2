// Bundles muster into dist/, or into the folder that is named: the command line, with modules and heavy parts as files
// that are read when they are needed.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { rolldown } from 'rolldown';

const modulesFolder = 'runner/modules';
const out = process.argv[2] ?? 'dist';
const { resolve } = createRequire(import.meta.url);
const folderOf = (name) =>
  resolve
    .paths(name)
    .map((folder) => `${folder}/${name}`)
    .find((folder) => existsSync(folder));
const yamlFolder = folderOf('yaml');
// What every run reads of other packages goes into the bundle: finding and opening so many files takes longer than they do.
const bundled = 'yaml commander nunjucks ipaddr.js p-limit yocto-queue fastest-levenshtein diff'.split(' ');

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
  // Other packages stay what they are. Of yaml every run needs the parser and nothing else, which takes a third of the
  // time to read in here, from the package's sources in ESM.
  external: (id) =>
    !id.startsWith('.') && !id.startsWith('/') && !bundled.some((name) => id === name || id.startsWith(`${name}/`)),
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
  // Names stay as they are, since errors show them; blanks and comments would only have to be read past.
  minify: { compress: false, mangle: false, codegen: true },
});
for (const name of bundled) copyLicense(name);
mkdirSync(`${out}/modules`, { recursive: true });
writeFileSync(`${out}/modules/index.json`, JSON.stringify(entries));

/** What is bundled goes with its license. */
function copyLicense(name) {
  const folder = folderOf(name);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  copyFileSync(`${folder}/${file}`, `${out}/${name}.LICENSE`);
}

/** The source file that finds modules is TypeScript; it is bundled by itself to be used here. */
async function loadModuleEntries() {
  const finder = await rolldown({ input: `${modulesFolder}/module-entries.ts`, platform: 'node' });
  const { output } = await finder.generate({ format: 'esm' });
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}
