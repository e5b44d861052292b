import type { Page } from '@playwright/test';
import { makeFile, makePair } from '../src/adapters/file/testing/make-file.ts';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { currentLink, exportFile, openAndWait, openLink, runOf, trainRun } from './explorer.ts';
import { expect, test } from './fixtures.ts';
import { TEXTS, walkWidths } from './widths.ts';

const ADAPTERS = './?backend=cpu#v=1&view=adapters';

interface PickedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}
const picked = (name: string, buffer: Buffer): PickedFile => ({ name, mimeType: 'application/octet-stream', buffer });

/** A decoder of `layers` layers with q and v of rank 4, named as in PEFT, without its config. */
async function decoder(name: string, layers: number, seed = 1, model = 'model.model'): Promise<PickedFile> {
  const tensors = Array.from({ length: layers }, (_, layer) =>
    ['q_proj', 'v_proj'].map((kind, i) => {
      const { B, A } = makePair(48, 32, [4, 2, 1, 0.2], seed + 2 * layer + i);
      const module = `base_model.${model}.layers.${layer}.self_attn.${kind}`;
      return [
        { name: `${module}.lora_A.weight`, shape: [4, 32], values: A.data },
        { name: `${module}.lora_B.weight`, shape: [48, 4], values: B.data },
      ];
    }),
  );
  const { blob } = await makeFile(name, tensors.flat(2));
  return picked(name, Buffer.from(await blob.arrayBuffer()));
}
const CONFIG = picked('adapter_config.json', Buffer.from(JSON.stringify({ peft_type: 'LORA', r: 4, lora_alpha: 8 })));

async function choose(page: Page, button: string, files: readonly PickedFile[]) {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  await chooser.setFiles([...files]);
}
const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Tabs of Adapters' }).getByRole('button', { name, exact: true });
/** Cut, written and read back: the error is the predicted one. */
async function writeSmaller(page: Page): Promise<void> {
  await tab(page, 'Resize').click();
  await page.getByRole('button', { name: 'Write the smaller file' }).click();
  const said = page.getByText(/Read back: error [\d.]+, predicted/);
  await expect(said).toBeVisible();
  const [, error, predicted] = /error ([\d.]+), predicted ([\d.]+\d)/.exec((await said.textContent()) ?? '') ?? [];
  expect(error).toBe(predicted);
}
const fact = (page: Page, name: string) =>
  page.locator('.facts > div', { has: page.getByText(name, { exact: true }) }).locator('dd');

