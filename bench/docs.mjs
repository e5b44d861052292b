// Writes the tables of a bench into a page of docs/, between the marks that name them.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { markdown } from './table.mjs';

const MARKED = /(<!-- bench: ([\w-]+) -->\n)[\s\S]*?(<!-- end -->)/g;

/**
 * The page with every measured table at its mark; the others are unchanged.
 * @param {string} page @param {import('./table.mjs').Results['tables']} tables
 */
export function withTables(page, tables) {
  return page.replace(MARKED, (all, opening, key, closing) => {
    const table = tables[key];
    return table ? `${opening}\n${markdown(table)}\n\n${closing}` : all;
  });
}

/** @param {string} results path of results.json @param {string} file path of the page */
export function writeDocs(results, file) {
  if (!existsSync(results)) return console.error('Nothing was measured, so no page was written.');
  const { tables } = JSON.parse(readFileSync(results, 'utf8'));
  writeFileSync(file, withTables(readFileSync(file, 'utf8'), tables));
  console.error(`${file} is written.`);
}
