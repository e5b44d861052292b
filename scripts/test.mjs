// npm test: from a fresh clone to one last line "N passed, M failed".

import { requireNode } from './node-version.mjs';

requireNode();
import('./run-tests.mjs').then((tests) => tests.runTests());
