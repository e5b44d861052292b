import { faultTexts, quoted } from '../link/faults.ts';
import { parseLink } from '../link/link.ts';
import { param } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { type Change, TUNED } from '../settings/tuned.ts';
import { array, fail, finite, type Json, list, matrix, object, RunFileFault, shown } from './json-checks.ts';
import { type ReadLosses, type ReadSamples, readLosses, readSamples } from './read-samples.ts';
import { RUN_FORMAT, RUN_VERSION } from './run-file.ts';
import { STATUSES, type Status } from './status.ts';

export { RunFileFault };

/** What a run file holds, checked and as typed arrays. */
export interface ReadRun {
  readonly experiment: Experiment;
  readonly rate: number;
  readonly status: Status;
  readonly backend: string;
  readonly device: string;
  readonly initial: { readonly A: Float32Array; readonly B: Float32Array };
  readonly final: { readonly A: Float32Array; readonly B: Float32Array };
  readonly loss: Float64Array;
  readonly relativeError: Float64Array;
  readonly gradNormA: Float64Array;
  readonly gradNormB: Float64Array;
  readonly updateNormA: Float64Array;
  readonly updateNormB: Float64Array;
  /** Full training and held-out loss of a regression run at some steps; null where the file has none. */
  readonly losses: ReadLosses | null;
  /** Its samples and batches; null where the file has none. */
  readonly samples: ReadSamples | null;
  readonly spectra: readonly { readonly step: number; readonly values: Float64Array }[];
  readonly changes: readonly Change[];
}

/** Reads the text of a run file. Throws a RunFileFault that names the first thing that is wrong. */
export function readRunFile(text: string): ReadRun {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    fail(`The file is not JSON (${quoted(String(error), 120)}). Allowed is a run file of this page.`);
  }
  const file = object(json, 'the file');
  if (file.format !== RUN_FORMAT) fail(`format: found ${shown(file.format)}, allowed is "${RUN_FORMAT}".`);
  if (file.version !== RUN_VERSION) fail(`version: found ${shown(file.version)}, allowed is ${RUN_VERSION}.`);
  const { experiment, rate } = readLink(file.link);
  const status =
    STATUSES.find((s) => s === file.status) ??
    fail(`status: found ${shown(file.status)}, allowed are ${STATUSES.join(', ')}.`);
  const layers = array(file.layers, 'layers', 1);
  if (layers.length !== 1) fail('layers: one layer is needed.');
  const trace = object(file.trace, 'trace');
  const layer = readLayer(object(layers[0], 'layers[0]'), trace, experiment);
  const entries = layer.loss.length;
  return {
    ...layer,
    losses: readLosses(trace, entries),
    samples: readSamples(file.samples, experiment, entries),
    experiment,
    rate,
    status,
    backend: word(file.backend),
    device: word(file.device),
    changes: readChanges(file.changes, experiment, entries),
  };
}

/** Several back ends or devices, each with its steps: longer than any that a page writes. */
const LONGEST_WORD = 1000;
const word = (value: unknown) => (typeof value === 'string' ? quoted(value, LONGEST_WORD) : 'unknown');

function readLink(link: unknown): { experiment: Experiment; rate: number } {
  if (typeof link !== 'string') fail(`link: text is needed, found ${shown(link)}.`);
  const { experiment, faults } = parseLink(link);
  if (faults.length > 0) fail(`link: ${faultTexts(faults, 3).join(' ')}`);
  if (experiment.lr === null) fail('link: lr is missing; a run file names the learning rate it ran with.');
  return { experiment, rate: experiment.lr };
}

function readLayer(layer: Json, trace: Json, e: Experiment) {
  for (const key of ['d', 'k', 'rank'] as const)
    if (layer[key] !== e[key]) fail(`layers[0].${key}: found ${shown(layer[key])}, the link says ${e[key]}.`);
  const steps = array(trace.step, 'trace.step', 200_001);
  const n = steps.length;
  if (n < 1) fail('trace.step: at least one entry is needed.');
  const odd = steps.findIndex((s, i) => s !== i);
  if (odd >= 0) fail(`trace.step, entry ${odd}: found ${shown(steps[odd])}, needed is ${odd}.`);
  const own = object(layer.trace, 'layers[0].trace');
  const pair = (value: unknown, where: string) => {
    const { A, B } = object(value, where);
    return { A: matrix(A, `${where}.A`, e.rank, e.k), B: matrix(B, `${where}.B`, e.d, e.rank) };
  };
  const perStep = (from: Json, key: string) => list(from[key], `trace.${key}`, n);
  const optional = (key: string) => (own[key] === undefined ? new Float64Array(n) : perStep(own, key));
  return {
    initial: pair(layer.initial, 'layers[0].initial'),
    final: pair(layer.final, 'layers[0].final'),
    loss: perStep(trace, 'loss'),
    relativeError: perStep(trace, 'relativeError'),
    gradNormA: perStep(own, 'gradNormA'),
    gradNormB: perStep(own, 'gradNormB'),
    updateNormA: optional('updateNormA'),
    updateNormB: optional('updateNormB'),
    spectra: readSpectra(own.spectrum, n, Math.min(e.rank, e.d, e.k)),
  };
}

function readSpectra(value: unknown, n: number, length: number): ReadRun['spectra'] {
  return array(value ?? [], 'spectrum', n).map((entry, i) => {
    const { step, values } = object(entry, `spectrum[${i}]`);
    if (!Number.isInteger(step) || (step as number) < 0 || (step as number) >= n)
      fail(`spectrum[${i}].step: found ${shown(step)}, allowed are 0 to ${n - 1}.`);
    return { step: step as number, values: list(values, `spectrum[${i}].values`, length) };
  });
}

function readChanges(value: unknown, e: Experiment, n: number): ReadRun['changes'] {
  let earlier = 0;
  return array(value ?? [], 'changes', 10_000).map((entry, i) => {
    const change = object(entry, `changes[${i}]`);
    const key =
      TUNED.find((k) => k === change.key) ??
      fail(`changes[${i}].key: found ${shown(change.key)}, allowed are ${TUNED.join(', ')}.`);
    const step = finite(change.step, `changes[${i}].step`);
    if (!Number.isInteger(step) || step < 1 || step >= n || step < earlier)
      fail(`changes[${i}].step: found ${step}, allowed are whole numbers from 1 to ${n - 1}, ascending.`);
    earlier = step;
    const checked = param(key).check(change.value, e);
    if (change.value === null) fail(`changes[${i}].value: found null, a value is needed.`);
    if ('fault' in checked) fail(`changes[${i}].value: found ${shown(change.value)}, allowed is ${checked.fault}.`);
    return { step, key, value: change.value as number | string };
  });
}
