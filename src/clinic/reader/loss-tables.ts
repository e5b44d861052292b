import {
  EPOCH,
  LONGEST_LINE,
  LossCollector,
  type LossLog,
  lineEnd,
  MAX_LOSSES,
  MIN_LOSSES,
  NORM,
  RATE,
  STEP,
  TIME,
} from './losses.ts';
import { numberOf, type Span } from './syntax/node.ts';

const MAX_COLUMNS = 24;

/** Losses and the place that they take as a whole: what stands around it may be settings. */
export interface LossBlock {
  readonly log: LossLog;
  readonly block: Span;
}

interface TableRow {
  readonly cells: readonly (number | null)[];
  readonly place: Span;
}

interface TableHead {
  readonly cells: readonly string[];
  readonly start: number;
}

/**
 * A table of numbers with or without a head: one loss a line, "step,loss", several columns. Other lines may stand above
 * and below it, and few within. Null: there is none.
 */
export function lossesOfTable(text: string): LossBlock | null {
  const collector = new LossCollector();
  let above: TableHead | null = null;
  let head: TableHead | null = null;
  let rows: TableRow[] = [];
  // Since the last row; before it and after the first.
  let others = 0;
  let within = 0;
  let count = 0;
  let inBrackets = false;
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(text, at);
    const line = text.slice(at, Math.min(end, at + LONGEST_LINE));
    const place = { start: at, end };
    at = end + 1;
    if (line.trim() === '' || line.startsWith('#')) continue;
    const cells = cellsOf(line);
    const numbers = cells.map((cell) => numberOf(cell));
    const isNumbers = cells.every((cell, i) => numbers[i] !== null || cell === '') && numbers.some((n) => n !== null);
    // What a bracket opens is a list.
    if (!isNumbers) inBrackets = /[[({]$/.test(line.trim());
    const isRow = isNumbers && !inBrackets;
    if (!isRow || cells.length > MAX_COLUMNS || (rows.length >= MIN_LOSSES && cells.length !== rows[0].cells.length)) {
      others++;
      if (!isRow) above = { cells, start: place.start };
      continue;
    }
    if (rows.length < MIN_LOSSES && (others > 0 || cells.length !== rows[0]?.cells.length)) {
      rows = [];
      // The head is the line above the first row.
      head = above;
      within = 0;
      others = 0;
    }
    within += others;
    others = 0;
    count++;
    if (rows.length < MAX_LOSSES) rows.push({ cells: numbers, place });
  }
  if (rows.length < MIN_LOSSES || within > Math.max(2, count / 10)) return null;
  const columns = rows[0].cells.length;
  const names = namesOf(
    head?.cells ?? null,
    rows.map(({ cells }) => cells),
    columns,
  );
  const stepAt = names.findIndex((name) => STEP.test(name));
  const epochAt = names.findIndex((name) => EPOCH.test(name));
  const anyLoss = names.some((name) => /loss/i.test(name));
  // A column that counts whole epochs has one number for many rows.
  const counts =
    epochAt >= 0 && rows.every(({ cells }, i) => i === 0 || (cells[epochAt] ?? 0) > (rows[i - 1].cells[epochAt] ?? 0));
  const taken = columnsOf(names, [stepAt, epochAt]);
  for (const [i, { cells, place }] of rows.entries()) {
    const step = stepAt >= 0 ? cells[stepAt] : counts && anyLoss ? cells[epochAt] : i + 1;
    if (step === null || step === undefined) continue;
    for (const column of taken) {
      const value = cells[column];
      if (value === null || value === undefined) continue;
      collector.add(names[column], step, value, place, epochAt >= 0 ? (cells[epochAt] ?? null) : null);
    }
  }
  const log = collector.log();
  const first = head && names === head.cells ? head.start : rows[0].place.start;
  return log && { log, block: { start: first, end: rows[rows.length - 1].place.end } };
}

/** Ranks and methods: columns named after them are compared. */
export const RANK_COLUMN = /(?:^|[^a-z])(?:r|rank|dim)[ _=-]{0,2}(\d{1,4})(?!\d)/i;
export const METHODS = /oft|dora|loha|lokr|vera|ia3|adalora|pissa|hra|fourier|boft/i;
export const PLAIN_LORA = /(^|[^a-z])lora/i;
const LOSS_WORD =
  /^(train|training|val|valid|validation|eval|test|held[ -]?out|mse|nll|cross[ _-]?entropy|objective)$/i;

/** Of a column that stands alone: it grows or stays without anything being wrong. */
const NO_LOSS = /acc|reward|score|f1|bleu|rouge|auc|token|mem|second|sample|speed|percent|gpu|util|temp|fps|margin/i;

/** The columns that hold losses, rates and norms: by name; without one, the only other column. */
function columnsOf(names: readonly string[], clocks: readonly number[]): readonly number[] {
  const free = names.flatMap((name, i) =>
    clocks.includes(i) || TIME.test(name) || /__(MIN|MAX)$/.test(name) ? [] : [i],
  );
  const measured = free.filter((i) => RATE.test(names[i]) || NORM.test(names[i]));
  const others = free.filter((i) => !measured.includes(i));
  for (const named of [
    /loss/i,
    /^(.{1,60}[ /._-])?values?$/i,
    LOSS_WORD,
    new RegExp(`${RANK_COLUMN.source}|${METHODS.source}|${PLAIN_LORA.source}`, 'i'),
  ]) {
    const found = others.filter((i) => named.test(names[i]));
    if (found.length > 0) return [...found, ...measured];
  }
  return others.length === 1 && !NO_LOSS.test(names[others[0]]) ? [...others, ...measured] : [];
}

function cellsOf(line: string): readonly string[] {
  const plain = line.replace(/"(\d{1,3}(?:,\d{3}){1,4})"/g, (_, digits: string) => digits.replaceAll(',', ''));
  const sign = plain.includes('\t') ? '\t' : plain.includes(';') ? ';' : plain.includes(',') ? ',' : /\s+/;
  return plain
    .trim()
    .split(sign, MAX_COLUMNS + 1)
    .map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        // As the Trainer's table in a notebook writes it.
        .replace(/^(no log|n\/a|none|null)$/i, '')
        // "1,000", and "0,25" beside semicolons.
        .replace(sign === ';' ? /(?!)/ : /^\d{1,3}(?:,\d{3}){1,4}$/, (digits) => digits.replaceAll(',', ''))
        .replace(sign === ';' ? /^([+-]?\d{1,12}),(?=\d{1,20}$)/ : /(?!)/, '$1.')
        .slice(0, 80),
    );
}

/** Seconds since 1970: more than any step. */
const FIRST_SECOND = 1e8;

/**
 * Of the head. Without one, the first columns that grow from row to row are clocks: the time, and the step if it is the
 * first or has whole numbers. A column that repeats the loss is W&B's MIN or MAX.
 */
function namesOf(
  head: readonly string[] | null,
  rows: readonly (readonly (number | null)[])[],
  columns: number,
): readonly string[] {
  const named = columns > 1 || /loss|value/i.test(head?.[0] ?? '');
  if (named && head && head.length === columns && new Set(head).size === columns) return head;
  const names: string[] = [];
  for (let i = 0; i < columns - 1; i++) {
    const cells = rows.map((row) => row[i]);
    const grows = cells.every((cell, j) => cell !== null && (j === 0 || cell > (cells[j - 1] ?? cell)));
    const isTime = cells[0] !== null && cells[0] > FIRST_SECOND;
    const isStep = !names.includes('step') && (i === 0 || cells.every((cell) => Number.isInteger(cell)));
    if (!grows || !(isTime || isStep)) break;
    names.push(isTime ? 'time' : 'step');
  }
  const loss = names.length;
  const plain = ['loss', 'held-out loss'];
  for (let i = loss; i < columns; i++) {
    const repeats = i > loss && rows.every((row) => row[i] === row[loss]);
    names.push(repeats ? `${i} __MAX` : (plain[i - loss] ?? `column ${i + 1} loss`));
  }
  return names;
}

/** Where a list may begin: `[`, `losses = [`, "loss: 2.3, 2.2 …", or the first number of a line. */
const LIST_START =
  /^[ \t]{0,40}\{?[ \t]{0,40}(?:["']?\w{0,30}loss\w{0,10}["']?[ \t]{0,4}[:=][ \t]{0,4})?\[?[ \t]{0,40}(?=[+-]?\.?\d)/gim;
const LIST_ITEM = /[+-]?(?:\d{1,20}(?:\.\d{0,40})?|\.\d{1,40})(?:e[+-]?\d{1,4})?|[+-]?nan\b|[+-]?inf(?:inity)?\b/iy;
/** Only brackets hold a list together over lines. */
const LIST_SIGNS = { open: /[ \t]{0,40},[ \t\r\n]{0,40}/y, line: /[ \t]{0,40},[ \t]{0,40}/y } as const;
/** Shorter ones are sizes of something. */
const MIN_LISTED = 5;

/** The longest list of numbers with commas between them, in brackets or without: "2.31, 2.28, 2.20". */
export function lossesOfList(text: string): LossBlock | null {
  let best: { readonly items: readonly Span[]; readonly block: Span } | null = null;
  let after = 0;
  for (const hit of text.matchAll(LIST_START)) {
    if (hit.index < after) continue;
    const items: Span[] = [];
    const between = hit[0].includes('[') ? LIST_SIGNS.open : LIST_SIGNS.line;
    for (let at = hit.index + hit[0].length; items.length < MAX_LOSSES; ) {
      LIST_ITEM.lastIndex = at;
      const item = LIST_ITEM.exec(text);
      if (!item) break;
      items.push({ start: at, end: at + item[0].length });
      after = at + item[0].length;
      between.lastIndex = after;
      const sign = between.exec(text);
      if (!sign) break;
      at = after + sign[0].length;
    }
    // "2.31, 2.28 x" is no list.
    const ends = /^[ \t]{0,40}(?:,|\]|…|\.\.\.|$|\r|\n)/.test(text.slice(after, after + 44));
    if (ends && items.length >= MIN_LISTED && items.length > (best?.items.length ?? 0))
      best = { items, block: { start: hit.index, end: text[after] === ']' ? after + 1 : after } };
  }
  if (!best) return null;
  const collector = new LossCollector();
  for (const [i, place] of best.items.entries())
    collector.add('loss', i + 1, numberOf(text.slice(place.start, place.end)) ?? Number.NaN, place);
  const log = collector.log();
  return log && { log, block: best.block };
}
