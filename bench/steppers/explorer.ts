import type { Page } from '@playwright/test';
import type { Player } from './players.ts';

/** `train()` on the page, as a script calls it: the run file at the end, frames and spectra on the way. */
export function explorer(page: Page, backend: string, steps: number): Player {
  return {
    name: 'train() on the page',
    fixed: steps,
    async open({ d, rank }) {
      await page.goto('about:blank');
      await page.goto(`./?backend=${backend}#v=1&target=decay&d=${d}&k=${d}&rank=${rank}&steps=${steps}`);
      await page.evaluate(() => window.loraExplorer.ready);
      const { config } = await page.evaluate(() => window.loraExplorer.run());
      if (config.d !== d) throw new Error(`The page does not take ${d} × ${d}.`);
    },
    time: (n) =>
      page.evaluate(async (count) => {
        await window.loraExplorer.reset();
        const before = performance.now();
        const { trace } = await window.loraExplorer.train(count);
        const all = performance.now() - before;
        if (trace.loss.length !== count + 1) throw new Error(`The run ended after ${trace.loss.length - 1} steps.`);
        return { all, script: Number.NaN };
      }, n),
    async close() {
      await page.goto('about:blank');
    },
  };
}
