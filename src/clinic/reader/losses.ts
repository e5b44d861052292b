import { type Leaf, numberOf, type Span } from './syntax/node.ts';

/** Losses of a run by step. The three lists are equally long. */
export interface LossSeries {
  /** The column or key it was read from. */
  readonly name: string;
  readonly heldOut: boolean;
  readonly steps: readonly number[];
  readonly values: readonly number[];
  readonly places: readonly Span[];
  /** Of each value, if the log has them. */
  readonly epochs: readonly number[] | null;
}

export interface LossLog {
  readonly series: readonly LossSeries[];
  readonly rates: LossSeries | null;
  readonly norms: LossSeries | null;
  /** True: there are more than are read. */
  readonly cut: boolean;
}

export const MAX_LOSSES = 100_000;
/** A log that has fewer is none. */
export const MIN_LOSSES = 3;

interface Growing {
  readonly steps: number[];
  readonly values: number[];
  readonly places: Span[];
  readonly epochs: (number | null)[];
}

class LossCollector {
  private readonly found = new Map<string, Growing>();
  private count = 0;
  cut = false;

  add(name: string, step: number, value: number, place: Span, epoch: number | null = null): void {
    if (!Number.isFinite(step)) return;
    if (++this.count > MAX_LOSSES) {
      this.cut = true;
      return;
    }
    let series = this.found.get(name);
    if (!series) {
      if (this.found.size >= 24) return;
      series = { steps: [], values: [], places: [], epochs: [] };
      this.found.set(name, series);
    }
    series.steps.push(step);
    series.values.push(value);
    series.places.push(place);
    series.epochs.push(epoch);
  }

  log(): LossLog | null {
    const all = [...this.found].map(([name, { steps, values, places, epochs }]): LossSeries => {
      // A log may list its newest line first.
      const order = steps.map((_, i) => i).sort((a, b) => steps[a] - steps[b]);
      const of = <T>(list: readonly T[]): readonly T[] => order.map((i) => list[i]);
      const known = epochs.every((epoch) => epoch !== null) ? of(epochs as number[]) : null;
      return {
        ...{ name, heldOut: HELD_OUT.test(name), epochs: known },
        ...{ steps: of(steps), values: of(values), places: of(places) },
      };
    });
    const rates = all.find(({ name }) => RATE.test(name)) ?? null;
    const norms = all.find(({ name }) => NORM.test(name)) ?? null;
    const series = all.filter((one) => one !== rates && one !== norms && !RATE.test(one.name) && !NORM.test(one.name));
    return series.some(({ values }) => values.length >= MIN_LOSSES) ? { series, rates, norms, cut: this.cut } : null;
  }
}

const HELD_OUT = /eval|valid|val([ _/-]|$)|test|held/i;
const RATE = /^(train\/)?(learning_rate|lr)$/i;
const NORM = /^(train\/)?(grad_norm|gradient_norm|total_norm)$/i;
const STEP = /^(train\/)?(global_?step|step|steps|iter|iteration|iterations|batch|t)$/i;
const EPOCH = /^(train\/)?epochs?$/i;
/** Clocks: TensorBoard's CSV begins with one. */
const TIME = /^_?(wall[ _]?time|relative([ _]time)?(\s*\(.*\))?|time(stamp)?|date|elapsed|runtime|seconds?)$/i;

/** Records of trainer_state.json or of any list of maps that have a loss. */
export function lossesOfRecords(leaves: readonly Leaf[]): LossLog | null {
  const records = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    if (!leaf.inList || leaf.path.length > 4) continue;
    const record = leaf.path.slice(0, -1).join('\u0000');
    const list = records.get(record);
    if (list) list.push(leaf);
    else if (records.size < MAX_LOSSES) records.set(record, [leaf]);
  }
  const collector = new LossCollector();
  let count = 0;
  for (const record of records.values()) {
    const values = new Map(record.map((leaf) => [leaf.path[leaf.path.length - 1], leaf]));
    // The last record of a Trainer repeats the mean of all losses.
    if (values.has('train_runtime')) continue;
    const epoch = numberAt(values.get('epoch'));
    if (values.has('loss') || values.has('train_loss')) count++;
    const step = numberAt(values.get('step') ?? values.get('global_step')) ?? Math.max(1, count);
    for (const [key, leaf] of values) {
      const value = numberAt(leaf);
      if (value !== null && isLogged(key)) collector.add(key, step, value, { start: leaf.start, end: leaf.end }, epoch);
    }
  }
  return collector.log();
}

const isLogged = (key: string) =>
  key.length <= 60 && (/(^|[_/ .-])loss$/i.test(key) || RATE.test(key) || NORM.test(key));