/** A place in the browser's private file system replaces the one that a person would choose. */
function chosenPlace(page: Page) {
  return page.addInitScript(() => {
    const showSaveFilePicker = async ({ suggestedName }: { suggestedName: string }) =>
      (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
    Object.assign(window, { showSaveFilePicker });
  });
}

function drop(page: Page, { name, buffer }: PickedFile) {
  return page.evaluate(
    ([file, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], file));
      for (const type of ['dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    [name, buffer.toString('base64')] as const,
  );
}

test('a finding leads to its complaint in the clinic, and Back to the file as it was', async ({ page }) => {
  const zeros = await makeFile('zeros.safetensors', [
    {
      name: 'model.layers.0.self_attn.q_proj.lora_A.weight',
      shape: [2, 8],
      values: makePair(8, 8, [1, 0.5], 1).A.data,
    },
    { name: 'model.layers.0.self_attn.q_proj.lora_B.weight', shape: [8, 2], values: new Float32Array(16) },
  ]);
  await page.goto(ADAPTERS);
  await choose(page, 'Choose files', [
    picked('zeros.safetensors', Buffer.from(await zeros.blob.arrayBuffer())),
    CONFIG,
  ]);
  await expect(page.getByText('This adapter changes nothing.')).toBeVisible();
  await page.getByRole('button', { name: 'See “My LoRA does nothing”' }).click();
  await expect(page).toHaveURL(/view=clinic.*case=nothing/);
  await expect(page.getByRole('heading', { name: '“My LoRA does nothing”' })).toBeVisible();
  await page.goBack();
  await expect(page.getByText('This adapter changes nothing.')).toBeVisible();
  await expect(page.getByText('zeros.safetensors').first()).toBeVisible();
});

test('a file is opened from the lab, asked about, compared, refused and closed', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-write']);
  await page.goto('./?backend=cpu#v=1&d=16&k=16&steps=5');
  await page.getByRole('button', { name: 'Adapters', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Drop a LoRA adapter here' })).toBeVisible();
  await expect(page).toHaveURL(/view=adapters/);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.getByText('Link copied.')).toBeVisible();
  await expectNoViolations(page, 'empty');

  // α is asked for before any norm is shown.
  const first = await decoder('first.safetensors', 4);
  await choose(page, 'Choose files', [first]);
  await expect(page.getByText('α is not in this file.')).toBeVisible();
  await expect(fact(page, 'modules')).toHaveText('8');
  await expect(page.getByText('‖ΔW‖, Frobenius')).toHaveCount(0);
  await expectNoViolations(page, 'α');
  await page.getByLabel('α =').fill('nothing');
  await page.getByRole('button', { name: 'Use this α' }).click();
  await expect(page.getByRole('alert').getByText('α must be a number')).toBeVisible();
  await page.getByLabel('α =').fill('8');
  await page.getByRole('button', { name: 'Use this α' }).click();
  await expect(fact(page, 'α and s')).toHaveText('α = 8, s = α/r = 2');
  await expect(page.getByText('‖ΔW‖, Frobenius')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What to know' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Beside 84 public adapters' })).toBeVisible();
  await expectNoViolations(page, 'open');
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'open, dark');

  // A second file raises a question; a damaged one reports its fault and leaves the first open.
  await drop(page, picked('broken.safetensors', Buffer.from('GGUF, not what it seems to be')));
  await expect(page.getByText('compare with first.safetensors')).toBeVisible();
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(page.getByRole('alert').getByText(/GGUF/)).toBeVisible();
  await expect(fact(page, 'modules')).toHaveText('8');
  await page.getByRole('button', { name: 'Dismiss: This is a GGUF file.' }).click();
  await choose(page, 'Add a second', [await decoder('second.safetensors', 4, 50), CONFIG]);
  await expect(tab(page, 'Two adapters')).toHaveAttribute('aria-current', 'page');

  await tab(page, 'All modules').press('Enter');
  await expect(page.getByRole('region', { name: 'Table of all modules' })).toBeVisible();
  await page.goBack();
  await expect(tab(page, 'Two adapters')).toHaveAttribute('aria-current', 'page');
  await tab(page, 'Overview').click();
  await page.getByRole('button', { name: 'Close both' }).click();
  await expect(page.getByRole('heading', { name: 'Drop a LoRA adapter here' })).toBeVisible();

  await page.getByRole('button', { name: 'Lab', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Export' })).toBeVisible();
});

test('a file of diffusers without α is shown at once with s = 1, and Change asks for another α', async ({ page }) => {
  const tensors = [0, 1, 2].flatMap((block) => {
    const { B, A } = makePair(16, 12, [4, 2], block);
    const layer = `unet.down_blocks.${block}.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora`;
    return [
      { name: `${layer}.down.weight`, shape: [2, 12], values: A.data },
      { name: `${layer}.up.weight`, shape: [16, 2], values: B.data },
    ];
  });
  const { blob } = await makeFile('pytorch_lora_weights.safetensors', tensors);
  await page.goto(ADAPTERS);
  await choose(page, 'Choose files', [picked('style.safetensors', Buffer.from(await blob.arrayBuffer()))]);
  await expect(page.getByText('‖ΔW‖, Frobenius')).toBeVisible();
  await expect(fact(page, 'α and s')).toHaveText('s = 1, no α in the file');
  await expect(page.getByText('diffusers then takes α = r, so s = 1 here.')).toBeVisible();
  await page.getByRole('button', { name: 'Change: α is not in this file.' }).click();
  await page.getByLabel('α =').fill('8');
  await page.getByRole('button', { name: 'Use this α' }).click();
  await expect(fact(page, 'α and s')).toHaveText('α = 8, s = α/r = 4');
});

test('an α that is none is called so, and the file is read with the one that a person gives', async ({ page }) => {
  const { B, A } = makePair(16, 12, [4, 2], 1);
  const layer = 'lora_unet_mid_block_attentions_0_proj_in';
  const { blob } = await makeFile('odd.safetensors', [
    { name: `${layer}.lora_down.weight`, shape: [2, 12], values: A.data },
    { name: `${layer}.lora_up.weight`, shape: [16, 2], values: B.data },
    { name: `${layer}.alpha`, shape: [2], values: [4, 4] },
  ]);
  await page.goto(ADAPTERS);
  await choose(page, 'Choose files', [picked('odd.safetensors', Buffer.from(await blob.arrayBuffer()))]);
  await expect(page.getByText('α in this file cannot be used: it has 2 numbers, not one.')).toBeVisible();
  await page.getByLabel('α =').fill('1e308');
  await page.getByRole('button', { name: 'Use this α' }).click();
  await expect(page.getByRole('alert').getByText('α must be a number other than 0 up to 10¹²')).toBeVisible();
  await page.getByLabel('α =').fill('8');
  await page.getByRole('button', { name: 'Use this α' }).click();
  await expect(fact(page, 'α and s')).toHaveText('α = 8, s = α/r = 4');
  await page.getByRole('button', { name: 'Close file' }).click();

  const large = picked('adapter_config.json', Buffer.from('{"peft_type":"LORA","r":4,"lora_alpha":1e308}'));
  await choose(page, 'Choose files', [await decoder('large.safetensors', 1), large]);
  await expect(page.getByText('cannot be used: it is 1.00·10³⁰⁸ in adapter_config.json')).toBeVisible();
  await page.getByRole('button', { name: 'α = r = 4, so s = 1' }).click();
  await expect(page.getByText('‖ΔW‖, Frobenius')).toBeVisible();
});

test('the example is trained, cut, written where a person says, and opened again; a phone holds it', async ({
  page,
}) => {
  await chosenPlace(page);
  await page.goto('./?backend=cpu#v=1&d=16&k=16&steps=5');
  await expect(page.getByRole('button', { name: 'Export' })).toBeVisible();
  await drop(page, await decoder('dropped.safetensors', 1));
  await expect(page).toHaveURL(/view=adapters/);
  await page.getByRole('button', { name: 'Continue without α' }).click();
  await expect(fact(page, 'α and s')).toHaveText('not known');
  await page.getByRole('button', { name: 'Close file' }).click();

  await page.getByRole('button', { name: 'Open an example' }).click();
  await expect(fact(page, 'modules')).toHaveText('12');
  await expect(page.getByText('example.safetensors: all 12 modules are read.')).toBeAttached();
  await writeSmaller(page);
  await expect(page.getByRole('button', { name: 'Save adapter_config.json' })).toBeVisible();
  const sizes = await page.evaluate(async () => {
    const found: number[] = [];
    const folder = await navigator.storage.getDirectory();
    for await (const [name, handle] of folder as unknown as AsyncIterable<[string, FileSystemFileHandle]>)
      if (name.startsWith('example-r')) found.push((await handle.getFile()).size);
    return found;
  });
  expect(sizes).toHaveLength(1);
  await page.getByRole('button', { name: 'Open it here' }).click();
  await tab(page, 'Overview').click();
  await expect(page.locator('.file b')).toHaveText(/^example-r/);
  await expect(fact(page, 'rank r')).not.toHaveText('8, the same in all');

  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole('button', { name: 'Resize', exact: true })).toBeVisible();
  await page.locator('.adapters-fold summary').first().click();
  await expect(fact(page, 'modules')).toBeVisible();
  await expectNoViolations(page, 'phone');
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
});

