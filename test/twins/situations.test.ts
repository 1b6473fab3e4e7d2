import { compareSituations } from './compare-situations.ts';
import { lackingForSituations, lackingForTwins } from './needs.ts';
import { playAnsible, playMitogen } from './play.ts';
import { triedModules } from './situations.ts';
import { openTwin } from './twin.ts';

const modules = triedModules();

compareSituations({
  title: 'modules in many situations, by muster and by ansible-playbook on twin hosts',
  lacking: await lackingForSituations(),
  modules: modules.filter(({ place }) => place === 'host'),
  open: openTwin,
  theirPlayer: playMitogen,
});

compareSituations({
  title: 'modules that Mitogen cannot run, in many situations on twin hosts',
  lacking: await lackingForTwins(),
  modules: modules.filter(({ place }) => place === 'host without Mitogen'),
  open: openTwin,
  theirPlayer: playAnsible,
});
