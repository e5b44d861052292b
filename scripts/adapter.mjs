// npm run adapter -- info|resize|merge|convert FILE …: adapter files from the command line, by the page's own library.

import { requireNode } from './node-version.mjs';

requireNode();
import('./run-adapter.mjs').then((adapter) => adapter.runAdapter(process.argv.slice(2)));
