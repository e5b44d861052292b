// Installs the packages if those in node_modules differ from package-lock.json.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, PROJECT } from './command.mjs';

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean }> | null} */
function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(PROJECT, file), 'utf8')).packages;
  } catch {
    return null;
  }
}

/** Whether all locked versions are installed: file times mean little after a checkout; optional ones may not apply here. */
function installed() {
  const locked = packagesIn('package-lock.json');
  const present = packagesIn('node_modules/.package-lock.json');
  if (!locked || !present) return false;
  return Object.entries(locked).every(
    ([path, entry]) => path === '' || present[path]?.version === entry.version || (entry.optional && !present[path]),
  );
}

/** Ensures the packages; ends the process with advice if they are not available. */
export async function ensurePackages() {
  if (installed()) return;
  console.log('Installing packages (some seconds to a minute) …');
  const code = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code === 0) return;
  console.error(
    code === 127
      ? 'npm was not found. It comes with Node: install Node from https://nodejs.org, then run this again.'
      : `The packages could not be installed (npm ci ended with ${code}; its own words are above).\n` +
          'Is this machine online, and may this folder be written to? Then run this again.',
  );
  process.exit(1);
}
