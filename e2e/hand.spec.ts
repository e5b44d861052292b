import { readFileSync } from 'node:fs';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { drop } from './drop.ts';
import { expect, test } from './fixtures.ts';
import { decodedQr } from './qr.ts';

const HAND = '/#v=1&target=digits&adapt=hand';

test('a sample hand by keyboard: it adapts, keeps the drawings, and a link sends the adapter without them', async ({
  page,
}) => {
  await page.goto(HAND);
  const results = page.getByRole('region', { name: 'What it reads' });
  await page.getByLabel('Hand of').fill('<i>Mei</i>');
  await expect(results.getByText(/Draw the digits 0 to 9 in five rounds/)).toBeVisible();
  await page.getByRole('button', { name: 'Use a sample hand' }).press('Enter');
  await expect(page.getByText('Finished, 100 of 100 steps')).toBeVisible();
  await expect(results.getByRole('status')).toContainText(/Of your 20 test drawings it read \d+, now (19|20)\./);
  await expect(results.getByRole('heading', { name: /^It learns you/ })).toBeVisible();
  // A digit is drawn again, and both networks read it stroke by stroke.
  await page.getByRole('grid', { name: 'Fifty drawings' }).press('Enter');
  const pad = page.getByRole('application', { name: 'Draw a 0' });
  await pad.focus();
  await page.keyboard.down('Space');
  for (let i = 0; i < 8; i++) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.up('Space');
  await expect(page.getByText(/^before: reads \d/)).toBeVisible();
  await expect(page.getByText(/^now: reads \d/)).toBeVisible();
  await page.getByRole('button', { name: 'Skip this digit' }).click();
  await expectNoViolations(page);
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'dark');

  await results.getByRole('button', { name: 'Make a link' }).press('Enter');
  const link = await results.getByLabel('Link with your hand').inputValue();
  expect(link).toMatch(/&hand=[\w-]{1500,2500}(&|$)/);
  await expect(results.getByText(/Rounding changed (none|\d+) of the 617 answers/)).toBeVisible();

  // A code of rank 1 beside it, which reads about as much.
  await expect(
    results.getByText(/^The code holds rank 1, .*: it reads (19|20) of your 20 test drawings/),
  ).toBeVisible();
  await results.getByRole('button', { name: 'Show large' }).press('Enter');
  await expect(page.getByRole('dialog', { name: 'QR code, large' })).toBeVisible();
  const scanned = (await decodedQr(page)) ?? '';
  expect(scanned).toMatch(/&hand=[\w-]{480}$/);
  await page.keyboard.press('Escape');
  await expectNoViolations(page);

  // The drawings are there after a reload, and with them the run.
  await page.goto('about:blank');
  await page.goto(HAND);
  await expect(results.getByRole('status')).toContainText(/now (19|20)\./);

  await page.goto('about:blank');
  await page.goto(scanned);
  await expect(results.getByRole('status')).toContainText(/with this adapter (19|20)\./);
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByRole('heading', { name: '<i>Mei</i>’s hand', exact: true })).toBeVisible();
  await expect(results.getByRole('status')).toContainText(/with this adapter (19|20)\./);

  // Another hand is drawn and added: both are read by the sum, which fits into a link with the own one at rank 1.
  await page.getByRole('button', { name: 'Use a sample hand' }).click();
  await page.getByRole('button', { name: 'Use another sample hand' }).click();
  await page.getByRole('button', { name: 'Add both' }).press('Enter');
  const table = page.getByRole('table', { name: 'Digits read with each adapter' });
  await expect(table.getByRole('row', { name: /^both (19|20) 5\d\d$/ })).toBeVisible();
  await expect(results.getByRole('status')).toContainText(/it read \d+, with both (19|20)\./);
  await page.getByRole('button', { name: 'Make a link with both' }).click();
  await expect(page.getByText('Both together have rank 8; a link holds rank 1 to 5.')).toBeVisible();
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Train yours at rank 1' }).click();
  await expect(page.getByText('Finished, 100 of 100 steps')).toBeVisible();
  await page.getByRole('button', { name: 'Make a link with both' }).click();
  expect(await page.getByLabel('Link with your hand').inputValue()).toMatch(/&hand=[\w-]{2240}(&|$)/);
  await page.getByRole('button', { name: 'Adapt to mine' }).click();
  await expect(page).not.toHaveURL(/hand=[\w-]{9}/);
  await expect(page.getByText('Finished, 100 of 100 steps')).toBeVisible();
});

