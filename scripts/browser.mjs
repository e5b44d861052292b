// Finds the browsers that the end-to-end tests drive, and installs what is missing.

import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, tool } from './command.mjs';

/** Debian's Chromium without windows: the same engine, and the tests take an eighth less of the processor in it. */
const SHELL = 'chromium-headless-shell';

/** Places of each browser: variables that name it, names on the path, and the usual locations. */
const PLACES = {
  chromium: {
    variables: ['CHROME_PATH', 'PLAYWRIGHT_CHROMIUM_EXECUTABLE'],
    names: ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', SHELL],
    files: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    ],
  },
  firefox: {
    variables: ['FIREFOX_PATH'],
    names: ['firefox-esr', 'firefox'],
    files: ['/Applications/Firefox.app/Contents/MacOS/firefox', 'C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
  },
};

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program of a browser, or undefined. A variable that names a missing file is a mistake that must be seen, so it throws.
 * @param {keyof typeof PLACES} browser @returns {string | undefined} */
export function findBrowser(browser) {
  const { variables, names, files } = PLACES[browser];
  for (const variable of variables) {
    const file = process.env[variable];
    if (!file) continue;
    if (!isProgram(file)) throw new Error(`${variable} names ${file}, which is no program on this machine.`);
    return file;
  }
  return onPath(names) ?? files.find(isProgram);
}

/** @param {readonly string[]} names @returns {string | undefined} */
function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** @param {string} folder @returns {string[]} */
const inside = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);

/**
 * WebKitGTK: its driver, its MiniBrowser, and a screen for the window, a virtual one if possible. Playwright cannot drive it.
 * @returns {{ driver: string, browser: string, xvfb: string | undefined } | undefined}
 */
export function findWebKit() {
  const driver = onPath(['WebKitWebDriver']);
  const xvfb = onPath(['Xvfb']);
  // Debian: /usr/lib/x86_64-linux-gnu/webkit2gtk-4.1; Fedora: /usr/libexec/webkit2gtk-4.1.
  const browser = ['/usr/libexec', '/usr/lib', ...inside('/usr/lib').filter((folder) => folder.endsWith('-gnu'))]
    .flatMap(inside)
    .filter((folder) => /\/webkit(2)?gtk-[\d.]+$/.test(folder))
    .map((folder) => join(folder, 'MiniBrowser'))
    .find(isProgram);
  return driver && browser && (xvfb || process.env.DISPLAY) ? { driver, browser, xvfb } : undefined;
}

export const NO_WEBKIT =
  'No WebKitGTK with a driver and a screen here, so its tests are left out. On Debian: apt-get install webkit2gtk-driver xvfb';

/** Chrome or Chromium: an installed one, otherwise Playwright's own. */
export async function findChromium() {
  const installed = findBrowser('chromium');
  if (installed) return installed;
  const { chromium } = await import('@playwright/test');
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined;
}

/** The Chromium that the tests drive: if no variable names one, rather one without windows. */
export async function findTestChromium() {
  const named = PLACES.chromium.variables.some((variable) => process.env[variable]);
  return (named ? undefined : onPath([SHELL])) ?? findChromium();
}

/** Whether this is Debian itself: Ubuntu's packages of these names only point to snaps. */
function isDebian() {
  const release = '/etc/os-release';
  return existsSync(release) && /^ID=("?)debian\1$/m.test(readFileSync(release, 'utf8'));
}

let listsAreFresh = false;

/** @param {readonly string[]} packages */
async function aptInstall(packages) {
  if (process.getuid?.() !== 0 || !isDebian()) return;
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, limit: 240, quiet: true };
  console.log(`Installing ${packages.join(' and ')} with apt-get (a minute or two) …`);
  if (!listsAreFresh) await run('apt-get', ['update', '-q'], options);
  listsAreFresh = true;
  await run('apt-get', ['install', '-qy', '--no-install-recommends', ...packages], options);
}

/** A Chromium, installed if necessary; if none is available, undefined after printing advice. */
export async function ensureChromium() {
  // Older releases have no package of the one without windows.
  for (const name of [SHELL, 'chromium']) if (!(await findChromium())) await aptInstall([name, 'fonts-liberation']);
  if (!(await findChromium())) {
    console.log('Fetching a Chromium with Playwright …');
    const root = process.platform === 'linux' && process.getuid?.() === 0;
    await tool('playwright', ['install', ...(root ? ['--with-deps'] : []), 'chromium'], { limit: 240 });
  }
  const found = await findChromium();
  if (!found)
    console.log(
      'No Chrome or Chromium could be found or installed. Install one, or name its program in CHROME_PATH, and run this again.',
    );
  return found;
}

/** A Firefox; tests continue without one. */
export async function ensureFirefox() {
  if (!findBrowser('firefox')) await aptInstall(['firefox-esr']);
  const found = findBrowser('firefox');
  if (!found) console.log('No Firefox here, so its tests are left out. Name its program in FIREFOX_PATH to run them.');
  return found;
}
