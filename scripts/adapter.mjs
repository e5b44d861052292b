// npm run adapter -- info|resize|merge|grow|continue|convert|extract FILE …: adapter files from the command line, by the page's own library.

import { requireNode } from './node-version.mjs';

requireNode();
import('./bundle.mjs').then(async ({ importBundled }) => {
  const sources = ['src/adapters', 'src/engine', 'src/experiment', 'src/math', 'scripts/adapter-files.mjs'];
  const { main } = await importBundled('adapter', sources);
  process.exitCode = await main(process.argv.slice(2));
});