test('a module opens in the lab, travels in a link and a run file, and Back leads to it again', async ({ page }) => {
  await page.goto(ADAPTERS);
  await choose(page, 'Choose files', [await decoder('style.safetensors', 3), CONFIG]);
  const title = page.locator('.adapter-module h2');
  const first = (await title.textContent()) ?? '';
  await page.getByRole('button', { name: 'Next module' }).click();
  // The panel follows in its turn.
  await expect(title).not.toHaveText(first);
  const module = (await title.textContent()) ?? '';
  await page.getByRole('button', { name: 'Open in the Lab' }).click();
  await expect(page.getByText(`Opened as the target: ΔW of ${module}, from style.safetensors.`)).toBeVisible();
  await expect(page.getByText('Its factors fit in a link.')).toBeVisible();
  await expect(page.locator('.rail').getByText(`ΔW of ${module}, from style.safetensors.`)).toBeVisible();
  await expectNoViolations(page, 'a module in the lab');
  const { config, layers } = await trainRun(page, 40);
  expect([config.d, config.k, config.rank, config.alpha, config.scaling]).toEqual([48, 32, 4, 8, 'standard']);
  const before = await currentLink(page);
  const run = await exportFile(page, 'run');

  await page.goBack();
  await expect(page.getByRole('heading', { name: module })).toBeVisible();
  await expect.poll(() => page.url()).not.toContain('data=');
  await page.goForward();
  await expect(page.getByText('Paused at step 40')).toBeVisible();

  await openAndWait(page, './?backend=cpu#v=1&d=8&k=8');
  await openLink(page, before);
  expect(await currentLink(page)).toBe(before);
  expect((await runOf(page)).layers[0].target).toEqual(layers[0].target);
  await openLink(page, '#v=1&d=8&k=8');
  await drop(page, picked(run.name, run.bytes));
  await expect.poll(async () => (await runOf(page)).layers[0].target).toEqual(layers[0].target);
  await expect(page.locator('.rail').getByText(`ΔW of ${module}, from style.safetensors.`)).toBeVisible();
});

