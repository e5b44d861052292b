import { deviceOf, expectBitsOfDevice, expectBitsOfNode, initialStateOf, PROCESSOR, runsOf } from './builds.ts';
import { type FetchedFile, recordFetches } from './first-load.ts';
import { expect, test } from './fixtures.ts';

/** Simulates the lack of relaxed SIMD: validation of a module with an f32x4.relaxed_madd (0xfd 0x85 0x02) fails. */
const WITHOUT = `{
  const { validate } = WebAssembly;
  const relaxed = (byte, i, all) => byte === 0xfd && all[i + 1] === 0x85 && all[i + 2] === 2;
  WebAssembly.validate = (bytes) => !bytes.some(relaxed) && validate(bytes);
}
`;

test('a browser without relaxed SIMD takes the plain build: the same starts, bit for bit, and the same curves within rounding', async ({
  page,
  context,
  baseURL,
}) => {
  const [base, other] = [baseURL ?? '', await context.newPage()];
  const [fetched, fetchedByOther] = [recordFetches(page, base), recordFetches(other, base)];
  const runs = await runsOf(page);
  await expectBitsOfDevice(runs, await deviceOf(page));
  let asked = 0;
  await other.route(/\/assets\/worker-[^/]*\.js$/, async (route) => {
    asked++;
    const response = await route.fetch();
    await route.fulfill({ response, body: WITHOUT + (await response.text()) });
  });
  const without = await runsOf(other);
  // A worker of its own for full fine-tuning beside the network.
  expect(asked).toBeGreaterThan(0);
  await expectBitsOfDevice(without, PROCESSOR);
  expect(initialStateOf(without)).toEqual(initialStateOf(runs));
  const builds = (files: readonly FetchedFile[]) =>
    new Set(files.flatMap(({ file }) => /(plain|relaxed)-[^/]*\.wasm$/.exec(file)?.[1] ?? []));
  expect(builds(fetched()).size).toBe(1);
  expect([...builds(fetchedByOther())]).toEqual(['plain']);
});

test('plain JavaScript computes the bits that Node does', async ({ page }) => {
  await expectBitsOfNode(page);
});
