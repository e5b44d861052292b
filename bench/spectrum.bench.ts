/** Cost of a frame's spectrum: the singular values of s·B·A by QR of the factors. */

import { test } from '@playwright/test';
import { openWorkbench } from '../e2e/workbench/workbench.ts';
import { machineOf, QUICK } from './machine.ts';
import { report, say } from './report.ts';
import type { SpectrumBench } from './spectrum/page.ts';
import { quartilesText, spread } from './statistics.ts';

const SIZES = QUICK ? [512] : [512, 4096];
const RANKS = [8, 16, 64, 256];

test('spectrum of a frame', async ({ page }) => {
  await openWorkbench(page, 'bench/spectrum/page.ts');
  const rows = [];
  for (const d of SIZES) {
    const row: Record<string, string> = { 'd = k': String(d) };
    for (const rank of RANKS) {
      say(`spectrum at d = k = ${d}, r = ${rank}`);
      const times = await page.evaluate(
        ([size, r]) => (globalThis as unknown as { workbench: SpectrumBench }).workbench.spectrum(size, r, 5, 40),
        [d, rank] as const,
      );
      row[`r = ${rank}`] = quartilesText(spread(times));
    }
    rows.push(row);
  }
  report('spectrum', 'A frame’s spectrum, milliseconds: median (quartiles)', await machineOf(page), rows);
});
