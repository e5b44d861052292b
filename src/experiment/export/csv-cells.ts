/** A text as a cell of a table: a spreadsheet takes one that begins so for a formula, and names come from outside. */
const safe = (text: string): string => (/^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** A field of CSV (RFC 4180); numbers as they are, empty what is not there. */
export function csvField(value: unknown): string {
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? safe(value) : String(value);
  return /[",\r\n]/.test(text) ? quotedField(text) : text;
}

/**
 * A line of comment behind a "#". It is one quoted field where what stands behind a comma of it would be a formula; any
 * other begins with the "#", as programs that skip comments expect it.
 */
export function csvComment(text: string): string {
  const line = `# ${text.replace(/[\r\n]+/g, ' ')}`;
  return /[,;\t]["'\s]*[=+\-@]/.test(line) ? quotedField(line) : line;
}

const quotedField = (text: string) => `"${text.replaceAll('"', '""')}"`;
