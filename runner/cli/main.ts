import { exit } from './exit.ts';
import { main } from './index.ts';

await exit(await main(process.argv.slice(2)));
