// npm run bench: builds, then measures in a browser. --quick takes fewer sizes and rounds, --large an
// adapter file of 1 GB too, --write-docs puts the tables
// into docs/; other arguments are passed to Playwright, such as a part of a file name.

import { requireNode } from './node-version.mjs';

requireNode();
import('./run-bench.mjs').then((bench) => bench.runBench(process.argv.slice(2)));
