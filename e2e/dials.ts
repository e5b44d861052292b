/** Four knobs, two dials: what the page computes of its two runs, and that Node computes the same bits. */

import { prepareModule } from '../src/experiment/layer/testing/one-module.ts';
import {
  checksumOf,
  type DialRule,
  dialRun,
  differenceOf,
  turned,
  UNTURNED,
} from '../src/experiment/prediction/dials.ts';
import { change, defaults } from '../src/experiment/settings/experiment.ts';
import { type ScriptedPage, waitUntilReady } from './explorer.ts';
import { expect } from './fixtures.ts';

/** The runs of the panel: the owl's sunglasses at rank 8. */
const E = change(defaults(), { target: 'edit', edit: 'sunglasses', rank: 8, alpha: 16, seed: 3 });
const STEPS = 120;
const RATES: Readonly<Record<DialRule, number>> = { adam: 0.015, sgd: 0.16 };
const NAMES: Readonly<Record<DialRule, string>> = { adam: 'Adam', sgd: 'SGD' };
const TURNS = [
  ['4', '¼', 4, 0.25],
  ['2', '½', 2, 0.5],
  ['3', '1', 3, 1],
] as const;

function runsInNode(rule: DialRule, p: number, q: number) {
  const module = prepareModule(E, null, { vectors: false });
  if ('why' in module) throw new Error(module.why);
  const { target, targetNorm: norm, A } = module;
  const start = { target, norm, A, rule, rate: RATES[rule], scaling: E.alpha / E.rank, steps: STEPS };
  const [before, after] = [UNTURNED, turned(rule, p, q)].map((knobs) => dialRun(start, knobs));
  return { ...differenceOf(before, after), before: checksumOf(before), after: checksumOf(after) };
}

/** Presses a button of the panel, and waits until its line says this; what it says then, or after half a minute. */
const press = (page: ScriptedPage, group: string, name: string, wanted: string) =>
  page.evaluate(
    async ([of, text, goal]) => {
      const panel = document.querySelector('.panel.dials');
      const button = [...(panel?.querySelectorAll<HTMLButtonElement>(`[aria-label="${of}"] button`) ?? [])].find(
        (one) => one.textContent === text,
      );
      if (!panel || !button) return `no button ${text}`;
      button.click();
      const said = () =>
        [...panel.querySelectorAll('p')].map((line) => line.textContent).find((line) => /entries of/.test(line)) ?? '';
      const until = performance.now() + 30_000;
      while (!said().includes(goal) && performance.now() < until) await new Promise(requestAnimationFrame);
      return said();
    },
    [group, name, wanted] as const,
  );

export async function expectDialBits(page: ScriptedPage): Promise<void> {
  await page.goto('./#v=1&view=experiments');
  await waitUntilReady(page);
  await page.evaluate(async () => {
    const found = (selector: string) => document.querySelector<HTMLElement>(selector);
    while (!found('[aria-labelledby=two-dials] button, [aria-labelledby=two-dials] a'))
      await new Promise(requestAnimationFrame);
    found('[aria-labelledby=two-dials] button, [aria-labelledby=two-dials] a')?.click();
    while (!found('.panel.dials p[aria-live]')) await new Promise(requestAnimationFrame);
  });
  for (const rule of ['adam', 'sgd'] as const)
    for (const [pName, qName, p, q] of TURNS) {
      const { differ, before, after } = runsInNode(rule, p, q);
      expect(differ === 0, `${rule} ${p} ${q}`).toBe(p !== 3);
      await press(page, 'Optimiser', NAMES[rule], before);
      await press(page, 'p', pName, before);
      const wanted = `${before} before, ${after} after`;
      const said = await press(page, 'q', qName, wanted);
      expect(said, `${rule}, p ${p}, q ${q}`).toContain(wanted);
      if (differ === 0) expect(said).toMatch(/^0 of /);
    }
}