test('modules are read with the keyboard; on a phone each is a page', async ({ page }) => {
  await page.goto(ADAPTERS);
  await choose(page, 'Choose files', [await decoder('decoder.safetensors', 30), CONFIG]);
  await expect(page.locator('.claim')).toHaveText(
    /^Each of 60 modules changed in at most r = 4 directions\. For 95% of the energy of ΔW, [^.]+\.$/,
  );
  // One stop of the Tab key; arrows move, Enter fixes, Escape goes back.
  const grid = page.getByRole('grid', { name: 'Modules, coloured by rank for 95%' });
  const caption = page.locator('.grid-caption');
  const title = page.locator('.module-title h2');
  await page.getByRole('button', { name: 'effective rank', exact: true }).focus();
  await page.keyboard.press('Tab');
  await expect(grid).toBeFocused();
  await page.keyboard.press('PageUp');
  await page.keyboard.press('End');
  await expect(caption).toHaveText(/^layer 0, attention v: \d of 4 directions for 95%, norm [\d.]+, σ₁ [\d.]+$/);
  for (let i = 0; i < 28; i++) await page.keyboard.press('ArrowDown');
  await expect(caption).toHaveText(/^layer 28, attention v: /);
  const active = await grid.getAttribute('aria-activedescendant');
  await expect(page.locator(`[id="${active}"]`)).toHaveAttribute('aria-label', /^layer 28, attention v: /);
  await page.keyboard.press('Enter');
  await expect(title).toHaveText('layer 28 · attention v');
  await expect(grid.getByRole('gridcell', { selected: true })).toHaveAttribute('aria-label', /^layer 28/);
  await page.keyboard.press('Escape');
  await expect(caption).toHaveText(/^number and tint/);
  await page.keyboard.press(']');
  await expect(title).toHaveText('layer 29 · attention q');
  await page.keyboard.press('[');
  await page.keyboard.press('[');
  await expect(title).toHaveText('layer 28 · attention q');
  // Headers are sticky, and nothing is below the fold.
  const heads = page.locator('.grid-heads');
  const [top, scrolled] = [
    await heads.boundingBox(),
    await page.locator('.grid-scroll').evaluate((of) => of.scrollTop),
  ];
  expect(scrolled).toBeGreaterThan(0);
  await page.locator('.grid-scroll').evaluate((of) => of.scrollTo(0, 0));
  expect(await heads.boundingBox()).toEqual(top);
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
  await page.getByRole('group', { name: 'Error if cut to rank i: arrow keys read its values' }).focus();
  await page.keyboard.press('Home');
  await expect(page.getByText('rank 0: error 1.000, 0% kept')).toBeVisible();

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('combobox', { name: 'Colour of the cells' }).selectOption('σ₁');
  const cells = await page.locator('.grid-cells').boundingBox();
  if (!cells) throw new Error('no grid');
  await page.locator('.grid-cells').click({ position: { x: cells.width - 20, y: 44 * 2 + 20 } });
  await expect(page.getByRole('heading', { name: 'layer 2 · attention v' })).toBeVisible();
  await page.getByRole('tab', { name: 'Error if cut' }).click();
  await expect(page.getByRole('group', { name: /^Error if cut to rank i/ })).toBeVisible();
  await expectNoViolations(page, 'a module on a phone');
  await page.getByRole('button', { name: 'Next module' }).click();
  await expect(page.getByRole('heading', { name: 'layer 3 · attention q' })).toBeVisible();
  await page.getByRole('button', { name: '← All modules' }).click();
  await expect(page.locator('.grid-cells')).toBeVisible();
});

