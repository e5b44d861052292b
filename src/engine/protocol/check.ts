import { param } from '../../experiment/settings/experiment.ts';
import { METRICS } from '../../experiment/settings/metric.ts';
import {
  type Change,
  type Experiment,
  PARAM_KEYS,
  TUNED_KEYS,
  type TunedKey,
  type Tuning,
} from '../../experiment/settings/params.ts';
import type { FactoredMatrix } from '../../experiment/targets/factored-matrix.ts';
import { type BackgroundMessage, MAX_OBSERVED_STEPS, RECORD_PARTS } from './background-messages.ts';
import type { PageMessage } from './page-messages.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isOneOf = (value: unknown, allowed: readonly unknown[]) => allowed.includes(value);

/** Whether a message from the page is one that the worker can act on: nothing else gets into its loop. */
export function isPageMessage(value: unknown): value is PageMessage | BackgroundMessage {
  if (!isFields(value)) return false;
  if (value.type === 'leave') return isCount(value.session);
  if (value.type === 'cancel') return isCount(value.quiet);
  if (value.type === 'quiet') return isCount(value.quiet) && isOrder(value) && isKept(value);
  if (!isCount(value.run)) return false;
  switch (value.type) {
    case 'run':
      return isRun(value);
    case 'tune':
      return isTuning(value.tuning);
    case 'watch':
      return isWatch(value.watch);
    case 'pace':
      return typeof value.pace === 'number' && value.pace >= 0 && isCount(value.until) && isCount(value.order);
    case 'merge':
      return isMerge(value);
    case 'ack':
      return isCount(value.frame);
    default:
      return false;
  }
}

/** Whether the run has such a module, of this size, is checked by the code that has the modules. */
function isMerge({ order, module, A, B, scaling }: Fields): boolean {
  if (!isCount(order) || typeof module !== 'string') return false;
  return A instanceof Float32Array && B instanceof Float32Array && Number.isFinite(scaling);
}

/** The run that a message is about, if recognisable; else one that never existed. */
export function runOf(value: unknown): number {
  return isFields(value) && isCount(value.run) ? value.run : -1;
}

function isRun({ session, watch, replay, ...order }: Fields): boolean {
  return isCount(session) && isOrder(order) && isWatch(watch) && (replay === null || isReplay(replay));
}

function isOrder({ experiment, choice, drawing, page }: Fields): boolean {
  return (
    isExperiment(experiment) &&
    isFields(choice) &&
    isOneOf(choice.backend, [null, 'webgpu', 'wasm', 'cpu']) &&
    isOneOf(choice.stepper, [null, 'tfjs', 'direct']) &&
    (drawing === null || isDrawing(drawing)) &&
    typeof page === 'string'
  );
}

function isKept({ observe = [], keep = [] }: Fields): boolean {
  if (!Array.isArray(observe) || !Array.isArray(keep) || observe.length > MAX_OBSERVED_STEPS) return false;
  const ascending = observe.every((step, i) => isCount(step) && (i === 0 || step > observe[i - 1]));
  return ascending && keep.length <= RECORD_PARTS.length && keep.every((part) => isOneOf(part, RECORD_PARTS));
}

function isExperiment(value: unknown): value is Experiment {
  if (!isFields(value)) return false;
  const e = value as unknown as Experiment;
  return PARAM_KEYS.every((key) => 'value' in param(key).check(e[key], e));
}

function isDrawing(value: unknown): boolean {
  if (!isFields(value) || !isCount(value.rows) || !isCount(value.cols)) return false;
  const { rows, cols, data, B, A, scaling } = value;
  if (data !== undefined) return data instanceof Float64Array && data.length === rows * cols;
  if (!Number.isFinite(scaling) || !isMatrix(B) || !isMatrix(A)) return false;
  return B.rows === rows && A.cols === cols && B.cols === A.rows;
}

function isMatrix(value: unknown): value is FactoredMatrix['A'] {
  if (!isFields(value) || !isCount(value.rows) || !isCount(value.cols)) return false;
  return value.data instanceof Float32Array && value.data.length === value.rows * value.cols;
}

function isWatch(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { metrics, modules, every = 0 } = value;
  return (
    Array.isArray(metrics) &&
    metrics.every((metric) => isOneOf(metric, METRICS)) &&
    (modules === null || (Array.isArray(modules) && modules.every((name) => typeof name === 'string'))) &&
    isCount(every)
  );
}

/** A tuning's bounds depend on nothing else, except that its rate is a number. */
function isTuning(value: unknown): value is Tuning {
  return isFields(value) && TUNED_KEYS.every((key) => isTuned(key, value[key]));
}

function isTuned(key: TunedKey, value: unknown): boolean {
  // No bound of a tune parameter looks at the experiment.
  return value !== null && 'value' in param(key).check(value, {} as Experiment);
}

function isReplay(value: unknown): boolean {
  return isFields(value) && isCount(value.to) && Array.isArray(value.changes) && value.changes.every(isChange);
}

function isChange(value: unknown): value is Change {
  if (!isFields(value) || !isCount(value.step)) return false;
  const key = TUNED_KEYS.find((name) => name === value.key);
  return key !== undefined && isTuned(key, value.value);
}
