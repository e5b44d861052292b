import { csvComment, csvField } from '../../experiment/export/csv-cells.ts';
import type { Table } from '../chart.ts';

/**
 * A table as CSV (RFC 4180: CRLF, fields quoted where they must be), with lines of comment in front, each behind a "#".
 * Numbers keep full precision; what is not there is an empty field; no text is a formula.
 */
export function tableCsv({ columns, rows }: Table, comments: readonly string[] = []): string {
  const lines = [
    ...comments.flatMap((text) => text.split(/\r?\n/)).map(csvComment),
    ...[columns, ...rows].map((row) => row.map(csvField).join(',')),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
