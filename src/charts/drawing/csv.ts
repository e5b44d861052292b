import { csvFormatRow } from 'd3-dsv';
import type { Table } from '../chart.ts';

/**
 * A table as CSV (RFC 4180: CRLF, fields quoted where they must be), with lines of comment in front, each behind a "#".
 * Numbers keep full precision; what is not there is an empty field.
 */
export function tableCsv({ columns, rows }: Table, comments: readonly string[] = []): string {
  const lines = [
    ...comments.flatMap((text) => text.split(/\r?\n/)).map((line) => `# ${line}`),
    ...[columns, ...rows].map((row) => csvFormatRow(row.map((value) => (value === null ? '' : String(value))))),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
