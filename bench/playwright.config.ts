import base from '../playwright.config.ts';

const chromium = base.projects?.find(({ name }) => name === 'chromium');

export default {
  ...base,
  testDir: '.',
  // One at a time: parallel benches would time each other.
  workers: 1,
  timeout: 600_000,
  globalTimeout: 0,
  reporter: [['./reporter.ts']],
  projects: [{ ...chromium, testMatch: '*.bench.ts', testIgnore: [] }],
};
