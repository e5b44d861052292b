// node scripts/pretrain.mjs digits | --verify digits | --table sort-down …: makes the shipped weights of networks, or checks them.

import { PROJECT } from './command.mjs';
import { requireNode } from './node-version.mjs';

requireNode();
process.chdir(PROJECT);
import('./bundle.mjs').then(async ({ importBundled }) => {
  const { main } = await importBundled('pretrain', ['src/adapters/file', 'src/engine', 'src/experiment', 'src/math']);
  process.exitCode = await main(process.argv.slice(2));
});
