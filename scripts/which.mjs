// node scripts/which.mjs: writes the map "Which adapter for which update?", its table for the page and for docs/methods.md.

import { PROJECT } from './command.mjs';
import { requireNode } from './node-version.mjs';

requireNode();
process.chdir(PROJECT);
import('./bundle.mjs').then(async ({ importBundled }) => {
  const { main } = await importBundled('which', ['src/experiment', 'src/math']);
  main(process.argv.slice(2));
});
