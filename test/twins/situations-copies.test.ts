import { compareSituations } from './compare-situations.ts';
import { openCopy } from './copy.ts';
import { lackingForCopies } from './needs.ts';
import { playMitogen } from './play.ts';
import { triedModules } from './situations.ts';

compareSituations({
  title: 'modules that need tools, in many situations on twin copies of this machine',
  lacking: await lackingForCopies(),
  modules: triedModules().filter(({ place }) => place === 'copy'),
  open: openCopy,
  theirPlayer: playMitogen,
});
