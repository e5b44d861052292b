import { expectNoViolations, setColorScheme } from './axe.ts';
import { expect, test } from './fixtures.ts';

const LESSON = './?backend=cpu#v=1&lesson=cost';
const MISTRAL = JSON.stringify({
  model_type: 'mistral',
  hidden_size: 4096,
  intermediate_size: 14336,
  num_attention_heads: 32,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  vocab_size: 32000,
});

test('ranks are set by keyboard, travel in the link, and are copied as a LoraConfig', async ({ page }) => {
  await page.goto(`${LESSON}&step=2&cost=model:llama-2-7b,q:16`);
  const q = page.getByRole('row', { name: /^Adapt q / });
  const rank = q.getByRole('slider');
  await rank.focus();
  await page.keyboard.press('ArrowRight');
  await expect(rank).toHaveAttribute('aria-valuetext', 'rank 20');
  await expect(q).toContainText('163,840');
  await expect(q).toContainText('102×');
  await expect(page.getByText('Rank 20 it is')).toBeVisible();
  await expect(page).toHaveURL(/cost=model:llama-2-7b,q:20,/);
  await q.getByRole('textbox').fill('4096');
  await expect(q).toContainText('more than full');
  await q.getByRole('textbox').fill('8192');
  await expect(q.getByRole('alert')).toHaveText('a whole number from 0 to 4,096');
  await q.getByRole('textbox').fill('8');
  await page.getByRole('checkbox', { name: 'Adapt up' }).press('Space');
  await page.getByRole('button', { name: 'Copy as LoraConfig' }).click();
  const config = page.getByLabel('LoraConfig for the PEFT library');
  await expect(page.getByRole('banner').getByRole('button', { name: 'Share' })).toBeInViewport();
  await expect(config).toHaveValue(/target_modules=\["q_proj", "up_proj"\]/);
  await expect(config).toHaveValue(/rank_pattern=\{"up_proj": 16\}/);
  await expect(page).toHaveURL(/q:8,up:16/);
  await page.reload();
  await expect(rank).toHaveAttribute('aria-valuetext', 'rank 8');
  await expectNoViolations(page, 'calculator');
});

test('a config.json is read or says what is missing, assumptions are editable, a bad link is told', async ({
  page,
}) => {
  await page.goto(`${LESSON}&step=4&cost=model:gpt5,q:8`);
  await expect(page.getByText(/cost=model:gpt5/)).toBeVisible();
  await page.getByRole('button', { name: 'Your own model (config.json)' }).click();
  const field = page.getByLabel(/The config.json of a decoder/);
  await field.fill('{"hidden_size": 4096}');
  await page.getByRole('button', { name: 'Use this model' }).click();
  await expect(
    page.getByText('num_hidden_layers is missing. It must be a whole number from 1 to 1,000.'),
  ).toBeVisible();
  await field.fill(MISTRAL);
  await page.getByRole('button', { name: 'Use this model' }).click();
  await expect(page.getByText('of 7,241,732,096')).toBeVisible();
  await expect(page).toHaveURL(/cost=model:own,family:llama,layers:32,width:4096/);
  await page.getByRole('button', { name: 'How each byte is counted' }).click();
  await page.getByLabel('Second copy of trained weights').fill('4');
  await expect(page).toHaveURL(/copy:4/);
  const board = page.locator('figure[data-chart="memory"]');
  await expect(board.locator('.unseen')).toContainText(/Full: 109\.2 GiB/);
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'calculator, dark');
});

test('on a phone the prediction comes first, then the calculator, with nothing beside the screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${LESSON}&step=1`);
  await expect(page.getByRole('img', { name: /W₀ is a large square/ })).toBeVisible();
  await page.getByRole('radio', { name: '1 in 16: 1,048,576' }).check();
  await page.getByRole('button', { name: 'Check my guess' }).click();
  await expect(page.getByText('Your guess was 8 times too high.')).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Rank of q' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await expectNoViolations(page, 'calculator on a phone');
});
