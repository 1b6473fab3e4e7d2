import { openTui } from '../../runner/tui/index.ts';
import { sampleServices } from './services.ts';

// A front end in a process that dies of a mistake, a moment after somebody pressed a key.
const services = sampleServices();
void openTui({
  services: {
    ...services,
    history: async () => {
      setTimeout(() => {
        throw new Error('nobody expected this');
      }, 0);
      return [];
    },
  },
  request: undefined,
  hasColor: true,
  stdout: process.stdout,
});
