import { compareSituations } from './compare-situations.ts';
import { lackingForSituations, lackingForTwins } from './needs.ts';
import { playAnsible, playMitogen } from './play.ts';
import { triedModules } from './situations.ts';
import { openTwin } from './twin.ts';

const modules = triedModules();
const open = () => openTwin('managers');

compareSituations({
  title: "package managers of other systems, in many situations on twin hosts that have them beside Debian's",
  lacking: await lackingForSituations(),
  modules: modules.filter(({ place }) => place === 'managers'),
  open,
  theirPlayer: playMitogen,
});

compareSituations({
  title: 'modules that go to one of several package managers, in many situations on such hosts',
  lacking: await lackingForTwins(),
  modules: modules.filter(({ place }) => place === 'managers without Mitogen'),
  open,
  theirPlayer: playAnsible,
});
