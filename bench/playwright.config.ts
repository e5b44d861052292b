import base from '../playwright.config.ts';

const [chromium] = base.projects ?? [];

export default {
  ...base,
  testDir: '.',
  // One thing at a time, or the figures are of two things.
  workers: 1,
  timeout: 600_000,
  globalTimeout: 0,
  reporter: [['./reporter.ts']],
  projects: [{ ...chromium, testMatch: '*.bench.ts', testIgnore: [] }],
};
