import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { readSafetensors, unzip } from '../src/experiment/export/testing/readers.ts';
import { prepareProblem } from '../src/experiment/layer/problem.ts';
import { defaults } from '../src/experiment/settings/experiment.ts';
import { SITE_BYTES } from '../src/state/run-file/exported-run.ts';
import { exportFile, openLink, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const SMALL = './?backend=cpu#v=1&d=12&k=10&rank=2&truerank=3&steps=20';

async function saved(page: Page, name: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test('the panel says how large a file is, loads what makes it only when it is asked for, and saves what scripts get', async ({
  page,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(SMALL);
  await waitUntilReady(page);
  const run = await trainRun(page);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const item = page.getByRole('listitem').filter({ hasText: 'PEFT adapter' });
  await expect(item).toContainText(/about [\d.]+ kB/);
  await page.waitForLoadState('networkidle');
  const makers = () => asked.filter((url) => /run-files|maker|site-/.test(url));
  expect(makers()).toEqual([]);
  const peft = await saved(page, 'PEFT adapter (ZIP)');
  expect(makers().length).toBeGreaterThan(0);
  const files = unzip(peft.bytes);
  const tensors = readSafetensors(files.get('adapter_model.safetensors') ?? Buffer.alloc(0));
  const [layer] = run.layers;
  expect(tensors.get('base_model.model.W.lora_A.weight')).toMatchObject({
    shape: [2, 10],
    values: layer.final.A.flat(),
  });
  expect(tensors.get('base_model.model.W.lora_B.weight')).toMatchObject({
    shape: [12, 2],
    values: layer.final.B.flat(),
  });
  for (const [kind, name] of [
    ['peft', 'PEFT adapter (ZIP)'],
    ['pytorch', 'PyTorch script'],
    ['notebook', 'Jupyter notebook'],
    ['csv', 'Curves (CSV)'],
    ['run', 'Run (JSON)'],
  ] as const) {
    const own = kind === 'peft' ? peft : await saved(page, name);
    const scripts = await exportFile(page, kind);
    expect(scripts.name).toBe(own.name);
    expect(Buffer.compare(scripts.bytes, own.bytes), kind).toBe(0);
  }
  const sweep = await exportFile(page, 'sweep').catch((error: Error) => error.message);
  expect(sweep).toContain('There is no sweep to save.');
  const odd = await exportFile(page, '__proto__' as 'run').catch((error: Error) => error.message);
  expect(odd).toContain('file needs one of run, csv');
});

test('a sweep that a script ran is a file too', async ({ page }) => {
  await page.goto(`${SMALL}&sweep=rank:1,2&repeat=2`);
  await waitUntilReady(page);
  const swept = await page.evaluate(() => window.loraExplorer.sweep());
  const { name, bytes } = await exportFile(page, 'sweep');
  expect(name).toBe('lora-explorer-r2-seed1-sweep.json');
  expect(JSON.parse(bytes.toString())).toEqual(swept);
  expect(swept.cells).toHaveLength(4);
});

test('the matrices of a large layer, which the page does not hold, lie beside its script bit for bit', async ({
  page,
}) => {
  await page.goto(SMALL);
  await waitUntilReady(page);
  await openLink(page, '#v=1&target=decay&d=1600&k=100&rank=2&steps=1');
  const { name, bytes } = await exportFile(page, 'pytorch');
  expect(name).toBe('lora-explorer-r2-seed1-pytorch.zip');
  const tensors = readSafetensors(unzip(bytes).get('matrices.safetensors') ?? Buffer.alloc(0));
  const problem = prepareProblem({ ...defaults(), target: 'decay', d: 1600, k: 100, rank: 2 }, null, {
    vectors: false,
  });
  if ('why' in problem) throw new Error(problem.why);
  const [{ base, wanted, A }] = problem.modules;
  for (const [of, matrix] of [
    ['W0', base],
    ['target', wanted.matrix],
    ['A', A],
  ] as const) {
    const { shape, values = [] } = tensors.get(of) ?? {};
    expect(shape).toEqual([matrix.rows, matrix.cols]);
    expect(Float32Array.from(values)).toEqual(matrix.data);
  }
});

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
};

test.describe('a copy', () => {
  // It is served from another port.
  test.use({ allow: { complaints: [/^request to another origin: http:\/\/127\.0\.0\.1:\d+\/lora-explorer\//] } });

  test('a copy of the page works from any server of files, and opens at the experiment', async ({ page, context }) => {
    await page.goto(SMALL);
    await waitUntilReady(page);
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const { name, bytes } = await saved(page, 'This page (ZIP)');
    expect(name).toBe('lora-explorer-site.zip');
    expect(bytes.length / SITE_BYTES).toBeGreaterThan(0.75);
    expect(bytes.length / SITE_BYTES).toBeLessThan(1.25);
    const folder = mkdtempSync(join(tmpdir(), 'copy-'));
    for (const [path, content] of unzip(bytes)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const server = createServer(({ url = '' }, answer) => {
      try {
        const path = new URL(url, 'http://x').pathname.replace(/\/$/, '/index.html');
        const content = readFileSync(join(folder, decodeURIComponent(path)));
        answer.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(content);
      } catch {
        answer.writeHead(404).end();
      }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const root = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
    try {
      const copy = await context.newPage();
      const elsewhere: string[] = [];
      copy.on('request', (request) => request.url().startsWith(root) || elsewhere.push(request.url()));
      copy.on('response', (answer) => answer.status() >= 400 && elsewhere.push(`${answer.status()} ${answer.url()}`));
      await copy.goto(`${root}lora-explorer/open.html`);
      await copy.waitForURL(/index\.html#v=1&.*d=12&k=10/);
      await waitUntilReady(copy);
      const run = await trainRun(copy);
      expect([run.status, run.trace.loss.length]).toEqual(['finished', 21]);
      expect(elsewhere.filter((url) => !url.startsWith('blob:'))).toEqual([]);
      const text = readFileSync(join(folder, 'lora-explorer/READ-ME.txt'), 'utf8');
      expect(text).toContain('python3 -m http.server');
      expect(text).toMatch(/index\.html#v=1&.*d=12&k=10/);
      expect(readFileSync(join(folder, 'lora-explorer/open.html'), 'utf8')).not.toContain('<script');
      // Before its server: it still fetches what it may need.
      await copy.close();
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
