/** Minimum for every browser; the files start.*.spec.ts name the browsers. */

import { expect, test } from './fixtures.ts';

/** The part of window.loraExplorer used here; a test reads the page through its public interface only. */
interface Explorer {
  readonly ready: Promise<{ backend: string; device: string }>;
  train(steps?: number): Promise<{ status: string; trace: { loss: number[] } }>;
}

export function processorTest(where: string): void {
  test(`${where}: the page starts and trains on the processor`, async ({ page }) => {
    await page.goto('#v=1&d=16&k=16&steps=20');
    const { backend, status, loss } = await page.evaluate(async () => {
      const { loraExplorer } = window as unknown as { loraExplorer: Explorer };
      const { backend } = await loraExplorer.ready;
      const run = await loraExplorer.train();
      return { backend, status: run.status, loss: run.trace.loss };
    });
    expect(['wasm', 'cpu']).toContain(backend);
    expect(status).toBe('finished');
    expect(loss).toHaveLength(21);
    expect(loss.at(-1)).toBeLessThan(loss[0] ?? 0);
  });
}
