import { count, number, percent } from '../../../experiment/numbers.ts';
import type { PastedSettings } from '../fields.ts';
import { METHODS, PLAIN_LORA, RANK_COLUMN } from '../loss-tables.ts';
import { isFiniteThroughout, type LossLog, type LossSeries, saysSomething } from '../losses.ts';
import type { PastedRun } from '../read.ts';
import type { Span } from '../syntax/node.ts';
import { type RuleFinding, written } from './finding.ts';
import { mean, noiseOf, partsOf, stairsIn } from './series.ts';

type LossRule = (train: LossSeries, log: LossLog, run: PastedRun) => RuleFinding | null;

const at = (series: LossSeries, index: number): Span =>
  series.places[Math.max(0, Math.min(index, series.places.length - 1))];

const notANumber: LossRule = (train, { norms }) => {
  const first = train.values.findIndex((x) => !Number.isFinite(x));
  const norm = norms?.values.findIndex((x) => Number.isNaN(x)) ?? -1;
  if (first < 0 && (norm < 0 || !norms)) return null;
  if (first < 0 && norms) {
    const zero = train.values.filter((x) => x === 0).length;
    if (norms.values.filter((x) => Number.isNaN(x)).length < 2) return null;
    return {
      ...{ name: 'nan', sure: 'likely', weight: 98, evidence: [at(norms, norm)] },
      reason: `The norm of the gradient is NaN from step ${count(norms.steps[norm])} on${zero > 0 ? ', and the loss is printed as 0' : ''}.`,
      expect: 'All weights of the adapter are NaN in the file.',
    };
  }
  const before = train.values.slice(0, first).filter(Number.isFinite);
  return {
    ...{ name: 'nan', sure: 'likely', weight: 100 },
    evidence: [at(train, first), ...(first > 0 ? [at(train, first - 1)] : [])],
    reason: `The loss is ${Number.isNaN(train.values[first]) ? 'NaN' : 'infinite'} at step ${count(train.steps[first])}${before.length > 0 ? `; before, it was ${number(before[before.length - 1])}` : ''}.`,
    expect: 'Every later loss is NaN too, and so are all weights of the adapter in the file.',
  };
};

const grows: LossRule = (train) => {
  if (!isFiniteThroughout(train) || train.values.length < 4) return null;
  // One step of diffusion is a third of the mean by chance.
  const width = Math.max(1, Math.round(train.values.length / 20));
  const first = mean(train.values.slice(0, width));
  const start = Math.abs(first);
  const last = mean(train.values.slice(-width));
  const lowest = train.values.reduce((least, x) => Math.min(least, x));
  if (last < 3 * Math.max(start, 1e-12) || last < lowest + 10 * noiseOf(train.values)) return null;
  return {
    ...{ name: 'nan', sure: 'likely', weight: 92, evidence: [at(train, 0), at(train, train.values.length - 1)] },
    reason: `The loss grows from ${number(first)} to ${number(last)}: the rate is beyond the edge.`,
    expect: 'Some steps more, and it is NaN.',
  };
};

const stairs: LossRule = (train, _log, { settings }) => {
  if (!isFiniteThroughout(train) || train.values.length < 24) return null;
  const found = stairsIn(train.values, epochEnds(train));
  if (!found || found.drops.length < 2 || !fitsConfig(found.period, train, settings)) return null;
  const [first] = found.drops;
  const places = found.drops.slice(0, 3).map(({ at: index }) => at(train, index));
  const step = train.steps[found.period] - train.steps[0];
  // A bare list of losses has no steps; a log with epochs says where they end.
  const ends = train.epochs
    ? 'at the end of each epoch'
    : `every ${count(step)} ${step === found.period ? 'values' : 'steps'}`;
  return {
    ...{ name: 'staircase', sure: 'likely', weight: 88, evidence: places },
    reason: `The loss drops ${ends}, the first time from ${number(first.from)} to ${number(first.to)}; ${percent(Math.min(1, found.share))} of its fall lies there.`,
    expect: `${train.epochs ? 'The' : `An epoch has ${count(step)} ${step === found.period ? 'values' : 'steps'}, and the`} held-out loss has no stairs.`,
  };
};

