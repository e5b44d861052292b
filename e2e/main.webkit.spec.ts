/** The main paths in WebKitGTK, by its own pointer and keyboard. */

import { test as base } from '@playwright/test';
import { makeFile, makePair } from '../src/adapters/file/testing/make-file.ts';
import { expectRecordedBits, expectRecordedStarts } from './bits.ts';
import { deviceOf, expectBitsOfDevice, expectBitsOfNode, runsOf } from './builds.ts';
import { expectDialBits } from './dials.ts';
import { drop } from './drop.ts';
import { currentLink, openLink, runOf, trainRun, waitUntilReady } from './explorer.ts';
import { expect } from './fixtures.ts';
import { WebKit } from './webdriver.ts';

const test = base.extend<{ webkit: WebKit }, { session: WebKit }>({
  session: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures this one needs.
    async ({}, use) => {
      const session = await WebKit.start();
      await use(session);
      await session.stop();
    },
    { scope: 'worker' },
  ],
  webkit: async ({ session, baseURL }, use) => {
    session.base = baseURL ?? '';
    await use(session);
    expect(await session.complaints(), 'complaints of the browser').toEqual([]);
  },
});

const SMALL = '#v=1&target=picture&d=64&k=64&rank=8&steps=60&pace=max';

test('WebKit: a link opens, trains by mouse, draws every step; shared, it opens again', async ({ webkit }) => {
  const { page } = webkit;
  await webkit.goto(`./${SMALL}`);
  expect((await waitUntilReady(page)).backend).toBe('wasm');
  await webkit.find('.st', /Ready, step 0 of 60/);
  await webkit.click('.transport button', 'Train');
  await webkit.find('.st', /Finished, 60 of 60 steps/);
  const run = await runOf(page);
  expect(run.trace.loss).toHaveLength(61);
  expect(run.layers[0].trace.effectiveRank.step).toEqual(run.trace.step);
  await webkit.find('[data-chart=effectiveRank] path.main.dw');
  expect(await webkit.evaluate(() => document.querySelectorAll('[data-chart=effectiveRank] .jump').length)).toBe(0);

  const shared = await currentLink(page);
  await webkit.click('.bar button', 'Share');
  await webkit.find('dialog [readonly]');
  const offered = await webkit.evaluate(() => document.querySelector<HTMLTextAreaElement>('dialog [readonly]')?.value);
  expect(offered).toContain(shared);
  await webkit.press('Escape');
  await openLink(page, '#v=1&d=8&k=8');
  expect((await openLink(page, shared)).notices).toEqual([]);
  expect(await currentLink(page)).toBe(shared);
  expect((await trainRun(page)).trace).toEqual(run.trace);
});

test('WebKit: what is drawn on the owl becomes the update, trains, and travels in the link', async ({ webkit }) => {
  const { page } = webkit;
  await webkit.goto('./#v=1&target=edit&steps=40&pace=max');
  await waitUntilReady(page);
  await webkit.click('[data-param=edit] button', 'drawn');
  await webkit.find('.pad');
  await webkit.drag('.pad', [
    [0.5, 0.2],
    [0.7, 0.5],
    [0.9, 0.7],
  ]);
  await webkit.find('.findings [role=status]', /^lowest possible error at rank 8: 0\.\d+, \d+ directions$/);
  await webkit.click('button', 'Use it');
  await webkit.find('.st', /Finished, 40 of 40 steps/);
  const shared = await currentLink(page);
  expect(shared).toMatch(/target=edit&.*data=/);
  const { layers } = await runOf(page);
  await openLink(page, '#v=1&d=8&k=8');
  expect((await openLink(page, shared)).notices).toEqual([]);
  expect((await runOf(page)).layers[0].target).toEqual(layers[0].target);
});

test('WebKit: a lesson is opened from its list, guessed in by keys, trained, and left', async ({ webkit }) => {
  await webkit.goto('./#v=1');
  await webkit.click('.bar button', 'Lessons');
  await webkit.click('button', /^Begin lesson 0/);
  await webkit.click('.lesson button', 'Next →');
  await webkit.find('.lesson .progress button:nth-child(2)[aria-current=step]');
  await webkit.goto('./#v=1&lesson=rank&step=1');
  await webkit.find('.lesson .try [role=status]', /^Nothing drawn yet\./);
  await webkit.focus('.guess-chart input[type=range]');
  await webkit.press('PageUp', 'ArrowRight', 'ArrowUp');
  await webkit.find('.guess-chart input[aria-valuetext="0.610"]', 'your guess, rank 2');
  for (let rank = 4; rank <= 32; rank *= 2) await webkit.press('ArrowRight', 'PageDown');
  await webkit.find('.lesson .try [role=status]', /^Drawn\. Now train/);
  await webkit.click('.lesson button', 'Train six ranks');
  const furthest = /You were furthest off at rank 8: you drew 0\.41, the run ended at 0\.172\./;
  await webkit.find('.lesson .try [role=status]', furthest);
  await webkit.press('Escape');
  await webkit.find('.transport button', 'Train');
});

