/** The cost of train() beyond its steps: the whole call against the stepper alone, and where the time goes. */

import { test } from '@playwright/test';
import { openWorkbench } from '../e2e/workbench/workbench.ts';
import { servePageWithNames } from './beside/named-page.ts';
import { PAGE, pagePhases, WORKER, workerPhases } from './beside/phases.ts';
import { profilerOf } from './beside/profiler.ts';
import { type Case, countMessages, openCase, rewind, trainOnce } from './beside/scripted.ts';
import type { StepperPage } from './beside/stepper-page.ts';
import { machineOf, QUICK } from './machine.ts';
import { report, say } from './report.ts';
import { digits, median, quartilesText, spread } from './statistics.ts';
import { reached } from './steppers/goal.ts';
import { type Size, sizeWords } from './steppers/start.ts';

const SIZES: readonly Size[] = [
  { d: 64, rank: 8 },
  { d: 256, rank: 8 },
  { d: 512, rank: 16 },
  { d: 1024, rank: 16 },
];
const STEPS = [300, 1500];
const CASES: readonly Case[] = STEPS.flatMap((steps) =>
  SIZES.slice(0, QUICK ? 2 : 4).map((size) => ({ ...size, steps })),
);
/** Seven short runs or three long ones, after one that warms up. */
const roundsOf = ({ steps }: Case) => (QUICK || steps >= 1500 ? 3 : 7);
/** Spectra that a run keeps between frames; its packs end at them. */
const SPECTRA = 64;
/** Size from which a run's time over that of its steps is bounded. */
const FROM = 256;
const mostOf = ({ steps }: Case) => (steps < 1500 ? 1.5 : 1.25);

interface Profiled {
  readonly ms: number;
  readonly worker: ReadonlyMap<string, number>;
  readonly page: ReadonlyMap<string, number>;
}

test('train() against its steps', async ({ page, context }) => {
  const blank = await context.newPage();
  await openWorkbench(blank, 'bench/beside/stepper-page.ts');
  await countMessages(page);
  const rows = [];
  for (const one of CASES) {
    say(`${one.steps} steps of ${sizeWords(one)}`);
    await openCase(page, one);
    const alone = () =>
      blank.evaluate(
        ([run, pack]) => (globalThis as unknown as { workbench: StepperPage }).workbench.train(run, pack),
        [one, Math.ceil(one.steps / SPECTRA)] as const,
      );
    const times: { alone: number; whole: number }[] = [];
    let sent = { messages: 0, frames: 0, bytes: 0, spectra: 0 };
    for (let round = -1; round < roundsOf(one); round++) {
      await blank.bringToFront();
      const steps = await alone();
      await page.bringToFront();
      await rewind(page);
      const run = await trainOnce(page);
      if (run.steps !== one.steps || Math.abs(run.loss / steps.loss - 1) > 1e-12) throw new Error('Not the same run.');
      if (round >= 0) times.push({ alone: steps.ms / one.steps, whole: run.ms / one.steps });
      sent = run.sent;
    }
    const ratio = median(times.map(({ whole }) => whole)) / median(times.map((time) => time.alone));
    rows.push({
      'd = k, r': sizeWords(one),
      steps: one.steps,
      'a step alone, ms': quartilesText(spread(times.map((time) => time.alone))),
      'a step of train(), ms': quartilesText(spread(times.map(({ whole }) => whole))),
      'whole / steps': ratio.toFixed(2),
      'at most': one.d < FROM ? '–' : mostOf(one),
      reached: reached(one.d < FROM ? undefined : ratio <= mostOf(one)),
      messages: sent.messages,
      frames: sent.frames,
      spectra: sent.spectra,
      'MB sent': digits(sent.bytes / 1e6),
    });
  }
  report('beside', 'train() against its steps alone', await machineOf(page), rows, [
    `From the call of train() until its promise resolves with the run file, a visible page, \`?backend=wasm\`; in turns with the same run by the stepper alone on a blank page, in as many packs as a run has spectra. Medians (quartiles). Messages, frames and spectra are those that the worker sends in a run.`,
  ]);
});

test('where the time goes', async ({ page }) => {
  const named = await servePageWithNames();
  await countMessages(page);
  const rows = [];
  try {
    for (const one of CASES) {
      say(`${one.steps} steps of ${sizeWords(one)} are profiled`);
      await openCase(page, one, named.url);
      const { profiled, close } = await profilerOf(page);
      const runs: Profiled[] = [];
      for (let round = -1; round < roundsOf(one); round++) {
        await rewind(page);
        const { result, ...profiles } = await profiled(() => trainOnce(page));
        const { ms } = result;
        const phases = { worker: workerPhases(profiles.worker, ms), page: pagePhases(profiles.page, ms) };
        if (round >= 0) runs.push({ ms, ...phases });
      }
      await close();
      const middle = (of: (run: Profiled) => number) => digits(median(runs.map(of)));
      const columns = (thread: 'worker' | 'page', kinds: readonly string[]) =>
        Object.fromEntries(
          kinds.map((kind) => [`${thread}: ${kind}`, middle((run) => run[thread].get(kind) ?? 0)] as const),
        );
      rows.push({
        'd = k, r': sizeWords(one),
        steps: one.steps,
        'whole, ms': middle(({ ms }) => ms),
        ...columns('worker', WORKER),
        ...columns('page', PAGE),
      });
    }
  } finally {
    named.close();
  }
  report('beside-phases', 'Where the time of train() goes, milliseconds', await machineOf(page), rows, [
    'By the browser’s profiler, a sample every 0.2 ms in both threads, which makes the whole slower by a fifth or so. Copies: snapshots, factors and entries read from the module’s memory. Later: extremes of blocks, in slices between the steps. Messages: sent, with the turns that messages have between packs. The page’s other: layout, painting and the browser’s own work.',
  ]);
});
