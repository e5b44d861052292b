import { expectNoViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';

test('a network of digits is adapted to turned ones beside full fine-tuning, and says what it forgets', async ({
  page,
}) => {
  await page.goto('/#v=1&target=digits&rank=4&run=1&pace=max');
  const grid = page.getByRole('grid', { name: 'Held-out digits: turned' });
  await expect(grid).toBeVisible();
  await expect(page.getByText('Finished, 300 of 300 steps')).toBeVisible();
  const right = async (section: string) =>
    Number(
      (await page.getByRole('region', { name: section }).getByRole('heading').innerText()).match(
        /(\d+) of these 100/,
      )?.[1],
    );
  await expect.poll(() => right('turned')).toBeGreaterThan(85);
  expect(await right('upright, the old task')).toBeLessThan(95);
  await expect(page.getByText('full', { exact: true }).first()).toBeVisible();
  // The run is over, so the sentence is the answer.
  await expect(
    page.getByText(/teaches it digits turned by 90°, \d+% → 9\d%\. It forgets the old task, upright: 9\d% → \d\d%\.$/),
  ).toBeVisible();
  // On a projector: both tasks, the new one larger, and the first chart, without scrolling.
  await page.setViewportSize({ width: 1366, height: 640 });
  await page.keyboard.press('f');
  await expect(grid).toBeVisible();
  await expect(page.getByRole('grid', { name: 'Held-out digits: upright, the old task' })).toBeInViewport({ ratio: 1 });
  // The lab, which has two of that name, is gone.
  const chart = page.getByRole('heading', { name: 'Accuracy over training' });
  await expect(chart).toHaveCount(1);
  await expect(chart).toBeInViewport();
  await expect(page.getByRole('button', { name: 'Exit Esc' })).toBeInViewport({ ratio: 1 });
  expect((await grid.boundingBox())?.height).toBeGreaterThan(340);
  await expectNoViolations(page);
  // A narrow one has room for the new task alone.
  await page.setViewportSize({ width: 1024, height: 768 });
  await expect(page.getByRole('region', { name: 'upright, the old task' })).toHaveCount(0);
  await expect(grid).toBeVisible();
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1280, height: 720 });
  // A matrix is chosen, and a digit is read by keyboard.
  await page.getByRole('button', { name: /^out 10 × 64/ }).click();
  await expect(page).toHaveURL(/module=out/);
  await expect(page).toHaveURL(/&lr=[\d.]+,[\d.]+,[\d.]+&auto=lr,alpha&/);
  // In a low window the list is not shown.
  await expect(
    page.getByText(/^automatic, a matrix at a time: in\s0\.0\d+, hidden\s0\.0\d+, out\s0\.0\d+$/),
  ).toBeAttached();
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await expect(grid).toHaveAttribute('aria-activedescendant', /1-0$/);
  const { trace } = await page.evaluate(() => window.loraExplorer.run());
  expect(trace.loss).toHaveLength(301);
  // Its run file opens with its accuracies, and its script has what it needs.
  const texts = await page.evaluate(() =>
    Promise.all(
      (['run', 'pytorch', 'csv'] as const).map(async (kind) =>
        new TextDecoder().decode((await window.loraExplorer.file(kind)).bytes),
      ),
    ),
  );
  expect(texts[1]).toContain('"X": ((1200, 64), "float32"');
  expect(texts[2]).toContain(',heldOutLoss,accuracy,oldAccuracy');
  await page.evaluate(() => window.loraExplorer.open('#v=1&d=4&k=4'));
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'run.json'));
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, texts[0]);
  await expect.poll(() => right('turned')).toBeGreaterThan(85);
  expect((await page.evaluate(() => window.loraExplorer.run())).trace).toEqual(JSON.parse(texts[0]).trace);
});

test('thirty runs draw what a task learns and keeps, by rate and rank, and the tabs go on to the matrix', async ({
  page,
}) => {
  await page.goto('/#v=1&target=digits&rank=4&steps=60&run=1&pace=max');
  await page.getByRole('button', { name: /^Draw the paths: 30 runs/ }).press('Enter');
  const plane = page.getByRole('group', { name: 'Learned against kept: arrow keys read its values' });
  // The button that had the focus is gone.
  await expect(plane).toBeFocused({ timeout: 60_000 });
  await expect(page.getByText(/^Trained at rank 4: 0\.\d\d\. Full, cut to rank 4: 0\.\d\d\./)).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText(/^r = 4, rate 0\.\d+: turned 0\.\d{3}, upright 0\.\d{3}$/)).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('tab', { name: 'Task' }).press('ArrowRight');
  await expect(page.getByRole('heading', { name: 'Gradient norms' })).toBeVisible();
  await expect(plane).toBeHidden();
});