/** Where each epoch begins after the first, if the log counts epochs and there are enough values of each. */
function epochEnds({ epochs }: LossSeries): readonly number[] | null {
  if (!epochs) return null;
  const ends = epochs.flatMap((epoch, i) => {
    // The value at the very end of an epoch is counted 1.0 or 0.99.
    const whole = Math.ceil(epoch - 1e-3) - 1;
    return i > 0 && whole > Math.ceil(epochs[i - 1] - 1e-3) - 1 ? [i] : [];
  });
  const shortest = ends.reduce((least, end, i) => Math.min(least, end - (ends[i - 1] ?? 0)), Number.POSITIVE_INFINITY);
  return ends.length >= 2 && shortest >= 8 ? ends : null;
}

/** A run of one epoch has no stairs, and no more treads than epochs. Processes and packing only make an epoch shorter. */
function fitsConfig(
  period: number,
  { steps, values }: LossSeries,
  { epochs, samples, batch, accumulation }: PastedSettings,
): boolean {
  if (epochs && values.length / period > epochs.value + 0.5) return false;
  const longest =
    samples && batch ? samples.value / (batch.value * (accumulation?.value ?? 1)) : Number.POSITIVE_INFINITY;
  return steps[period] - steps[0] <= 1.1 * Math.max(longest, 1);
}

const heldOutRises: LossRule = (train, { series }) => {
  for (const held of series) {
    if (!held.heldOut || held.values.length < 3 || !isFiniteThroughout(held)) continue;
    const n = held.values.length;
    // One value an epoch, as the Trainer's three: only a rise at each of them says something.
    if (n === 3 && !(held.values[0] < held.values[1] && held.values[1] < held.values[2])) continue;
    const side = n >= 12 ? 3 : 1;
    let best = 0;
    for (let i = 1; i < n; i++) if (held.values[i] < held.values[best]) best = i;
    const lowest = mean(held.values.slice(Math.max(0, best - (side >> 1)), best + 1 + (side >> 1)));
    const end = mean(held.values.slice(-side));
    const rise = end - lowest;
    if (best >= n - 2 || rise < 0.04 * Math.abs(lowest)) continue;
    // Few values that all rise after the lowest: their differences are no noise.
    const climbs = best <= n - 4 && rise >= 0.08 * Math.abs(lowest) && rises(held.values.slice(best));
    const clear = n > 3 && rise >= 2.5 * noiseOf(held.values);
    if (n > 3 && !clear && !climbs) continue;
    const falls = trainFalls(train, held.steps[best]);
    if (!falls) continue;
    return {
      ...{ name: 'overfit', sure: clear ? 'likely' : 'possible', weight: clear ? 94 : 78 },
      evidence: [at(held, best), at(held, n - 1)],
      reason: `The held-out loss turns at step ${count(held.steps[best])}: ${number(held.values[best])} there, ${number(end)} ${side > 1 ? `as the mean of the last ${side}` : 'at the end'}, while the training loss still falls.`,
      expect: 'The adapter of that step is better on new samples than the last one.',
    };
  }
  return null;
};

const rises = (values: readonly number[]) => values.every((x, i) => i === 0 || x > values[i - 1]);

function trainFalls(train: LossSeries, step: number): boolean {
  const from = train.steps.findIndex((s) => s >= step);
  const after = train.values.slice(Math.max(0, from));
  if (train.values.length < 4 || train.heldOut || after.length < 2) return true;
  const half = Math.ceil(after.length / 2);
  return mean(after.slice(half === after.length ? -1 : half)) < mean(after.slice(0, half)) * 1.02;
}

/** The same number at every step: no gradient reaches a trained parameter. */
const constant: LossRule = (train) => {
  const [first] = train.values;
  if (train.values.length < 8 || !Number.isFinite(first) || train.values.some((x) => x !== first)) return null;
  return {
    ...{ name: 'zeros', sure: 'likely', weight: 84, evidence: [at(train, 0), at(train, train.values.length - 1)] },
    reason: `All ${count(train.values.length)} losses are ${written(first)}: no gradient reaches a trained factor, as if both were 0.`,
    expect: 'lora_B is still all zeros after training.',
  };
};