test('a module continues in the Lab towards another file, and is written back', async ({ page }) => {
  await chosenPlace(page);
  await page.goto(ADAPTERS);
  await choose(page, 'Choose files', [await decoder('a.safetensors', 2), CONFIG]);
  await choose(page, 'Add a second', [await decoder('b.safetensors', 2, 70), CONFIG]);
  await expect(page.getByText('All 4 modules match.')).toBeVisible();
  await page.getByRole('button', { name: 'Next module' }).click();
  await expect(page.getByRole('heading', { name: 'layer 0 · attention v' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Write it back' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Continue in the Lab' }).click();
  await expect(page).toHaveURL(/target=matrix.*init=file/);
  await expect(
    page.getByText(/^The run continues from B and A of .*a\.safetensors, towards ΔW of .*b\.safetensors/),
  ).toBeVisible();
  await expect(page.getByText(/B and A of layer 0 · attention v, from a\.safetensors\.$/)).toBeVisible();
  const said = await page.getByText(/of the target: the error at step 0/).textContent();
  await expectNoViolations(page, 'going on');
  const run = await trainRun(page, 40);
  const [first, last] = [run.trace.relativeError?.[0] ?? 0, run.trace.relativeError?.at(-1) ?? 1];
  expect(Number(/is ([\d.]+)% of the target/.exec(said ?? '')?.[1])).toBeCloseTo(100 * first, 0);
  expect(last).toBeLessThan(first);
  await page.getByRole('button', { name: 'Back to Adapters' }).click();
  await expect(page.getByText('The Lab has trained B and A for 40 steps')).toBeVisible();
  await expectNoViolations(page, 'to be written back');
  await page.getByRole('button', { name: 'Write it back' }).click();
  await expect(page.getByText(/Read back: B and A of the module are the trained ones to the bit/)).toBeVisible();
  // The written file in the place of a is nearer to b.
  await page.getByRole('button', { name: 'Open it here' }).click();
  await expect(page.getByText('a-from-lab.safetensors').first()).toBeVisible();
});

test('two files are compared, merged and read back; names are converted; the table sorts', async ({ page }) => {
  await chosenPlace(page);
  await page.goto(ADAPTERS);
  await choose(page, 'Choose files', [await decoder('a.safetensors', 3), CONFIG]);
  await choose(page, 'Add a second', [await decoder('b.safetensors', 3, 70), CONFIG]);
  await expect(page.locator('.claim')).toHaveText(
    /^The two adapters .+ \(median cosine −?0\.\d{3}\)\. Their sum needs rank 8\.$/,
  );
  await expect(page.getByText('All 6 modules match.')).toBeVisible();
  await page.getByLabel('Weight of b').press('Home');
  await page.getByRole('radio', { name: 'SVD to rank r′' }).check();
  await page.getByRole('slider', { name: 'Rank r′' }).press('Home');
  await expect(page.getByText('Preview', { exact: true }).locator('..')).toContainText('rank 1');
  const foretold = await page.getByText(/^error of the sum/).textContent();
  await page.getByRole('button', { name: 'Write the merged file' }).click();
  const [number] = /[\d.]+/.exec(foretold ?? '') ?? [];
  await expect(page.getByText(new RegExp(`Read back: error ${number}, predicted ${number}`))).toBeVisible();
  await expectNoViolations(page, 'two adapters');
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'two adapters, dark');

  await tab(page, 'Convert').click();
  await page.getByRole('button', { name: 'kohya', exact: true }).click();
  await expect(page.getByRole('cell', { name: /_layers_0_self_attn_q_proj\.lora_down\.weight$/ })).toBeVisible();
  await page.getByRole('button', { name: 'All 18 names' }).click();
  await expect(page.getByRole('row')).toHaveCount(19);
  await expectNoViolations(page, 'convert');

  await tab(page, 'All modules').click();
  await page.getByRole('button', { name: 'σ₁', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'σ₁', exact: true })).toHaveAttribute('aria-sort', 'descending');
  const column = page.locator('.all-modules tbody tr td:nth-child(8)');
  const values = (await column.allTextContents()).map(Number);
  expect(values).toEqual([...values].sort((x, y) => y - x));
  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
  expect(csv.suggestedFilename()).toMatch(/\.csv$/);
  await expectNoViolations(page, 'all modules');
  await page.getByRole('rowheader').nth(2).getByRole('button').press('Enter');
  await expect(tab(page, 'Overview')).toHaveAttribute('aria-current', 'page');
});

