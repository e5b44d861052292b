/** Two models of 10 GB each, sparse on the disk: time and memory of the page and of the command line, and a LoRA cut from them. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { adapterCommand } from './adapters/in-node.ts';
import { compareOnPage } from './adapters/models-on-page.ts';
import { writeSparsePair } from './adapters/sparse-pair.ts';
import { machineOf, QUICK } from './machine.ts';
import { report, say } from './report.ts';
import { digits } from './statistics.ts';

const GIGABYTES = QUICK ? 1 : 20;

test('two models', async ({ page }) => {
  test.setTimeout(3_600_000);
  const folder = mkdtempSync(join(tmpdir(), 'models-'));
  try {
    await adapterCommand('--help');
    const pair = await writeSparsePair(folder, GIGABYTES * 1e9);
    const models = `${digits(pair.bytes / 1e9)} GB in ${pair.tensors} tensors, ${pair.changed.length} changed: ${pair.changed.join(', ')}`;
    say(models);
    const found = await compareOnPage(page, [pair.base, pair.fine]);
    say(`on the page: ${JSON.stringify(found)}`);
    const diff = await adapterCommand('extract', pair.base, pair.fine, '--json');
    const out = join(folder, 'lora.safetensors');
    const cut = await adapterCommand('extract', pair.base, pair.fine, '--rank', '16', '--out', out, '--json');
    const { lora } = JSON.parse(cut.out);
    const row = (
      what: string,
      { seconds, peak }: Pick<typeof diff, 'seconds' | 'peak'>,
      said: string,
      where = 'Node',
    ) => ({
      models,
      where,
      what,
      'time, s': digits(seconds),
      'most memory, MB': digits(peak),
      'read back': said,
    });
    report(
      'checkpoints',
      'Two models on the page and from the command line',
      await machineOf(page),
      [
        row('figures', { seconds: found.figures, peak: found.measuring }, '–', 'page'),
        row('LoRA of rank 16', { seconds: found.written, peak: found.writing }, found.said, 'page'),
        row('figures', diff, '–'),
        row(
          'figures, LoRA of rank 16',
          cut,
          `error ${lora.measured.toPrecision(4)}, predicted ${lora.error.toPrecision(4)}`,
        ),
      ],
      [
        'Shapes of a decoder in bfloat16. Numbers that are 0 in both take no room on the disk, but are read all the same. Memory is the most that the process held; on the page, that its page and graphics processes and the worker held.',
      ],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
