import { compareSituations } from './compare-situations.ts';
import { lackingForSituations } from './needs.ts';
import { playMitogen } from './play.ts';
import { triedModules } from './situations.ts';
import { openTwin } from './twin.ts';

compareSituations({
  title: "package managers of other systems, in many situations on twin hosts that have them beside Debian's",
  lacking: await lackingForSituations(),
  modules: triedModules().filter(({ place }) => place === 'managers'),
  open: () => openTwin('managers'),
  theirPlayer: playMitogen,
});
