// npm start: from a fresh clone to the page. Flags: --port N, --no-build, --no-open.

import { requireNode } from './node-version.mjs';

requireNode();
// Imported after the check, so that an old Node still prints that sentence.
import('./show-page.mjs').then((page) => page.showPage(process.argv.slice(2)));
