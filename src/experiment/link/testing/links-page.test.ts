import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { linksPage } from './links-page.ts';

// To write it: UPDATE_DOCS=1 npx vitest run links-page
it('docs/links.md lists every key as the parameter table has it', async () => {
  const file = new URL('../../../../docs/links.md', import.meta.url);
  if (process.env.UPDATE_DOCS) (await import('node:fs')).writeFileSync(file, linksPage());
  expect(readFileSync(file, 'utf8')).toBe(linksPage());
});
