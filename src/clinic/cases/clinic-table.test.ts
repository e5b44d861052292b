import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withTables } from './testing/clinic-table.ts';

// To write them: UPDATE_DOCS=1 npx vitest run clinic-table
it('docs/clinic.md has the tables of what was measured', () => {
  const file = new URL('../../../docs/clinic.md', import.meta.url);
  const page = readFileSync(file, 'utf8');
  if (process.env.UPDATE_DOCS) writeFileSync(file, withTables(page));
  expect(readFileSync(file, 'utf8')).toBe(withTables(page));
});
