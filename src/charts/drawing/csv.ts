import type { Table } from '../chart.ts';

/**
 * A table as CSV (RFC 4180: CRLF, fields quoted where they must be), with lines of comment in front, each behind a "#".
 * Numbers keep full precision; what is not there is an empty field.
 */
export function tableCsv({ columns, rows }: Table, comments: readonly string[] = []): string {
  const lines = [
    ...comments.flatMap((text) => text.split(/\r?\n/)).map((line) => `# ${line}`),
    columns.map(field).join(','),
    ...rows.map((row) => row.map(field).join(',')),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function field(value: number | string | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