test('a link with a broken adapter says what is wrong with it, and opens without', async ({ page }) => {
  await page.goto(`${HAND}&hand=AQQAAIA_`);
  await expect(page.getByText(/this adapter cannot be read: it has 6 bytes/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Use a sample hand' })).toBeVisible();
});

test('a hand on the wall: a file brings its drawings, a link brings a row alone, and what is no hand is named', async ({
  page,
}) => {
  await page.goto(HAND);
  await page.getByRole('button', { name: 'Use a sample hand' }).click();
  await expect(page.getByText('Finished, 100 of 100 steps')).toBeVisible();
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = await page.getByLabel('Link with your hand').inputValue();
  await page.getByRole('button', { name: 'Hand in your hand …' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Hand in' });
  await expect(dialog.getByText('The file holds your drawings')).toBeVisible();
  await dialog.getByLabel('Nickname').fill('Mei');
  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save file with drawings' }).click();
  const text = readFileSync(await (await saving).path(), 'utf8');
  expect(text.length).toBeLessThan(7000);
  await expect(dialog.getByText('The file is saved')).toBeVisible();

  await page.goto('about:blank');
  await page.goto('/#v=1&view=wall');
  await page.getByLabel('Or paste links, one per line').fill(`Jun ${link}`);
  await page.getByRole('button', { name: 'Add links' }).click();
  const hands = page.getByRole('region', { name: 'Hands' });
  await expect(hands.getByText(/^Only files hold drawings, and none has come/)).toBeVisible();
  const other = text.replace('"Mei"', '"Ada"').replace(/"0{3}/, '"g00');
  await drop(page, [
    ['mei.json', text],
    ['ada.json', other],
    ['bad.json', text.replace('"hand": "', '"hand": "!')],
  ]);
  await expect(hands.getByText(/All 3 in one: /)).toBeVisible();
  await expect(
    page.getByText(/1 left out: bad\.json cannot be read: of its adapter, it is not base64url/),
  ).toBeVisible();
  const grid = hands.getByRole('grid', { name: 'Whose adapter reads whose hand' });
  await expect(grid.getByRole('columnheader')).toHaveCount(4);
  // Three hands, no adapter, four ways of merging, and last the adapter that is trained on all.
  await expect(grid.getByRole('rowheader')).toHaveCount(9);
});

test('thirty hands, as an example: the sentence, the cells by keyboard, the weight, hidden names and tables', async ({
  page,
}) => {
  await page.goto('/#v=1&view=wall');
  await page.getByRole('button', { name: 'of thirty hands' }).press('Enter');
  const hands = page.getByRole('region', { name: 'Hands' });
  const claim = hands.getByText(/^Each adapter reads its own hand\. All 30 in one: /);
  await expect(claim).toHaveText(/of the sum reads (8[5-9]|9\d)% of the class and loses [2-6]\.$/, { timeout: 60_000 });
  await expect(hands.getByText(/^One adapter of rank 4, trained on all 900 drawings, reads 0\.9\d+/)).toBeVisible();
  await expectNoViolations(page);

  const grid = hands.getByRole('grid');
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(hands.getByText('The adapter of Chiara, the drawings of Chiara: 1.00').first()).toBeVisible();
  await expect(hands.getByText(/^Sum × 1\/\d+: .*below 0\.8\.$/)).toContainText('Goran');
  await hands.getByLabel('Weight of the sum').press('End');
  await expect(hands.getByText(/^Sum × 1: .*below 0\.8\.$/)).toContainText('Jun');
  // Typed over the name of a row, and nothing is read again.
  const name = hands.getByLabel('Name of hand 2');
  const { x, y } = (await name.boundingBox()) ?? { x: 0, y: 0 };
  await page.mouse.click(x + 40, y + 12);
  await expect(name).toBeFocused();
  await name.fill('<b>Zoë</b>');
  await expect(hands.getByText('The adapter of <b>Zoë</b>, the drawings of Jun:').first()).toBeVisible();
  await expectNoViolations(page);
  await hands.getByRole('button', { name: 'Hide names' }).click();
  await expect(hands.getByText('Zoë')).toHaveCount(0);
  await expect(hands.getByLabel(/^Name of hand/)).toHaveCount(0);
  const saving = page.waitForEvent('download');
  await hands.getByRole('button', { name: 'Matrix (CSV)' }).click();
  const lines = readFileSync(await (await saving).path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(lines.filter((line) => !line.startsWith('#'))).toHaveLength(1 + 30 + 6);
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'dark');

  // On a projector: the sentence and the matrix, without scrolling.
  await page.keyboard.press('f');
  await expect(claim).toBeVisible();
  await expect(hands.getByRole('button', { name: 'Exit, Esc' })).toBeInViewport({ ratio: 1 });
  expect((await grid.boundingBox())?.height).toBeGreaterThan(0.7 * (page.viewportSize()?.height ?? 0));
  await expectNoViolations(page, 'dark');
  await page.keyboard.press('Escape');

  await hands.getByRole('button', { name: 'Remove hand 2' }).click();
  await expect(hands.getByText(/All 29 in one: /)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Leave the example' }).click();
  await expect(page.getByText('Drop run files here')).toBeVisible();
});
