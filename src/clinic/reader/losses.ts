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

export class LossCollector {
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
    return series.some(saysSomething) ? { series, rates, norms, cut: this.cut } : null;
  }
}

export const isFiniteThroughout = ({ values }: Pick<LossSeries, 'values'>): boolean => values.every(Number.isFinite);

/** Enough values for a curve, or one that is no number. */
export const saysSomething = ({ values }: LossSeries): boolean =>
  values.length >= MIN_LOSSES || !isFiniteThroughout({ values });

const HELD_OUT = /eval|valid|val([ _/-]|$)|test|held/i;
export const RATE = /^(train\/)?(learning_rate|lr)$/i;
export const NORM = /^(train\/)?(grad_norm|gradient_norm|total_norm)$/i;
export const STEP = /^(train\/)?(global_?step|current_steps?|_?step|steps|iter|iteration|iterations|batch|t)$/i;
export const EPOCH = /^(train\/)?epochs?$/i;
/** Clocks: TensorBoard's CSV begins with one. */
export const TIME = /^_?(wall[ _]?time|relative([ _]time)?(\s*\(.*\))?|time(stamp)?|date|elapsed|runtime|seconds?)$/i;

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
    const step =
      numberAt(values.get('step') ?? values.get('global_step') ?? values.get('current_steps')) ?? Math.max(1, count);
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
  /(["']?)\b((?:[a-z]{1,12}[_/ -]){0,2}loss(?:\/[a-z]{1,12})?|learning_rate|lr|grad_norm)\1(?:[ \t]{0,6}[:=][ \t]{0,6}["']?|[ \t]{1,6})([+-]?(?:\d{1,20}(?:\.\d{0,40})?|\.\d{1,40})(?:e[+-]?\d{1,4})?|[+-]?nan|[+-]?inf(?:inity)?)(?![\w.])/gi;
const STEP_IN_LINE =
  /\b(?:global_?step|current_step|step|iter(?:ation)?)s?["']?[ \t]{0,4}[:=#]?[ \t]{0,4}(\d{1,12})(?![\d.%])/i;
const BAR = /\b(\d{1,12})\/\d{1,12} \[/;
const EPOCH_IN_LINE = /\bepoch["']?[ \t]{0,4}[:=]?[ \t]{0,4}["']?(\d{1,8}(?:\.\d{1,20})?)/i;
export const LONGEST_LINE = 2000;

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

export function lineEnd(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) return i;
  }
  return text.length;
}
