// Results of a bench, shared by the report (TypeScript, in Playwright) and the pages in docs/ (plain Node).

/**
 * @typedef {Readonly<Record<string, string | number>>} Row
 * @typedef {{ title: string, rows: readonly Row[], notes: readonly string[], measured: string, data?: unknown }} Table
 * @typedef {{ machine: Readonly<Record<string, string | number | boolean | null>>, tables: Readonly<Record<string, Table>> }} Results
 */

/** A Markdown table; columns are the keys of the first row. @param {readonly Row[]} rows */
export function markdownTable(rows) {
  const heads = Object.keys(rows[0] ?? {});
  const line = (/** @type {readonly unknown[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [
    line(heads),
    line(heads.map(() => '---')),
    ...rows.map((row) => line(heads.map((head) => row[head] ?? '–'))),
  ].join('\n');
}

/** The table with its notes and its machine. @param {Table} table */
export function markdown({ rows, notes, measured }) {
  return [markdownTable(rows), ...notes, measured].filter((part) => part !== '').join('\n\n');
}