/** Noise above this share of the loss hides whether it falls. */
const NOISY = 0.1;

/** Losses of diffusion lie below the first, sometimes the second: noise around a level, which says nothing of whether it learns. */
const DIFFUSION = { most: 0.3, some: 0.5 } as const;

/** Scripts of diffusers; names in the logs of kohya. */
const DIFFUSION_SCRIPT = /dreambooth|text_to_image|flux|sdxl|sd3|diffus|controlnet/i;
const DIFFUSION_LOSS = /^avr_loss$|^loss\/(current|average|epoch_average|epoch)$/;

function ofDiffusion({ tool, settings, losses }: PastedRun): boolean {
  const places = Object.values(settings).map(({ place }) => place);
  const names = losses?.series.map(({ name }) => name) ?? [];
  return (
    tool === 'kohya' ||
    places.some((place) => DIFFUSION_SCRIPT.test(place)) ||
    names.some((name) => DIFFUSION_LOSS.test(name))
  );
}

/** Of the loss: a smaller fall is none, if a larger one than the second can be ruled out. */
const NO_FALL = { seen: 0.03, possible: 0.06 } as const;

/** Ten values or more; what falls in the first tenth of a long run is seen by its mean. */
const noFall: LossRule = (train, _log, run) => {
  const { values } = train;
  if (!isFiniteThroughout(train) || values.length < 10 || values.every((x) => x === values[0]) || ofDiffusion(run))
    return null;
  const width = Math.max(1, Math.round(values.length / 10));
  const [first, last] = [mean(values.slice(0, width)), mean(values.slice(-width))];
  if (first < DIFFUSION.most || (first < DIFFUSION.some && values.length < 20)) return null;
  const noise = noiseOf(values);
  const error = Math.max(noise * Math.sqrt(2 / width), partsOf(values)?.error ?? 0) / first;
  const start = mean(values.slice(0, Math.max(1, Math.round(width / 3))));
  const fall = (first - last) / first;
  if (noise > NOISY * first || Math.abs(fall) > NO_FALL.seen || fall + 1.6 * error > NO_FALL.possible) return null;
  if (start - last > 0.02 * first + 3 * noise * Math.sqrt(3 / width)) return null;
  return {
    ...{ name: 'nothing', sure: values.length >= 20 && first >= DIFFUSION.some ? 'likely' : 'possible', weight: 82 },
    evidence: [at(train, 0), at(train, values.length - 1)],
    reason: `The loss is ${number(first)} at first and ${number(last)} at the end of ${count(values.length)} values: ${fall > 0.0005 ? `it falls by ${percent(fall)}` : 'it does not fall'}.`,
    expect: '‖ΔW‖ is near 0, and the outputs are those of the base model.',
  };
};

/** It bends down: in the first tenth it falls at less than half the speed that it reaches later. */
const flatFirst: LossRule = (train, _log, run) => {
  if (!isFiniteThroughout(train) || ofDiffusion(run)) return null;
  const parts = partsOf(train.values);
  if (!parts) return null;
  const { windows, error, noise } = parts;
  const [first, , third] = windows;
  const last = windows[windows.length - 1];
  // Over two windows, as the first tenth: one alone is noise.
  const speeds = windows.slice(2, -2).map((mean, i) => (mean - windows[i + 4]) / 2);
  const steepest = Math.max(...speeds);
  const early = (first - third) / 2;
  const fall = (first - last) / first;
  if (first < DIFFUSION.most || fall < 0.08 || noise > NOISY * first || error * Math.SQRT2 > steepest / 4) return null;
  const share = Math.max(0, first - third) / first;
  const flat = share < 0.02 && steepest > 2 * early;
  // Until a tenth of the fall is left.
  const end = windows.findIndex((mean, i) => i > 2 && mean <= last + 0.1 * (third - last));
  const average = (third - windows[end]) / (end - 2);
  // Twice its uncertainty above what was seen, it is still slower; and the fastest part is no noise of a steady fall.
  if (early + 2 * error > 0.6 * steepest || early > average) return null;
  if (!flat && early > 0.5 * steepest) return null;
  const index = Math.round(train.values.length / 10);
  return {
    ...{ name: 'flat', sure: flat || early < 0.3 * steepest ? 'likely' : 'possible', weight: 80 },
    evidence: [at(train, 0), at(train, index)],
    reason: `In the first tenth the loss falls by ${percent(share)} only, from ${number(first)} to ${number(third)}; ${early > 0 ? `later it falls ${number(steepest / early, 2)} times as fast, to ${number(last)}` : `at the end it is ${number(last)}`}.`,
    expect: '‖∂L/∂A‖ is 0 at step 0 and grows with B. Warm-up looks the same.',
  };
};

