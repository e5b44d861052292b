import { PIXELS } from '../../experiment/network/digits.ts';
import { DIGITS, MOST_HANDS, ROUNDS } from '../../experiment/network/rounds.ts';
import { defaults, param } from '../../experiment/settings/experiment.ts';
import { METRICS } from '../../experiment/settings/metric.ts';
import { type Experiment, PARAM_KEYS, TUNED_KEYS, type TunedKey } from '../../experiment/settings/params.ts';
import type { FactoredMatrix, StoredModule } from '../../experiment/targets/factored-matrix.ts';
import { type BackgroundMessage, MAX_OBSERVED_STEPS, RECORD_PARTS } from './background-messages.ts';
import type { PageMessage } from './page-messages.ts';

type Fields = Readonly<Record<string, unknown>>;
type FieldCheck = (value: unknown) => boolean;
type Message = PageMessage | BackgroundMessage;
type MessageChecks<M> = { readonly [K in keyof Omit<Required<M>, 'type'>]: FieldCheck };

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText: FieldCheck = (value) => typeof value === 'string';
const isFactor: FieldCheck = (value) => value instanceof Float32Array;
const oneOf = (allowed: readonly unknown[]) => (value: unknown) => allowed.includes(value);
const listOf = (check: FieldCheck) => (value: unknown) => Array.isArray(value) && value.every((entry) => check(entry));
const orNull = (check: FieldCheck) => (value: unknown) => value === null || check(value);
const optional = (check: FieldCheck) => (value: unknown) => value === undefined || check(value);
const fields = (checks: Readonly<Record<string, FieldCheck>>) => (value: unknown) =>
  isFields(value) && Object.entries(checks).every(([key, check]) => check(value[key]));

const isExperiment: FieldCheck = (value) => {
  const e = value as Experiment;
  return isFields(value) && PARAM_KEYS.every((key) => 'value' in param(key).check(e[key], e));
};

function isDrawing(value: unknown): boolean {
  if (!isFields(value) || !isCount(value.rows) || !isCount(value.cols)) return false;
  if (value.values instanceof Blob) return isModule(value as Partial<StoredModule>, value.values.size);
  const { rows, cols, data, start, base } = value;
  const isWhole = data instanceof Float64Array && data.length === rows * cols;
  const isBase =
    base === undefined || (isFields(base) && isMatrix(base.matrix) && base.matrix.data.length === rows * cols);
  const isUpdate = data === undefined ? isPair(value, rows, cols) : isWhole;
  return isBase && isUpdate && (start === undefined || isPair(start, rows, cols));
}

/** A stored module has as many numbers as it says. */
function isModule({ rows = 0, cols = 0, rank, scaling, text, start, base }: Partial<StoredModule>, bytes: number) {
  const pair = (rank: unknown) => (isCount(rank) ? rank * (rows + cols) : Number.NaN);
  const own = rank === 0 ? rows * cols : pair(rank);
  const numbers = own + (start ? pair(start.rank) : 0) + (base ? rows * cols : 0);
  const scaled = [scaling, start?.scaling ?? 1].every(Number.isFinite);
  return isText(text) && scaled && bytes === 4 * numbers;
}

function isPair(value: unknown, rows: number, cols: number): boolean {
  if (!isFields(value)) return false;
  const { B, A, scaling } = value;
  if (!Number.isFinite(scaling) || !isMatrix(B) || !isMatrix(A)) return false;
  return B.rows === rows && A.cols === cols && B.cols === A.rows;
}

function isMatrix(value: unknown): value is FactoredMatrix['A'] {
  if (!isFields(value) || !isCount(value.rows) || !isCount(value.cols)) return false;
  return value.data instanceof Float32Array && value.data.length === value.rows * value.cols;
}

function isDigitSet(value: unknown): boolean {
  if (!isFields(value) || !(value.inputs instanceof Float32Array) || !(value.answers instanceof Uint8Array))
    return false;
  const { inputs, answers } = value;
  const fits = answers.length <= MOST_HANDS * DIGITS * ROUNDS && inputs.length === answers.length * PIXELS;
  return fits && answers.every((digit) => digit < DIGITS) && inputs.every((x) => Math.abs(x) <= 1);
}

/** Of more matrices than any network has. */
const LONGEST_RATES = 1000;

const isOne = (key: TunedKey, value: unknown) => value !== null && 'value' in param(key).check(value, defaults());

/** No bound of a tune parameter looks at the experiment; a rate for each matrix fits a network of some number of them. */
const isTuned = (key: TunedKey, value: unknown) =>
  key === 'lr' && typeof value === 'string' && value.length < LONGEST_RATES
    ? value.split(',').every((rate) => 'value' in param('lr').read(rate, defaults()))
    : isOne(key, value);

function isChange(value: unknown): boolean {
  if (!isFields(value) || !isCount(value.step)) return false;
  const key = TUNED_KEYS.find((name) => name === value.key);
  return key !== undefined && isTuned(key, value.value);
}

const isObserved: FieldCheck = (value) =>
  Array.isArray(value) &&
  value.length <= MAX_OBSERVED_STEPS &&
  value.every((step, i) => isCount(step) && (i === 0 || step > value[i - 1]));

const isKept: FieldCheck = (value) =>
  listOf(oneOf(RECORD_PARTS))(value) && new Set(value as []).size === (value as []).length;

const isWatch = fields({
  metrics: listOf(oneOf(METRICS)),
  modules: orNull(listOf(isText)),
  every: optional(isCount),
});

const ORDER = {
  experiment: isExperiment,
  choice: fields({ backend: oneOf([null, 'webgpu', 'wasm', 'cpu']), stepper: oneOf([null, 'tfjs', 'direct']) }),
  drawing: orNull(isDrawing),
  hand: optional(orNull(fields({ training: isDigitSet, test: isDigitSet }))),
  page: isText,
};

/** Every field of every message; whether a run has a module of that size is checked by the code that has the modules. */
const MESSAGES: { readonly [T in Message['type']]: MessageChecks<Extract<Message, { readonly type: T }>> } = {
  run: {
    ...{ run: isCount, session: isCount, ...ORDER, watch: isWatch },
    replay: orNull(fields({ to: isCount, changes: listOf(isChange) })),
  },
  leave: { session: isCount },
  tune: {
    run: isCount,
    tuning: fields(Object.fromEntries(TUNED_KEYS.map((key) => [key, (value: unknown) => isTuned(key, value)]))),
  },
  watch: { run: isCount, watch: isWatch },
  pace: { run: isCount, order: isCount, pace: (pace) => typeof pace === 'number' && pace >= 0, until: isCount },
  ack: { run: isCount, frame: isCount },
  merge: { run: isCount, order: isCount, module: isText, A: isFactor, B: isFactor, scaling: Number.isFinite },
  quiet: {
    ...{ quiet: isCount, ...ORDER, observe: optional(isObserved), keep: optional(isKept) },
    measures: optional(
      (value) =>
        value === 'start' || listOf(fields({ A: isFactor, B: isFactor, own: optional(listOf(isFactor)) }))(value),
    ),
  },
  cancel: { quiet: isCount },
};

/** Whether a message from the page is one that the worker can act on: nothing else gets into its loop. */
export function isPageMessage(value: unknown): value is Message {
  const type = isFields(value) && Object.keys(MESSAGES).find((name) => name === value.type);
  return type ? fields(MESSAGES[type as Message['type']])(value) : false;
}

/** The run that a message is about, if recognisable; else one that never existed. */
export function runOf(value: unknown): number {
  return isFields(value) && isCount(value.run) ? value.run : -1;
}