/** Matrices of float32 in a file, row by row. */
function matricesOf(file: Buffer): Readonly<Record<string, readonly Float32Array[]>> {
  const length = Number(file.readBigUInt64LE(0));
  const header: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data_offsets: readonly number[] }>
  > = JSON.parse(file.subarray(8, 8 + length).toString());
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return Object.fromEntries(
    entries.map(
      ([
        name,
        {
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const data = new Float32Array(Uint8Array.from(file.subarray(8 + length + from, 8 + length + to)).buffer);
        const [rows, cols] = shape;
        return [name, Array.from({ length: rows }, (_, i) => data.slice(i * cols, (i + 1) * cols))];
      },
    ),
  );
}

/** The adapter in the place that `chosenPlace` gives. */
async function writtenFile(page: Page): Promise<Buffer> {
  const text = await page.evaluate(async () => {
    for await (const [name, handle] of (await navigator.storage.getDirectory()).entries()) {
      if (!name.endsWith('.safetensors') || !(handle instanceof FileSystemFileHandle)) continue;
      const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    }
    throw new Error('nothing was written');
  });
  return Buffer.from(text, 'base64');
}

test('three files are merged by TIES, DARE and SVD: the error is computed, then written and read back', async ({
  page,
}) => {
  await chosenPlace(page);
  await page.goto(ADAPTERS);
  await choose(page, 'Choose files', [await decoder('a.safetensors', 2), CONFIG]);
  await choose(page, 'Add a second', [await decoder('b.safetensors', 2, 70), CONFIG]);
  await choose(page, 'Add a file to the merge', [await decoder('c.safetensors', 2, 140), CONFIG]);
  await expect(page.getByLabel('Weight of c')).toBeVisible();
  const compute = page.getByRole('button', { name: 'Compute the error' });
  const preview = page.getByText('Preview', { exact: true }).locator('..');
  const errorBy = async (method: string | RegExp) => {
    if (method !== '') await page.getByRole('radio', { name: method }).check();
    await compute.click();
    const said = preview.getByText(/^error of/);
    await expect(said).toBeVisible();
    return /[\d.]+/.exec((await said.textContent()) ?? '')?.[0] ?? '';
  };
  const written = async (error: string) => {
    await page.getByRole('button', { name: 'Write the merged file' }).click();
    await expect(page.getByText(new RegExp(`Read back: error ${error}, predicted ${error}`))).toBeVisible();
  };
  const ties = await errorBy(/^TIES/);
  await expect(preview.getByText(/energy is in entries whose signs differ; subspaces overlap/)).toBeVisible();
  await written(ties);
  await expectNoViolations(page, 'TIES of three files');

  // Another seed draws other entries, and its error is not known before it is computed.
  const dare = await errorBy(/^DARE/);
  await page.getByLabel('Seed').fill('7');
  await expect(preview.getByText(/^error of/)).toHaveCount(0);
  const other = await errorBy('');
  expect(other).not.toBe(dare);
  await page.getByLabel('Seed').fill('0');
  expect(await errorBy('')).toBe(dare);
  await written(dare);
  await expectNoViolations(page, 'DARE of three files');
  expect(await errorBy(/^SVD to rank/)).not.toBe(ties);

  await page.setViewportSize({ width: 390, height: 844 });
  const dock = page.getByRole('region', { name: 'Merge and write' });
  await expect(dock.getByRole('button', { name: 'Write the merged file' })).toBeVisible();
});

test('a file is grown: a higher rank with the same ΔW', async ({ page }) => {
  await chosenPlace(page);
  await page.goto(ADAPTERS);
  const before = await decoder('a.safetensors', 2);
  await choose(page, 'Choose files', [before, CONFIG]);
  await tab(page, 'Resize').click();
  const grow = page.getByRole('region', { name: 'Grow' });
  await expect(grow.getByText(/no bit of ΔW changes/)).toBeVisible();
  await grow.getByLabel('Rank to grow to').fill('16');
  await grow.getByLabel('Rank to grow to').press('Enter');
  await grow.getByLabel('Seed').fill('7');
  await grow.getByLabel('Seed').press('Enter');
  await expectNoViolations(page, 'grow');
  await grow.getByRole('button', { name: 'Write the grown file' }).click();
  await expect(page.getByText(/No bit of ΔW|Read back/).first()).toBeVisible();
  const [old, grown] = [matricesOf(before.buffer), matricesOf(await writtenFile(page))];
  expect(Object.keys(grown).sort()).toEqual(Object.keys(old).sort());
  for (const [name, rows] of Object.entries(old)) {
    // A keeps its rows and has new ones that are not zero; B keeps its columns and has new ones of zeros.
    const isA = name.includes('lora_A');
    expect(grown[name]).toHaveLength(isA ? 16 : 48);
    for (const [i, row] of rows.entries()) expect([...grown[name][i].slice(0, row.length)]).toEqual([...row]);
    const fresh = isA ? grown[name].slice(4) : grown[name].map((row) => row.slice(4));
    expect(fresh.every((row) => row.every((x) => (x === 0) !== isA))).toBe(true);
  }
});

test('nothing sticks out of a window of any width: adapters', async ({ page }) => {
  const faults: string[] = [];
  const walked = async (place: string) => {
    await walkWidths(page, place, faults, TEXTS);
    await page.setViewportSize({ width: 1440, height: 900 });
  };
  await page.goto(ADAPTERS);
  await walked('empty');
  const tower = 'model.a_tower_with_a_rather_long_name_of_its_own.transformer.encoder';
  await choose(page, 'Choose files', [await decoder('tower.safetensors', 3, 1, tower)]);
  await expect(page.getByText('α is not in this file.')).toBeVisible();
  await walked('α');
  await page.getByRole('button', { name: 'Continue without α' }).click();
  await tab(page, 'Convert').click();
  await page.getByRole('button', { name: 'kohya', exact: true }).click();
  await expect(page.getByText(/^α is not known\. kohya keeps α beside the factors/)).toBeVisible();
  await walked('Convert, not possible');
  await tab(page, 'Overview').click();
  await page.getByRole('button', { name: 'Close file' }).click();
  await choose(page, 'Choose files', [await decoder(`${'a-rather-long-name-'.repeat(4)}.safetensors`, 3), CONFIG]);
  for (const name of ['Overview', 'Resize', 'Convert', 'All modules']) {
    await tab(page, name).click();
    await expect(tab(page, name)).toHaveAttribute('aria-current', 'page');
    await expect(page.locator('.adapters-panel > *').first()).toBeVisible();
    await walked(name);
  }
  await tab(page, 'Overview').click();
  await choose(page, 'Add a second', [await decoder('b.safetensors', 3, 70), CONFIG]);
  await expect(page.locator('.claim')).toHaveText(/Their sum needs rank 8\.$/);
  await walked('Two adapters');
  expect(faults).toEqual([]);
});

test('a large file is computed by as many threads as there are processors, cut and read back', async ({ page }) => {
  await chosenPlace(page);
  // One pair of normal numbers for all modules, each with its own α: 20 MB.
  const { B, A } = makePair(1024, 1024, [4, 2, ...Array.from({ length: 30 }, () => 1)], 1);
  const tensors = Array.from({ length: 76 }, (_, layer) => {
    const module = `lora_unet_input_blocks_1_1_transformer_blocks_${layer}_attn1_to_q`;
    return [
      { name: `${module}.alpha`, shape: [], values: [1 + layer], dtype: 'F32' },
      { name: `${module}.lora_down.weight`, shape: [32, 1024], values: A.data, dtype: 'F32' },
      { name: `${module}.lora_up.weight`, shape: [1024, 32], values: B.data, dtype: 'F32' },
    ] as const;
  });
  const { blob } = await makeFile('large.safetensors', tensors.flat());
  await page.goto(ADAPTERS);
  await choose(page, 'Choose files', [picked('large.safetensors', Buffer.from(await blob.arrayBuffer()))]);
  await expect(page.getByText('large.safetensors: all 76 modules are read.')).toBeAttached();
  const processors = await page.evaluate(() => navigator.hardwareConcurrency);
  const threads = page.workers().filter((worker) => /pair-worker/.test(worker.url()));
  expect(threads).toHaveLength(processors < 2 ? 0 : Math.min(8, processors));
  await writeSmaller(page);
});
