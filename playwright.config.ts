import { fileURLToPath } from 'node:url';
import { defineConfig, devices } from '@playwright/test';
import { findBrowser, findTestChromium, findWebKit, NO_WEBKIT } from './scripts/browser.mjs';

const port = Number(process.env.E2E_PORT ?? 4179);
const chromium = await findTestChromium();
const firefox = findBrowser('firefox');
const webkit = findWebKit();
// Workers read this file, too.
if (!webkit && process.env.TEST_WORKER_INDEX === undefined) console.log(NO_WEBKIT);

/** A browser that says nothing of its own to anybody, so that every request is the page's. */
const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Widths of texts as on most screens: whole pixels for each letter, as without windows, are up to 4 % off.
  '--font-render-hinting=none',
];
/** What Playwright switches off: only the last of these switches counts, so that ours has to repeat it. */
const OFF_BY_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'GlobalMediaControls',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'BlockOriginHeaderModificationOnRedirect',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'Translate',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
];
/** Every new window loads two pages for what drops down from its address bar, and a process for a next site: half a second. */
const NEVER_SEEN = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'SpareRendererForSitePerProcess'];
// An emulated GPU spends half its time on compiling the zeros that a browser writes into the memory of every workgroup. A
// kernel that leans on them fails here.
quiet.push('--enable-dawn-features=disable_workgroup_init');
quiet.push(`--disable-features=${[...OFF_BY_PLAYWRIGHT, ...NEVER_SEEN].join()}`);
// The page of the test before, emptied and with nothing stored, takes a fifth of a second less of the processor than a new one.
const desktop = { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 }, reuseContext: true };

export default defineConfig({
  testDir: 'e2e',
  fullyParallel: false,
  // Each test waits for a part of its time, which a third one uses on two cores. None asserts a time.
  workers: 3,
  // Of 300 tests in three browsers on a busy machine one may lose a race; npm test names each that needed its second try.
  retries: 1,
  forbidOnly: !!process.env.CI,
  // WebGPU is emulated where there is no GPU, and that is slow.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  globalTimeout: 2_400_000,
  // To keep all files of the build costs a context as much processor time as to open the page: offline.spec.ts does it.
  use: { baseURL: `http://localhost:${port}/`, serviceWorkers: 'block', trace: 'off', screenshot: 'off', video: 'off' },
  webServer: {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    command: `node scripts/start.mjs --no-build --no-open --port ${port}`,
    url: `http://localhost:${port}/`,
    reuseExistingServer: !process.env.CI && !process.env.E2E_PORT,
  },
  projects: [
    // The two that wait most begin first, or one worker ends with them alone.
    // The tests drive it themselves, over WebDriver.
    ...(webkit ? [{ name: 'webkit', testMatch: '*.webkit.spec.ts' }] : []),
    // Playwright drives an unpatched Firefox over WebDriver BiDi; emulateMedia and download events do not work there.
    ...(firefox
      ? [
          {
            name: 'firefox',
            testMatch: ['*.firefox.spec.ts', 'offline.spec.ts', 'frame.spec.ts'],
            use: {
              ...devices['Desktop Firefox'],
              viewport: { width: 1440, height: 900 },
              channel: 'moz-firefox',
              launchOptions: { executablePath: firefox },
            },
          },
        ]
      : []),
    {
      name: 'chromium',
      testMatch: '*.spec.ts',
      testIgnore: /\.(nogpu|firefox|webkit)\.spec\.ts$/,
      use: { ...desktop, launchOptions: { executablePath: chromium, args: [...quiet, '--enable-unsafe-webgpu'] } },
    },
    {
      // No adapter: what most visitors without a supported GPU have.
      name: 'chromium-nogpu',
      testMatch: '*.nogpu.spec.ts',
      use: { ...desktop, launchOptions: { executablePath: chromium, args: [...quiet, '--disable-gpu'] } },
    },
  ],
});