function numberAt(leaf: Leaf | undefined): number | null {
  if (leaf?.node.kind !== 'scalar') return null;
  const { value } = leaf.node;
  return typeof value === 'number' ? value : typeof value === 'string' ? numberOf(value.trim()) : null;
}

const LOGGED =
  /(["']?)\b((?:[a-z]{1,12}[_/ -]){0,2}loss(?:\/[a-z]{1,12})?|learning_rate|lr|grad_norm)\1[ \t]{0,6}[:=][ \t]{0,6}["']?([+-]?(?:\d{1,20}(?:\.\d{0,40})?|\.\d{1,40})(?:e[+-]?\d{1,4})?|[+-]?nan|[+-]?inf(?:inity)?)(?![\w.])/gi;
const STEP_IN_LINE = /\b(?:global_?step|step|iter(?:ation)?)s?["']?[ \t]{0,4}[:=#]?[ \t]{0,4}(\d{1,12})(?![\d.%])/i;
const BAR = /\b(\d{1,12})\/\d{1,12} \[/;
const EPOCH_IN_LINE = /\bepoch["']?[ \t]{0,4}[:=]?[ \t]{0,4}["']?(\d{1,8}(?:\.\d{1,20})?)/i;
const LONGEST_LINE = 2000;

/** A line of a log rather than a setting. */
export const LOG_LINE = /\b\w{0,20}loss["']?[ \t]{0,6}[:=][ \t]{0,6}["']?(?:[-+\d.]|nan\b|inf)/i;

/** Lines of a log: `{'loss': 1.23, 'epoch': 0.1}`, "step 10 loss=0.5", a progress bar of kohya. */
export function lossesOfLines(text: string): LossLog | null {
  if (!/loss/i.test(text)) return null;
  const collector = new LossCollector();
  let count = 0;
  for (let at = 0; at < text.length && !collector.cut; ) {
    const end = lineEnd(text, at);
    const line = text.slice(at, Math.min(end, at + LONGEST_LINE));
    if (/loss/i.test(line) && !/train_runtime/.test(line)) {
      const found = [...line.matchAll(LOGGED)];
      if (found.some(([, , name]) => /loss/i.test(name) && !HELD_OUT.test(name))) count++;
      const step = Number(BAR.exec(line)?.[1] ?? STEP_IN_LINE.exec(line)?.[1] ?? Math.max(1, count));
      const written = EPOCH_IN_LINE.exec(line)?.[1];
      const epoch = written === undefined ? null : Number(written);
      for (const hit of found) {
        const start = at + hit.index;
        const value = numberOf(hit[3]);
        if (value !== null)
          collector.add(hit[2].trim().toLowerCase(), step, value, { start, end: start + hit[0].length }, epoch);
      }
    }
    at = end + 1;
  }
  return collector.log();
}

function lineEnd(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) return i;
  }
  return text.length;
}

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
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(text, at);
    const line = text.slice(at, Math.min(end, at + LONGEST_LINE));
    const place = { start: at, end };
    at = end + 1;
    if (line.trim() === '' || line.startsWith('#')) continue;
    const cells = cellsOf(line);
    const numbers = cells.map((cell) => numberOf(cell));
    const isRow = cells.every((cell, i) => numbers[i] !== null || cell === '') && numbers.some((n) => n !== null);
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
  return others.length === 1 ? [...others, ...measured] : [];
}

function cellsOf(line: string): readonly string[] {
  const sign = line.includes('\t') ? '\t' : line.includes(';') ? ';' : line.includes(',') ? ',' : /\s+/;
  return line
    .trim()
    .split(sign, MAX_COLUMNS + 1)
    .map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .slice(0, 80),
    );
}

/** Of the head; without one, a first column that grows by itself is the step. */
function namesOf(
  head: readonly string[] | null,
  rows: readonly (readonly (number | null)[])[],
  columns: number,
): readonly string[] {
  const named = columns > 1 || /loss|value/i.test(head?.[0] ?? '');
  if (named && head && head.length === columns && new Set(head).size === columns) return head;
  const first = rows.map(([cell]) => cell);
  const grows = columns > 1 && first.every((cell, i) => cell !== null && (i === 0 || cell > (first[i - 1] ?? cell)));
  const plain = ['loss', 'held-out loss'];
  return Array.from({ length: columns }, (_, i) => {
    if (grows && i === 0) return 'step';
    return plain[grows ? i - 1 : i] ?? `column ${i + 1} loss`;
  });
}

/** Where a list may begin: `[`, `losses = [`, "loss: 2.3, 2.2 …", or the first number of a line. */
const LIST_START =
  /^[ \t]{0,40}(?:["']?\w{0,30}loss\w{0,10}["']?[ \t]{0,4}[:=][ \t]{0,4})?\[?[ \t]{0,40}(?=[+-]?\.?\d)/gim;
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
