import { crc32, deflateSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import fc from 'fast-check';
import { encodeMatrix } from '../src/experiment/matrix-file/matrix-data.ts';
import { anyFile } from '../src/experiment/matrix-file/testing/any-file.ts';
import { ascii, bytesOf, npyFile, npyOf, PICTURES } from '../src/experiment/matrix-file/testing/files.ts';
import { quarterOf } from '../src/math/testing/part-of.ts';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { currentLink, openLink, runOf, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

type NamedFile = readonly [name: string, file: Uint8Array<ArrayBufferLike>];

const utf8 = (text: string) => new TextEncoder().encode(text);
const npy = (values: readonly number[]) => npyOf(2, 2, [...values], '<f8', false);
/** Four numbers of a type, or a header that declares another shape. */
const typed = (descr: string, body: number[], shape = '2, 2') =>
  npyFile({
    header: `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`,
    body: Uint8Array.from(body),
  });
/** Header of a PNG of 10,000 × 10,000 pixels. */
const BOMB = ascii('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x27\x10\0\0\x27\x10\x08\0\0\0\0');
const [, , , PNG] = PICTURES[0];

function rowOfPixels(width: number): Uint8Array {
  const chunk = (type: string, body: Uint8Array) => {
    const [named, ends] = [Buffer.concat([Buffer.from(type), body]), Buffer.alloc(8)];
    ends.writeUInt32BE(body.length, 0);
    ends.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
  };
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  const body = deflateSync(Buffer.alloc(1 + width));
  return Buffer.concat([
    ascii('\x89PNG\r\n\x1a\n'),
    chunk('IHDR', header),
    chunk('IDAT', body),
    chunk('IEND', ascii('')),
  ]);
}

/** Files with the page's message; null: a valid matrix. */
const NAMED: readonly (readonly [...NamedFile, says: RegExp | null])[] = [
  ['nan.csv', utf8('1,2\n3,NaN'), /line 2, column 2: .*found "NaN"/],
  ['inf.csv', utf8('1,inf\n3,4'), /line 1, column 2/],
  ['nan.npy', npy([1, Number.NaN, 2, 3]), /row 1, column 2/],
  ['minus-inf.npy', npy([1, 2, Number.NEGATIVE_INFINITY, 3]), /row 2, column 1/],
  ['1e31.json', utf8('[[1, 2], [1e31, 4]]'), /row 2, column 1.*10³⁰/],
  ['1e30.csv', utf8('1,2\n3,1e30'), null],
  ['ragged.csv', utf8('1,2\n3'), /line 2 has 1/],
  ['one.csv', utf8('7'), /the only number is 7/],
  ['equal.csv', utf8('2,2\n2,2'), /every number is 2/],
  ['zero.tsv', utf8('0\t0\n0\t0'), /every number is 0/],
  ['magic.npy', ascii('\x93NUMPX\x01\0'), /npy/],
  ['half.npy', typed('<f2', [0, 0x3c, 0, 0xc0, 0, 0, 0, 0x38]), null],
  ['inf-half.npy', typed('<f2', [0, 0x3c, 0, 0xfc, 0, 0, 0, 0x38]), /row 1, column 2: .*found −∞/],
  ['bytes.npy', typed('|u1', [1, 2, 3, 5]), null],
  ['truths.npy', typed('|b1', [1, 0, 0, 0]), null],
  ['complex.npy', typed('<c8', []), /type "<c8"; .*float16, float32, float64, integers or bool/],
  ['large.npy', typed('|u1', [1, 2], '4097, 2'), /4097 × 2; the limit is 4096 × 4096/],
  ['cut.npy', npy([1, 2, 3, 4]).subarray(0, 100), /cut off|bytes/],
  ['bomb.png', BOMB, /10000 × 10000 pixels/],
  ['long.png', rowOfPixels(40_000_000), /40000000 × 1 pixels: it is larger than what the browser decodes/],
  ['short.png', rowOfPixels(40_000), /every number is 0/],
  ['cut.png', bytesOf(PNG).subarray(0, 60), /cannot decode/],
  ['empty.csv', new Uint8Array(0), /the file is empty/],
  ['text.txt', utf8('hello world'), /expected a number/],
  ['data.json', utf8('{"data": [[1, 2], [3, 5]]}'), null],
];

/** Reopens the panel, gives it a file as its button does (or pastes its text), and waits for the message. */
function bring(page: Page, files: readonly NamedFile[], pasted = false): Promise<string[]> {
  const listed = files.map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')] as const);
  return page.evaluate(
    async ([given, asText]) => {
      const find = <T extends Element>(selector: string) => document.querySelector<T>(selector);
      const until = async <T>(read: () => T | null | undefined): Promise<T> => {
        for (const end = performance.now() + 60_000; performance.now() < end; ) {
          const found = read();
          if (found) return found;
          await new Promise((later) => setTimeout(later, 4));
        }
        throw new Error(`nothing was said of ${now}`);
      };
      let now = '';
      const said: string[] = [];
      for (const [name, base64] of given) {
        now = `${name} ${base64}`;
        find<HTMLElement>('dialog .head button')?.click();
        await until(() => !find('dialog'));
        [...document.querySelectorAll<HTMLElement>('.tile')].find((t) => t.textContent === 'matrix')?.click();
        const input = await until(() => find<HTMLInputElement>('dialog input[type=file]'));
        const data = new DataTransfer();
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        if (asText) {
          data.setData('text', `${new TextDecoder().decode(bytes)}${' '.repeat(20_001)}`);
          const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
          find('dialog textarea')?.dispatchEvent(paste);
        } else {
          data.items.add(new File([bytes], name));
          input.files = data.files;
          input.dispatchEvent(new Event('change', { bubbles: true }));
        }
        const outcome = await until(() => find('dialog [role=alert], dialog .brought'));
        said.push(outcome.textContent ?? '');
      }
      return said;
    },
    [listed, pasted] as const,
  );
}

async function use(page: Page, file: NamedFile) {
  await bring(page, [file]);
  await page.getByRole('button', { name: 'Use this matrix' }).click();
  await expect.poll(() => currentLink(page)).toContain('target=matrix');
  return trainRun(page);
}

async function start(page: Page, rest = '') {
  await page.goto(`./?backend=cpu#v=1&target=decay&d=8&k=8&rank=2&steps=20${rest}`);
  await waitUntilReady(page);
}

test('bad matrices and pictures end in a sentence, and many fuzzed ones in that or a matrix', async ({ page }) => {
  await start(page);
  const said = await bring(
    page,
    NAMED.map(([name, bytes]) => [name, bytes] as const),
  );
  for (const [i, [name, , says]] of NAMED.entries()) expect(said[i], name).toMatch(says ?? /Use this matrix/);

  const names = ['a.csv', 'a.npy', 'a.json', 'a.png', ''];
  const fuzzed = fc.sample(anyFile, { numRuns: quarterOf(30), seed: 7 });
  const files = fuzzed.map((bytes, i) => [names[i % names.length], bytes] as const);
  for (const text of await bring(page, files))
    expect(text).toMatch(/^Could not read it: .{10,400}\.$|Use this matrix/s);
  for (const text of await bring(page, files.slice(0, quarterOf(10)), true))
    expect(text).toMatch(/^Could not read it: |Use this matrix/);
  await page.keyboard.press('Escape');
  expect((await trainRun(page, 5)).trace.loss).toHaveLength(6);
});

test('a CSV, an .npy and a PNG train, scaled to σ₁ = 1', async ({ page }) => {
  await start(page);
  const good: readonly (readonly [...NamedFile, d: number, k: number])[] = [
    ['a.csv', utf8('1;2,5;3\n4;5;7'), 2, 3],
    ['a.npy', npy([1, 2, 3, 5]), 2, 2],
    ['a.png', bytesOf(PNG), 5, 7],
    ['large.csv', utf8('1,2\n3,1e30'), 2, 2],
  ];
  for (const [name, bytes, d, k] of good) {
    const run = await use(page, [name, bytes]);
    expect([run.status, run.config.d, run.config.k, run.config.normalise], name).toEqual(['finished', d, k, 1]);
    expect(run.trace.loss.at(-1) ?? 1, name).toBeLessThan(run.trace.loss[0]);
  }
});

function drop(page: Page, name: string, text: string) {
  return page.evaluate(
    ([n, t]) => {
      const data = new DataTransfer();
      data.items.add(new File([t], n));
      for (const type of ['dragenter', 'dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    [name, text] as const,
  );
}

for (const [d, k] of [
  [3, 2],
  [64, 64],
  [520, 130],
])
  test(`a run file brings its matrix of ${d} × ${k} back`, async ({ page }) => {
    const data = Float32Array.from({ length: d * k }, (_, i) => Math.fround(Math.sin(i * i)));
    const text = await encodeMatrix({ rows: d, cols: k, data });
    const shared = `#v=1&target=matrix&normalise=0&d=${d}&k=${k}&rank=2&steps=3&data=${text}`;
    await start(page);
    expect((await openLink(page, shared)).notices).toEqual([]);
    const before = await trainRun(page);
    expect(before.link.endsWith(`&data=${text}`)).toBe(true);
    await openLink(page, '#v=1&d=4&k=4');
    await drop(page, 'run.json', JSON.stringify(before));
    await expect.poll(async () => (await runOf(page)).trace.loss.length, { timeout: 30_000 }).toBe(4);
    const after = await runOf(page);
    expect([after.link === before.link, after.layers[0].final, after.trace]).toEqual([
      true,
      before.layers[0].final,
      before.trace,
    ]);
    expect(after.layers[0].target).toEqual(before.layers[0].target);
    expect((await trainRun(page, 2)).trace.loss.slice(0, 4)).toEqual(before.trace.loss);
    // The address bar follows a moment later, and carries no megabytes.
    const address = () => page.evaluate(() => location.hash);
    await expect.poll(address).toContain(`target=matrix&normalise=0&d=${d}&k=${k}`);
    expect((await address()).includes(text)).toBe(text.length < 50_000);
    if (before.link.length < 8000) return;
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await expect(page.getByText('Your matrix is too large for a link')).toBeVisible();
  });

test('a link with a matrix of another size, a damaged one or none says so', async ({ page }) => {
  await start(page);
  const data = await encodeMatrix({ rows: 3, cols: 2, data: Float32Array.of(1, 2, 3, 4, 5, 6) });
  const sized = await openLink(page, `#v=1&target=matrix&d=8&k=2&rank=2&data=${data}`);
  expect(sized.notices).toEqual(['d=8: must be 3 with this matrix of 3 × 2; using 3.']);
  expect((await runOf(page)).config).toMatchObject({ target: 'matrix', d: 3, k: 2 });
  expect((await openLink(page, `#v=1&target=matrix&rank=2&data=${data}`)).notices).toEqual([]);
  for (const bad of ['', `&data=${data.slice(0, -8)}`, '&data=AAAA', `&data=${'Dw'.padEnd(3_000_000, 'A')}`]) {
    const { notices } = await openLink(page, `#v=1&target=matrix&d=6&k=5${bad}`);
    expect(notices.join(' ')).toContain('using low-rank');
    expect((await runOf(page)).config).toMatchObject({ target: 'low-rank', d: 6, k: 5 });
  }
});

test('axe finds nothing in the panel, light and dark', async ({ page }) => {
  await start(page);
  for (const says of ['1,2\n3,5', '1,2\n3,x']) {
    await bring(page, [['a.csv', utf8(says)]]);
    for (const scheme of ['light', 'dark'] as const) {
      await setColorScheme(page, scheme);
      await expectNoViolations(page, `${says} ${scheme}`, 'dialog');
    }
  }
});
