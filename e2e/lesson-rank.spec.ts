import { expectNoViolations, setColorScheme } from './axe.ts';
import { expect, test } from './fixtures.ts';

test('the lesson on ranks: a guess by keys, six runs, layers, the plane edge on', async ({ page }) => {
  await page.goto('/#v=1&lesson=rank&step=1');
  const lesson = page.locator('.lesson');
  const seen = lesson.locator('.try [role=status]');
  await expect(seen).toContainText('Nothing drawn yet.');

  await test.step('draws by keys: a slider a rank, one tab stop', async () => {
    const slider = (rank: number) => page.getByRole('slider', { name: `your guess, rank ${rank}`, exact: true });
    await slider(1).focus();
    await page.keyboard.press('PageUp');
    await page.keyboard.press('ArrowRight');
    await expect(slider(2)).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(slider(2)).toHaveAttribute('aria-valuetext', '0.610');
    for (const rank of [4, 8, 16, 32]) {
      await page.keyboard.press('ArrowRight');
      await expect(slider(rank)).toBeFocused();
      await page.keyboard.press('PageDown');
    }
    await expect(seen).toContainText('Drawn. Now train');
    expect(page.url()).not.toContain('guess');
  });

  await test.step('trains six ranks, and says where the guess is furthest off', async () => {
    await lesson.getByRole('button', { name: 'Train six ranks' }).click();
    await expect(seen).toContainText('You were furthest off at rank 8: you drew 0.41, the run ended at 0.172.');
    await expect(page.locator('.six canvas')).toHaveCount(6);
    await expectNoViolations(page, 'guess');
  });

  await test.step('draws by hand, and hides the floor meanwhile', async () => {
    await lesson.getByRole('button', { name: 'Draw again' }).click();
    await expect(page.locator('.guess-chart')).toContainText('The errors of the runs are hidden.');
    const pad = await page.locator('.guess-chart .pad').boundingBox();
    if (!pad) throw new Error('there is nothing to draw on');
    await page.mouse.move(pad.x + 80, pad.y + 40);
    await page.mouse.down();
    await page.mouse.move(pad.x + pad.width - 30, pad.y + pad.height - 60, { steps: 8 });
    await page.mouse.up();
    await expect(seen).toContainText('Drawn. Now train');
    await lesson.getByRole('button', { name: 'Skip the guess' }).click();
    await expect(seen).toContainText('You were furthest off');
  });

  await test.step('puts a run in the lab', async () => {
    await lesson.getByRole('button', { name: 'Next →' }).click();
    await page.locator('.six button').filter({ hasText: 'rank 16' }).click();
    await expect(seen).toContainText('Rank 16: the run ended at 0.077');
  });

  await test.step('peels ΔW', async () => {
    await page.goto('/#lesson=rank&step=5');
    await expect(page.locator('.notice')).toHaveCount(0);
    await page.getByRole('slider', { name: 'Patterns kept' }).fill('4');
    await expect(seen).toContainText('4 patterns hold 93% of the energy of ΔW, and 91% of that of ΔW*.');
    await expect(page.locator('.peel .at-kept')).toContainText('first 4: 93%');
    await expectNoViolations(page, 'peel');
  });

  await test.step('answers on the lab', async () => {
    await page.goto('/#v=1&lesson=rank&step=10');
    const question = (n: number) => lesson.locator('.quiz > li').nth(n - 1);
    const check = (n: number) => question(n).getByRole('button', { name: 'Check my setting' }).click();
    const layers = page.getByRole('slider', { name: 'Patterns kept' });
    await expect(layers).toBeEnabled();
    await layers.fill('3');
    await check(1);
    await expect(question(1)).toContainText('less than 90%. Add one.');
    await layers.fill('4');
    await check(1);
    await expect(question(1)).toContainText('Right. No fewer patterns');
    await check(2);
    await expect(question(2)).toContainText('An error of 0.172 is low enough, but a lower rank will do.');
    // At the end of the text the bar below covers no answer.
    await lesson.getByRole('button', { name: 'Notes for teachers' }).scrollIntoViewIfNeeded();
    await expectNoViolations(page, 'questions');
  });

  await test.step('turns the plane by keys and by a button', async () => {
    await page.goto('/#v=1&lesson=rank&step=8');
    const outputs = page.getByRole('group', { name: 'Outputs ΔW·x' });
    await outputs.press('ArrowLeft');
    await expect(outputs).toContainText('70 outputs, all within 10⁻⁶ of the plane; targets up to 1.01 away.');
    await lesson.getByRole('button', { name: 'Edge on' }).click();
    await expect(seen).toContainText('The crimson stroke is σ₃ = 0.36 long');
    await setColorScheme(page, 'dark');
    await expectNoViolations(page, 'plane, dark');
  });
});
