/** Adapter files of real size: opened and cut on the page and from the command line; the same figures in PyTorch. */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { adapterCommand, inPython } from './adapters/in-node.ts';
import { BLOCK, type MadeUp, writeMadeUp } from './adapters/made-up.ts';
import { openAndResize } from './adapters/on-page.ts';
import { machineOf, QUICK } from './machine.ts';
import { report, say } from './report.ts';
import { digits } from './statistics.ts';

const LARGE = process.env.BENCH_LARGE === '1';
const FILES: readonly MadeUp[] = QUICK
  ? [{ name: 'small', blocks: 2, rank: 48, dtype: 'F16' }]
  : [
      { name: '150 MB', blocks: 66, rank: 48, dtype: 'F16' },
      ...(LARGE ? ([{ name: '1 GB', blocks: 82, rank: 128, dtype: 'F32' }] as const) : []),
    ];
/** Modules for which PyTorch forms the whole ΔW. */
const FEW = BLOCK.length;
const ABSENT =
  'PyTorch: not run, not present. It is measured where python3 has torch; TORCH_PYTHON names another interpreter.';

test('adapter files', async ({ page }) => {
  test.setTimeout(1_800_000);
  const folder = mkdtempSync(join(tmpdir(), 'adapters-'));
  const [rows, others] = [[] as Record<string, string | number>[], [] as Record<string, string | number>[]];
  const notes = new Set<string>();
  const threads = Math.min(8, cpus().length);
  try {
    // The first call makes the bundle; the next ones take what the process itself takes.
    await adapterCommand('--help');
    const start = Math.min((await adapterCommand('--help')).seconds, (await adapterCommand('--help')).seconds);
    for (const [i, made] of FILES.entries()) {
      const path = join(folder, `made-up-${i}.safetensors`);
      say(`${made.name}: being made`);
      await writeMadeUp(path, made);
      const { blocks, rank, dtype } = made;
      const file = `${digits(statSync(path).size / 1e6)} MB: ${blocks * BLOCK.length} modules, r = ${rank}, ${dtype}`;

      say(`${made.name}: on the page`);
      const found = await openAndResize(page, path);
      rows.push({
        file,
        where: 'page',
        'all figures, s': digits(found.figures),
        'cut, written, read back, s': digits(found.resized),
        'of the figures’ time': `${digits(found.resized / found.figures)}×`,
        'new file, MB': digits(found.written / 1e6),
        'memory before, MB': digits(found.before),
        'most while reading, MB': digits(found.reading),
        'most while writing, MB': digits(found.writing),
        'longest task, ms': found.longest ? digits(found.longest) : 'under 50',
        'read back': found.said,
      });

      say(`${made.name}: from the command line`);
      const info = await adapterCommand('info', path, '--json');
      const out = join(folder, 'cut.safetensors');
      const cut = await adapterCommand('resize', path, '--energy', '0.95', '--out', out, '--force', '--json');
      const { error, measured, bytes } = JSON.parse(cut.out);
      rows.push({
        file,
        where: 'Node',
        'all figures, s': digits(info.seconds - start),
        'cut, written, read back, s': digits(cut.seconds - info.seconds),
        'of the figures’ time': `${digits((cut.seconds - info.seconds) / (info.seconds - start))}×`,
        'new file, MB': digits(bytes / 1e6),
        'memory before, MB': '–',
        'most while reading, MB': digits(info.peak),
        'most while writing, MB': digits(cut.peak),
        'longest task, ms': '–',
        'read back': `error ${measured.toPrecision(4)}, predicted ${error.toPrecision(4)}`,
      });

      say(`${made.name}: in PyTorch`);
      const python = await inPython(path, FEW, threads);
      notes.add(python ? python.words : ABSENT);
      if (!python) continue;
      const whole = (python.whole / python.few) * python.modules;
      others.push({
        file,
        'page, s': digits(found.figures),
        'Node, s': digits(info.seconds - start),
        'PyTorch by QR, s': digits(python.qr),
        'page against it': `${digits(found.figures / python.qr)}×`,
        'Node against it': `${digits((info.seconds - start) / python.qr)}×`,
        'PyTorch, SVD of the whole ΔW, s': digits(whole),
        'SVD of ΔW against the page': `${digits(whole / found.figures)}×`,
        'most memory of PyTorch, MB': digits(python.peak),
        'largest difference of σ, of σ₁': python.worst.toExponential(1),
      });
      rmSync(path);
    }
    const machine = await machineOf(page);
    report('adapters', 'Adapter files on the page and in Node', machine, rows, [
      'Files of blocks of 1280 × 1280, 1280 × 2048, 10240 × 1280 and 1280 × 5120, in kohya’s naming. Cut at 95% of each module’s energy, √σ in each factor; the page writes to the origin’s private file system. Memory of the page is that of the browser’s page and graphics processes, the worker included; of Node, that of its process. Node’s time of figures is that of `info` less that of `--help`; its time of cutting is that of `resize` less that of `info`.',
    ]);
    report('adapters-pytorch', 'The same figures in PyTorch', machine, others, [
      `${[...notes].join(' ')}. By QR: in float64, of all modules, read from the file as on the page. SVD of the whole ΔW: in float32, of ${FEW} modules, one of each shape, times the number of blocks.`,
    ]);
    if (others.length === 0) say(ABSENT);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