test('WebKit: a sweep runs, and a cell opens in the lab with its error', async ({ webkit }) => {
  const { page } = webkit;
  await webkit.goto('./#v=1&target=decay&d=16&k=16&rank=4&steps=40&seed=3&pace=max&sweep=lr:0.01,0.02;rank:2,4');
  await webkit.click('button', 'Run sweep');
  await webkit.find('.swt .st b', 'Finished');
  await webkit.focus('[role=grid]');
  await webkit.press('ArrowRight', 'ArrowDown');
  const cell = await webkit.evaluate(() => {
    const id = document.querySelector('[role=grid]')?.getAttribute('aria-activedescendant') ?? '';
    return document.getElementById(id)?.getAttribute('aria-label') ?? '';
  });
  const [, error] = /^r = 4, rate 0\.02: error ([\d.]+)/.exec(cell) ?? [];
  await webkit.press('Enter');
  await webkit.find('.st > b', 'Finished');
  const { config, trace } = await runOf(page);
  expect([config.rank, config.lr]).toEqual([4, 0.02]);
  expect(trace.relativeError.at(-1)?.toPrecision(3)).toBe(error);
  expect(await currentLink(page)).not.toContain('sweep=');
});

test('WebKit: adapter files are dropped and measured, and a module of theirs trains in the lab', async ({ webkit }) => {
  const { page } = webkit;
  const { B, A } = makePair(48, 32, [4, 2, 1, 0.2], 1);
  const module = 'model.layers.0.self_attn.q_proj';
  const { blob } = await makeFile('style.safetensors', [
    { name: `base_model.model.${module}.lora_A.weight`, shape: [4, 32], values: A.data },
    { name: `base_model.model.${module}.lora_B.weight`, shape: [48, 4], values: B.data },
  ]);
  const bytes = Buffer.from(await blob.arrayBuffer());
  const config = Buffer.from(JSON.stringify({ peft_type: 'LORA', r: 4, lora_alpha: 8 }));
  await webkit.goto('./#v=1&view=adapters');
  await waitUntilReady(page);
  await webkit.find('h2', 'Drop a LoRA adapter here');
  await drop(page, [
    ['style.safetensors', bytes],
    ['adapter_config.json', config],
  ]);
  await webkit.find('.facts dd', 'α = 8, s = α/r = 2');
  const product = Array.from({ length: 48 * 32 }, (_, at) => {
    const [row, column] = [Math.floor(at / 32), at % 32];
    return [0, 1, 2, 3].reduce((sum, r) => sum + B.data[row * 4 + r] * A.data[r * 32 + column], 0);
  });
  const norm = 2 * Math.hypot(...product);
  await webkit.find('.adapter-module', new RegExp(`‖ΔW‖, Frobenius${norm.toPrecision(3)}`));
  await webkit.click('button', 'Open in the Lab');
  await webkit.find('.rail', /ΔW of layer 0 · attention q, from style\.safetensors\./);
  const run = await trainRun(page, 40);
  expect([run.config.d, run.config.k, run.config.rank, run.config.alpha]).toEqual([48, 32, 4, 8]);
  expect(run.trace.relativeError).toHaveLength(41);
});

test('WebKit: the recorded bits of W₀, ΔW*, A and B', ({ webkit }) => expectRecordedBits(webkit.page, ''));

test('WebKit: four knobs turned together by powers of two change no bit, and all bits are those of Node', ({
  webkit,
}) => expectDialBits(webkit.page));

test('WebKit: every method has the recorded start', ({ webkit }) => expectRecordedStarts(webkit.page, ''));

test('WebKit: the bits of a run are those of Node and Chromium, in plain JavaScript and in its build', async ({
  webkit,
}) => {
  await expectBitsOfNode(webkit.page);
  const runs = await runsOf(webkit.page);
  await expectBitsOfDevice(runs, await deviceOf(webkit.page));
});