const noGradient: LossRule = (_train, { norms, rates }) => {
  if (rates && rates.values.length >= 5 && rates.values.every((x) => x === 0))
    return {
      ...{ name: 'zeros', sure: 'likely', weight: 86, evidence: [at(rates, 0), at(rates, rates.values.length - 1)] },
      reason: `The rate is 0 in all ${count(rates.values.length)} lines of the log.`,
      expect: 'lora_B is still all zeros after training.',
    };
  return norms && norms.values.length >= 5 && norms.values.every((x) => x === 0)
    ? {
        ...{ name: 'zeros', sure: 'likely', weight: 87, evidence: [at(norms, 0), at(norms, norms.values.length - 1)] },
        reason: `The norm of the gradient is 0 in all ${count(norms.values.length)} lines of the log.`,
        expect: 'lora_B is still all zeros after training.',
      }
    : null;
};

/** Columns that are named after ranks, or after methods: their ends are compared. */
const columns: LossRule = (_train, { series }) => {
  const ended = series.filter((one) => one.values.length >= 5 && isFiniteThroughout(one));
  if (ended.length < 2) return null;
  const end = (one: LossSeries) => mean(one.values.slice(-Math.max(1, Math.round(one.values.length / 20))));
  const ranks = ended
    .map((one) => ({
      one,
      rank: Number(RANK_COLUMN.exec(one.name)?.[1] ?? Number.NaN),
    }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => a.rank - b.rank);
  const [small] = ranks;
  const large = ranks.at(-1);
  if (small && large && large.rank >= 2 * small.rank && end(large.one) > 1.1 * end(small.one))
    return {
      ...{ name: 'rank64', sure: 'likely', weight: 90 },
      evidence: [at(small.one, small.one.places.length - 1), at(large.one, 0)],
      reason: `Rank ${large.rank} ends at ${number(end(large.one))}, rank ${small.rank} at ${number(end(small.one))}: with α/r a larger rank has a smaller s.`,
      expect: 'With s = α/√r, or α raised with r, the larger rank is the better one.',
    };
  const plain = ended.find(({ name }) => PLAIN_LORA.test(name) && !METHODS.test(name));
  const other = ended.filter(({ name }) => METHODS.test(name)).sort((a, b) => end(b) - end(a))[0];
  if (!plain || !other || end(other) <= 1.05 * end(plain)) return null;
  return {
    ...{ name: 'variant', sure: 'likely', weight: 89 },
    evidence: [at(other, other.places.length - 1), at(plain, 0)],
    reason: `${other.name} ends at ${number(end(other))}, ${plain.name} at ${number(end(plain))}: if both ran at one rate, the rate was compared.`,
    expect: 'At its own best rate each ends elsewhere.',
  };
};

const RULES: readonly LossRule[] = [
  ...[notANumber, grows, stairs, heldOutRises, constant, noFall, flatFirst, noGradient, columns],
];

/** Findings of the rules on the training losses, or on the held-out ones if there are no others. */
export function lossFindings(run: PastedRun): readonly RuleFinding[] {
  const { losses } = run;
  if (!losses) return [];
  const long = losses.series.filter(saysSomething);
  const train = long.find(({ heldOut }) => !heldOut) ?? long[0];
  const found = train ? RULES.map((rule) => rule(train, losses, run)).filter((one) => one !== null) : [];
  // The tread of a stair is flat.
  return found.some(({ name }) => name === 'staircase') ? found.filter(({ name }) => name !== 'flat') : found;
}
