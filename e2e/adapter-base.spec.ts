import { roundToType } from '../src/adapters/file/safetensors/numbers.ts';
import { makePair, normalMatrix, type TestTensor } from '../src/adapters/file/testing/make-file.ts';
import { frobenius, multiply, subtract } from '../src/math/matrix.ts';
import { expectNoViolations } from './axe.ts';
import { choose, fileOf } from './choose-files.ts';
import { currentLink, openLink, trainRun } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const [D, K, RANK] = [64, 64, 4];
const names = [0, 1, 2].flatMap((i) => ['q_proj', 'v_proj'].map((part) => `model.layers.${i}.self_attn.${part}`));
const weights = names.map((name) => normalMatrix(D, K, 1, name));
const adapter = names.flatMap((name, i): TestTensor[] => {
  const { B, A } = makePair(D, K, [3, 2, 1, 0.5], i + 1, name);
  return [
    { name: `base_model.model.${name}.lora_A.weight`, shape: [RANK, K], values: A.data },
    { name: `base_model.model.${name}.lora_B.weight`, shape: [D, RANK], values: B.data },
  ];
});
// The last module is DoRA.
const magnitude = {
  name: `base_model.model.${names[5]}.lora_magnitude_vector`,
  shape: [D],
  values: new Float64Array(D).fill(8.2),
};
const base = weights.map(({ data }, i): TestTensor => {
  return { name: `${names[i]}.weight`, shape: [D, K], values: data, dtype: 'BF16' };
});

test('a base beside an adapter: sizes, merging, DoRA, and what is no base', async ({ page }) => {
  await page.addInitScript(() => Object.assign(window, { showSaveFilePicker: undefined }));
  await page.goto('./?backend=cpu#v=1&view=adapters');
  await choose(
    page,
    'Choose files',
    await fileOf('style.safetensors', [...adapter, magnitude], { peft_type: 'LORA', r: RANK, lora_alpha: 4 }),
  );
  await choose(page, 'Add the base model…', await fileOf('other.safetensors', adapter));
  await expect(page.getByText('The base is an adapter.')).toBeVisible();
  await choose(page, 'Add the base model…', await fileOf('base.safetensors', base));

  const rail = page.getByRole('region', { name: 'Base model' });
  await expect(rail).toContainText('W₀ of 6 of 6 modules');
  const claim = page.locator('.base-claim');
  await expect(claim).toContainText(/of ‖W₀‖, and [\d.]+ times what W₀ has in its directions \(median\)/);
  await expect(claim).toContainText(/Merged into W₀ in bfloat16, its type, [\d.]+% of ΔW is lost; in NF4 \d+%/);

  // ‖W₀‖ is that of the numbers in the file, and DoRA has a ΔW of its own.
  const grid = page.getByRole('grid', { name: /^Modules/ });
  await grid.focus();
  for (const key of ['Home', 'Enter']) await grid.press(key);
  const panel = page.getByRole('region', { name: 'Beside W₀' });
  await expect(panel).toContainText(/Merged into W₀ in bfloat16, its type/);
  // All figures on demand; the charts are in the first view.
  await expect(page.getByRole('figure', { name: /^Error if cut/ })).toBeInViewport({ ratio: 1 });
  await panel.getByText('Beside W₀').click();
  const size = Number(((await panel.getByRole('row', { name: /^‖W₀‖/ }).textContent()) ?? '').replace('‖W₀‖', ''));
  expect(Math.abs(size / frobenius(weights[0]) - 1)).toBeLessThan(0.01);
  await expect(panel.getByRole('row', { name: /merging loses in NF4/ })).toBeVisible();
  await expectNoViolations(page);

  // In the Lab the module has that W₀.
  await page.getByRole('button', { name: 'Open in the Lab' }).click();
  await expect(page.getByText('W₀ is that of base.safetensors.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Back to Adapters' }).click();

  const shown = (await page.locator('.adapter-module .key').textContent()) ?? '';
  const at = names.findIndex((name) => shown.includes(name));
  // From its B and A the Lab goes on towards a fine-tuned model, and what it trains is written back.
  const goal = names.map((name, i) => makePair(D, K, [2, 1, 0.5, 0.2], 40 + i, name));
  const tuned = base.map((tensor, i): TestTensor => {
    const { data } = multiply(goal[i].B, goal[i].A);
    return { ...tensor, values: weights[i].data.map((x, j) => x + data[j]), dtype: 'F32' };
  });
  await choose(page, 'Continue towards a fine-tuned model…', await fileOf('other.safetensors', adapter));
  await expect(page.getByText(/is a factor of a LoRA/)).toBeVisible();
  await choose(page, 'Continue towards a fine-tuned model…', await fileOf('tuned.safetensors', tuned));
  await expect(page.getByText(/^The run continues from B and A of .*, towards ΔW of .*tuned/)).toBeVisible();
  await expect(page.getByText('W₀ is that of base.safetensors.').first()).toBeVisible();
  const run = await trainRun(page, 40);
  const [first, last] = [run.trace.relativeError?.[0] ?? 0, run.trace.relativeError?.at(-1) ?? 1];
  const before = Float64Array.from(roundToType(weights[at].data, 'BF16'));
  const delta = {
    rows: D,
    cols: K,
    data: Float64Array.from(tuned[at].values).map((x, j) => Math.fround(x) - before[j]),
  };
  const { B, A } = makePair(D, K, [3, 2, 1, 0.5], at + 1, names[at]);
  expect(first).toBeCloseTo(frobenius(subtract(multiply(B, A), delta)) / frobenius(delta), 4);
  expect(last).toBeLessThan(first);
  await page.getByRole('button', { name: 'Back to Adapters' }).click();
  await expect(page.getByText('The Lab has trained B and A for 40 steps')).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Write it back' }).click();
  await expect(page.getByText(/Read back: B and A of the module are the trained ones/)).toBeVisible();
  await grid.focus();
  for (const key of ['End', 'ArrowDown', 'ArrowDown', 'Enter']) await grid.press(key);
  await panel.getByText('Beside W₀').click();
  await expect(panel.getByRole('row', { name: /‖ΔW‖ of DoRA/ })).toBeVisible();

  await page.getByRole('button', { name: '‖ΔW‖/‖W₀‖', exact: true }).click();
  await expect(grid.getByRole('gridcell', { name: /% of W₀/ })).toHaveCount(6);
  await page.getByRole('button', { name: 'All modules', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: /lost in its type/ })).toBeVisible();
  await page.getByRole('button', { name: 'Overview', exact: true }).click();
  await rail.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('button', { name: 'Add the base model…' })).toBeVisible();
  await expect(page.getByRole('button', { name: '‖ΔW‖/‖W₀‖', exact: true })).toHaveCount(0);
});

