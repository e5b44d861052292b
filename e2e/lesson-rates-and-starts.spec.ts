import { expectNoViolations, setColorScheme } from './axe.ts';
import { expect, test } from './fixtures.ts';

test('the lesson on α: a guess, the rule of a table, the map by keys, an answer on the lab', async ({ page }) => {
  await page.goto('/#v=1&lesson=scaling&step=1');
  const lesson = page.locator('.lesson');
  const seen = lesson.locator('.try:not(.guess) [role=status]');
  const next = lesson.getByRole('button', { name: 'Next →' });

  await test.step('reveals what comes out once the reader has guessed', async () => {
    await expect(page.locator('.figures .unseen')).not.toContainText('at 64; floor');
    await lesson.getByLabel('It falls at first, then it rises again').check();
    await lesson.getByRole('button', { name: 'Check my guess' }).click();
    await expect(lesson.locator('.guess [role=status]')).toContainText('to 0.942 at rank 64');
    await expect(page.locator('.figures .unseen')).toContainText('0.942 at 64');
  });

  await test.step('shares the rule between text and table', async () => {
    await next.click();
    await lesson.getByRole('button', { name: 'α/√r' }).click();
    await expect(page.locator('.figures tbody tr:not(.grows)').last()).toHaveText(/64\s*8\s*16\s*2\s*4/);
    await expect(seen).toContainText('None. With α = r');
    await expectNoViolations(page, 'table');
  });

  await test.step('finds the largest rate on the map by keys', async () => {
    for (let i = 0; i < 3; i++) await next.click();
    const panel = page.getByRole('grid', { name: 'scaling rule α/r', exact: false }).first();
    await panel.focus();
    await page.keyboard.press('PageDown');
    for (let i = 0; i < 9; i++) await page.keyboard.press('ArrowRight');
    await expect(page.locator('.figures .readout')).toContainText('r = 32, rate 2: error 0.0725, 4.19 times the floor');
    await expect(seen).toContainText('Rate 2.');
    await expectNoViolations(page, 'map');
    await setColorScheme(page, 'dark');
    await expectNoViolations(page, 'map, dark');
  });

  await test.step('is answered on the lab, by α alone', async () => {
    for (let i = 0; i < 3; i++) await next.click();
    const last = lesson.locator('.quiz > li').last();
    const check = () => last.getByRole('button', { name: 'Check my setting' }).click();
    await expect(page.locator('.st').first()).toContainText('Finished');
    await check();
    await expect(last).toContainText('The error is 0.315. A larger s makes larger steps.');
    await lesson.getByRole('textbox', { name: 'LoRA α, typed' }).fill('128');
    await page.keyboard.press('Enter');
    await expect(seen).toContainText('s is now 4');
    await check();
    await expect(last).toContainText('Right. The error is 0.12');
  });
});

test('the lesson on where training starts: a race, gradients, draws, a start that is found', async ({ page }) => {
  await page.goto('/#v=1&lesson=starts&step=1');
  const lesson = page.locator('.lesson');
  const seen = lesson.locator('.try:not(.guess) [role=status]');
  const next = lesson.getByRole('button', { name: 'Next →' });

  await test.step('shows the race after the guess, with either optimiser', async () => {
    await lesson.getByRole('button', { name: 'Skip the guess' }).click();
    await expect(page.locator('.figures .unseen')).toContainText('SVD of ΔW*: 0.172 at 0');
    await lesson.getByRole('group', { name: 'Optimiser' }).getByRole('button', { name: 'SGD' }).click();
    await expect(seen).toContainText('With SGD the zero does cost something');
    await expectNoViolations(page, 'race');
  });

  await test.step('shows A’s gradient, exactly 0 and then not', async () => {
    await next.click();
    await lesson.getByRole('button', { name: 'Train 2 steps' }).click();
    await expect(seen).toContainText(/‖∂L\/∂A‖ was 0 at step 0, 0\.35 at step 1, and is 0\.50 now\./);
    // As the chart has it.
    await expect(page.locator('figure[data-chart="gradients"] svg')).toContainText('‖∂L/∂A‖ 0.50');
  });

  await test.step('brings a dead start to life', async () => {
    await next.click();
    await lesson.getByRole('button', { name: 'A random, B zero' }).click();
    await expect(seen).toContainText('The owl has its sunglasses');
  });

  await test.step('draws on the page', async () => {
    await next.click();
    await lesson.getByRole('button', { name: '64', exact: true }).click();
    await expect(seen).toContainText('by the formula: 4.00');
    await lesson.getByRole('button', { name: 'Draw again' }).click();
    await expect(seen).toContainText('four times as loud at rank 64');
    await expectNoViolations(page, 'draws');
  });

  await test.step('lists all initialisations', async () => {
    for (let i = 0; i < 3; i++) await next.click();
    await expectNoViolations(page, 'floors');
    await lesson.getByRole('button', { name: /^See all \d+ initialisations$/ }).click();
    await expect(page.getByRole('dialog')).toContainText('Task-informed (EVA)');
    await page.keyboard.press('Escape');
  });

  await test.step('is answered with a start that takes nothing from W₀', async () => {
    await next.click();
    const last = lesson.locator('.quiz > li').last();
    const check = () => last.getByRole('button', { name: 'Check my setting' }).click();
    await expect(page.locator('.st').first()).toContainText('Finished');
    await check();
    await expect(last).toContainText('PiSSA: the error is 0.843. Neither factor is zero here.');
    await lesson.getByRole('combobox', { name: 'Initialisation of A and B' }).selectOption('Kaiming uniform');
    await expect(seen).toContainText('The error is now 0.043');
    await check();
    await expect(last).toContainText('Right. Kaiming uniform: the error is 0.043');
    await expectNoViolations(page, 'questions');
  });
});
