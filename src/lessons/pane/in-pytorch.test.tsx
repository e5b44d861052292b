import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { pythonFile } from '../../experiment/export/python-files.ts';
import { exportedRun } from '../../experiment/export/testing/exported.ts';
import golden from '../../math/golden/worked-example.json' with { type: 'json' };
import { multiply, transpose } from '../../math/matrix.ts';
import { TORCH_OF_LAYER, torchOfInit } from './in-pytorch.tsx';

const matrix = (rows: readonly (readonly number[])[]) => ({
  rows: rows.length,
  cols: rows[0].length,
  data: Float64Array.from(rows.flat()),
});

const codeOf = (fold: React.ReactElement): string =>
  renderToStaticMarkup(fold)
    .replaceAll(/<summary>.*?<\/summary>|<[^>]+>/g, '')
    .replaceAll('&quot;', '"');

it('shows the layer that an exported script has, which computes the h of the worked example', async () => {
  const code = codeOf(TORCH_OF_LAYER);
  const { run, matrices } = await exportedRun({ d: 8, k: 8, rank: 2, steps: 2 });
  const { bytes } = await pythonFile('pytorch', run, matrices, 'script');
  expect(new TextDecoder().decode(bytes)).toContain(code);
  expect(code.split('\n').at(-1)?.trim()).toBe(
    'return nn.functional.linear(x, self.W, self.bias) + self.s * (x @ self.A.T) @ self.B.T',
  );
  const [, { A, B, output }] = golden.steps;
  const x = transpose(matrix(golden.x));
  const [frozen, added] = [
    multiply(x, transpose(matrix(golden.W0))),
    multiply(multiply(x, transpose(matrix(A))), transpose(matrix(B))),
  ];
  const s = golden.alpha / golden.rank;
  for (const [i, [h]] of output.entries()) expect(frozen.data[i] + s * added.data[i]).toBeCloseTo(h, 12);
});

it('draws A within ±1/√k and B of zeros, as the page does', async () => {
  expect(codeOf(torchOfInit('kaiming-uniform')).split('\n')).toEqual([
    'A = torch.empty(r, k).uniform_(-(k**-0.5), k**-0.5)',
    'B = torch.zeros(d, r)',
  ]);
  const { run } = await exportedRun({ d: 8, k: 64, rank: 8, steps: 1, init: 'kaiming-uniform' });
  const [{ initial }] = run.modules;
  const most = Math.max(...initial.A.data.map(Math.abs));
  expect(most).toBeLessThanOrEqual(64 ** -0.5);
  expect(most).toBeGreaterThan(0.9 * 64 ** -0.5);
  expect(initial.B.data.every((entry) => entry === 0)).toBe(true);
});

it('cuts W₀ by its largest directions for PiSSA', () => {
  expect(codeOf(torchOfInit('pissa'))).toMatch(
    /svd\(W, [\s\S]*S\[:r\] \/ s[\s\S]*A = root[\s\S]*B = U\[:, :r\] \* root/,
  );
});