test('a module too large for a link has its real W₀ in the Lab, and continues towards a model and an adapter', async ({
  page,
}) => {
  const side = 1600;
  const shape = [side, side];
  const name = names[0];
  const values = (n: number, seed: number) => {
    const data = new Float32Array(n);
    for (let i = 0; i < n; i++) data[i] = ((seed * i + (i % 7)) % 2) - 1;
    return data;
  };
  const pair = (seed: number): TestTensor[] => [
    { name: `base_model.model.${name}.lora_A.weight`, shape: [2, side], values: values(2 * side, seed) },
    { name: `base_model.model.${name}.lora_B.weight`, shape: [side, 2], values: values(2 * side, seed + 1) },
  ];
  const config = { peft_type: 'LORA', r: 2, lora_alpha: 2 };
  const W = values(side * side, 0.3);
  await page.addInitScript(() => Object.assign(window, { showSaveFilePicker: undefined }));
  await page.goto('./?backend=wasm#v=1&view=adapters');
  await choose(page, 'Choose files', await fileOf('a.safetensors', pair(1.1), config));
  const based = [{ name: `${name}.weight`, shape, values: W }];
  await choose(page, 'Add the base model…', await fileOf('base.safetensors', based));
  await expect(page.getByRole('region', { name: 'Base model' })).toContainText('W₀ of 1 of 1 module');
  await page.getByRole('button', { name: 'Open in the Lab' }).click();
  await expect(page.getByText('too large for a link and a run file: both only name it')).toBeVisible();
  await expect(page.locator('.rail').getByText('W₀ is that of base.safetensors.')).toBeVisible();
  const own = await trainRun(page, 2);
  expect(own.trace.relativeError?.[0]).toBeCloseTo(1, 6);
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.getByText(/Pass on its files as well/)).toBeVisible();
  await page.keyboard.press('Escape');
  const link = await currentLink(page);

  // Towards a fine-tuned model, from B and A of the file.
  await page.getByRole('button', { name: 'Back to Adapters' }).click();
  const tuned = [{ ...based[0], values: W.map((x) => 1.01 * x) }];
  await choose(page, 'Continue towards a fine-tuned model…', await fileOf('tuned.safetensors', tuned));
  const said = page.getByText(/is [\d,]+% of the target: the error at step 0/);
  await expect(said.first()).toBeVisible();
  const run = await trainRun(page, 2);
  const first = run.trace.relativeError?.[0] ?? 0;
  expect(await said.first().textContent()).toContain(`is ${Math.round(100 * first).toLocaleString('en')}% of`);
  await page.getByRole('button', { name: 'Back to Adapters' }).click();
  await page.getByRole('button', { name: 'Write it back' }).click();
  await expect(page.getByText(/Read back: B and A of the module are the trained ones/)).toBeVisible();

  // Towards another adapter, with the same W₀.
  await choose(page, 'Add a second', await fileOf('b.safetensors', pair(2.3), config));
  await page.getByRole('button', { name: 'Continue in the Lab' }).click();
  await expect(page.getByText(/towards ΔW of .*b\.safetensors/).first()).toBeVisible();
  await expect(page.locator('.rail').getByText('W₀ is that of base.safetensors.')).toBeVisible();
  expect((await trainRun(page, 2)).trace.relativeError?.at(-1)).toBeGreaterThan(0);

  // A link that only names the module opens where it was opened before.
  expect(await openLink(page, link)).toEqual({ notices: [] });
  expect(await currentLink(page)).toBe(link);
});
