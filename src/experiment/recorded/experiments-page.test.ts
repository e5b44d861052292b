import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { experimentsPage } from './testing/experiments-page.ts';

// To write it: UPDATE_DOCS=1 npx vitest run experiments-page
it('docs/experiments.md says what the experiments claim and what was measured', () => {
  const file = new URL('../../../docs/experiments.md', import.meta.url);
  if (process.env.UPDATE_DOCS) writeFileSync(file, experimentsPage());
  expect(readFileSync(file, 'utf8')).toBe(experimentsPage());
});
