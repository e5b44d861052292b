import { trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

/** Above the size of a full spectrum, yet quick to make. */
const link = (rest: string) => `./?backend=wasm#v=1&d=1100&k=520&steps=20&${rest}`;

test('of a large target the leading 64 singular values are known, with their error, and no floor beyond', async ({
  page,
}) => {
  await page.goto(link('target=low-rank&noise=0.05&rank=80'));
  await waitUntilReady(page);
  await trainRun(page, 20);
  for (const chart of [/^Singular values σ/, /^Error against rank/]) {
    await expect(page.getByRole('group', { name: chart })).toHaveAccessibleDescription(
      /only the leading 64 singular values are known, found by iteration with an error of about \d\.\d·10⁻\S+·σ₁/,
    );
  }
  await expect(page.getByRole('group', { name: /^Error against rank/ })).toHaveAccessibleDescription(
    /The floor at rank 80 is not known/,
  );
  await expect(page.getByText('the floor for r = 80 is not known').first()).toBeVisible();
});

test('of a rotation of that size all are, by construction', async ({ page }) => {
  await page.goto(link('target=rotation&rank=80'));
  await waitUntilReady(page);
  await trainRun(page, 2);
  await expect(page.getByRole('group', { name: /^Error against rank/ })).toHaveAccessibleDescription(
    /above the floor of 0\.920.*known from its construction/,
  );
});
