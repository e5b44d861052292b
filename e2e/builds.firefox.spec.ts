import { deviceOf, expectBitsOfDevice, expectBitsOfNode, runsOf } from './builds.ts';
import { test } from './fixtures.ts';

test('Firefox: the build that it takes, by its name, computes the bits that Node and Chromium do', async ({ page }) => {
  const runs = await runsOf(page);
  await expectBitsOfDevice(runs, await deviceOf(page));
});

test('Firefox: plain JavaScript computes the bits that Node and Chromium do', async ({ page }) => {
  await expectBitsOfNode(page);
});
