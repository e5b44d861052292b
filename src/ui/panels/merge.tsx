import { useEffect } from 'react';
import type { MergedWeights } from '../../experiment/layer/quantised/merged-weights.ts';
import { count, number, percent, trim } from '../../experiment/numbers.ts';
import { scalingAt } from '../../experiment/run-file/run-record.ts';
import { tookBefore } from '../../experiment/settings/availability.ts';
import { isExercise } from '../../experiment/settings/exercise.ts';
import { Button } from '../../kit/button.tsx';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { Subscripts } from '../../kit/symbols.tsx';
import type { PageEvent } from '../../state/events.ts';
import { shownModule } from '../../state/run/run.ts';
import { shownFrame, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { MergeAnswer, MergeInput } from '../../state/view.ts';
import { shownScaling } from '../lab-scene.ts';
import { Press, useDispatch, useGetLab, useLab } from '../page.tsx';
import { Dialog } from './dialog.tsx';

interface Way {
  readonly what: string;
  readonly error: string;
  readonly apart: string;
}

/** Ways of merging what was trained on Q, and none of them first. */
export function mergeWays({ trained, quantised, full, again }: MergedWeights): readonly Way[] {
  const way = (what: string, { error, apart }: MergedWeights['full']): Way => ({
    what,
    error: number(error),
    apart: apart === 0 ? '0' : number(apart, 2),
  });
  return [
    way('not merged: Q + ΔW', trained),
    way('into Q, stored in bfloat16', quantised),
    way('into W₀, stored in bfloat16', full),
    way('into Q, then NF4 again', again),
  ];
}

/**
 * Which weight the adapter belongs to, and which of the two ends nearer to the goal. `rest`: A and B took a part of W₀
 * before it was quantised.
 */
export function mergeWaysWords({ quantised, full, again }: MergedWeights, rest: boolean): string {
  const took = rest ? 'what A and B took from W₀, and NF4 from the rest' : 'what NF4 took from W₀';
  const gap = `They differ by ${took}, ${number(full.apart, 2)} of ‖ΔW*‖, whatever was trained.`;
  const ends = `${number(full.error)} from W₀ + ΔW* where Q ends ${number(quantised.error)}`;
  const near =
    full.error < quantised.error
      ? `Here W₀ ends nearer to the goal, ${ends}: it still has what was taken, and ΔW made up for a part of that alone.`
      : `Here W₀ ends farther from the goal, ${ends}: ΔW makes up for what was taken, and W₀ still has it.`;
  const stored = `Stored in NF4 again, the merged weight is ${number(again.apart, 2)} away from what was trained.`;
  return `${gap} ${near} ${stored}`;
}

/** What a merge on a quantised base has to say first. */
const QUANTISED = 'Merging into the bfloat16 base is not merging into the one that was trained on.';

interface QuantisedMergeProps {
  readonly ways: MergedWeights;
  readonly step: number;
}

function QuantisedMerge({ ways, step }: QuantisedMergeProps) {
  const rest = useLab(({ run: { experiment: e } }) => tookBefore(e));
  return (
    <section aria-label="Ways of merging">
      <p>{mergeWaysWords(ways, rest)}</p>
      <DataTable
        className="numbers ruled"
        caption={`Merged at step ${count(step)}; both as shares of ‖ΔW*‖`}
        rows={mergeWays(ways)}
        columns={[
          { key: 'what', cell: ({ what }) => what },
          { key: 'error', head: 'error: distance from W₀ + ΔW*', cell: ({ error }) => error },
          { key: 'apart', head: 'distance from Q + ΔW', cell: ({ apart }) => apart },
        ]}
      />
    </section>
  );
}

/** Adapter at the shown step: its newest known factors, with the s of their step. */
function shownAdapter(state: State): MergeInput | null {
  const frame = shownFrame(state);
  if (!frame) return null;
  const module = shownModule(state);
  if (!module) return null;
  const { step, A, B } = frame;
  return {
    step,
    module: module.name,
    A,
    B,
    scaling: step === shownStep(state) ? shownScaling(state) : scalingAt(state.run, step),
  };
}

/** A sentence on why the worker cannot merge now; null if it can. */
function mergeObstacle({ run, next }: State): string | null {
  if (next) return 'Making the matrices …';
  if (run.refused) return 'These settings give no matrices.';
  if (run.ready === null) return 'No matrices yet. Press Train to make them.';
  if (run.workerStep < 0) return 'The engine has stopped. Press Continue or Train, then merge.';
  return null;
}

/** W + s·B·A formed once: rounding errors in two formats, and what is recovered by subtracting it again. */
export function MergePanel() {
  const missing = useLab(mergeObstacle);
  const merge = useLab((s) => (s.merge?.run === s.run.number ? s.merge : null));
  const step = useLab((s) => shownFrame(s)?.step ?? null);
  const ask = useAsk();
  // On opening, or as soon as merging becomes possible.
  useEffect(() => {
    if (missing === null) ask();
  }, [missing]);
  return (
    <Dialog title="Merge the adapter" kind="merge">
      {missing !== null && <p>{missing}</p>}
      <div role="status">
        {missing === null && !merge?.answer && <p className="lead">Merging … A large layer takes a few seconds.</p>}
        {merge?.answer && (
          <p className="lead">
            <Subscripts>{merge.answer.quantised ? QUANTISED : mergedWords(merge.answer, merge.step)}</Subscripts>
          </p>
        )}
      </div>
      {merge?.answer && <Found answer={merge.answer} step={merge.step} />}
      {missing === null && merge?.answer && merge.step !== step && step !== null && (
        <Button onClick={ask}>Merge the step on screen</Button>
      )}
    </Dialog>
  );
}

function useAsk(): () => void {
  const now = useGetLab();
  const dispatch = useDispatch();
  return () => {
    const adapter = shownAdapter(now());
    if (adapter) dispatch({ type: 'merge', adapter });
  };
}

/** The complaint of the clinic that lost digits are. */
const MERGED: PageEvent = { type: 'viewed', changes: { view: 'clinic', case: 'merged' } };

function Found({ answer, step }: { readonly answer: MergeAnswer; readonly step: number }) {
  const sizes = useLab((s) => shownModule(s));
  const free = useLab(({ view }) => view.lesson === '' && !isExercise(view));
  if (!sizes) return null;
  const names = mergeNames(sizes.moved ? 'moved' : sizes.quantised ? 'quantised' : 'whole');
  return (
    <>
      {answer.quantised && (
        <>
          <QuantisedMerge ways={answer.quantised} step={step} />
          <p>
            <Subscripts>{mergedWords(answer, step)}</Subscripts> That is into Q, the base that was trained on.
          </p>
        </>
      )}
      <DataTable
        className="numbers ruled"
        caption={
          <>
            <Subscripts>{names.frozen}</Subscripts> + s·B·A at step {count(step)}, {count(sizes.d)} × {count(sizes.k)},
            with weights stored in each format. Outputs are computed in float32.
          </>
        }
        rows={mergeRows(answer, names)}
        rowClass={({ bound }) => (bound ? 'bound' : undefined)}
        columns={[
          { key: 'what', cell: ({ what }) => <Subscripts>{what}</Subscripts> },
          { key: 'float32', head: 'float32', cell: ({ float32 }) => float32 },
          { key: 'bfloat16', head: 'bfloat16', cell: ({ bfloat16 }) => bfloat16 },
        ]}
      />
      <p className="note">{MERGE_BOUNDS}</p>
      <p>{savedWords(sizes)}</p>
      <p>
        <Subscripts>{smallWords(answer, names)}</Subscripts>
      </p>
      {free && (
        <p>
          A merged model that answers as before:{' '}
          <Press className="link under" event={MERGED}>
            “Merged, it forgot everything”
          </Press>
        </p>
      )}
      <h3>Intruder dimensions</h3>
      <p role="status">{intruderWords(answer.intruders, sizes.d, sizes.k)}</p>
      <p className="note">
        An intruder is a leading left singular vector whose |cosine| with every left singular vector of{' '}
        {sizes.quantised ? 'Q' : 'W₀'} is below 0.5 (arXiv 2410.21228): a direction that training brought in.
      </p>
    </>
  );
}

/** Symbols of the base weight and of the update. Here and below x_low stands for a subscript "low". */
export interface MergeNames {
  readonly frozen: string;
  readonly update: string;
}

const NAMES = {
  whole: { frozen: 'W₀', update: 'ΔW' },
  moved: { frozen: 'W_frozen', update: 's·B·A' },
  quantised: { frozen: 'Q', update: 'ΔW' },
} as const satisfies Readonly<Record<string, MergeNames>>;

export const mergeNames = (base: keyof typeof NAMES): MergeNames => NAMES[base];

export interface MergeRow {
  readonly what: string;
  readonly float32: string;
  readonly bfloat16: string;
  /** Bounds the row above. */
  readonly bound: boolean;
}

export function mergeRows(
  { float32, bfloat16, size }: MergeAnswer,
  { frozen, update }: MergeNames,
): readonly MergeRow[] {
  const row = (what: string, of: (numbers: MergeAnswer['float32']) => string, bound = false): MergeRow => ({
    ...{ what, bound },
    float32: of(float32),
    bfloat16: of(bfloat16),
  });
  return [
    row('largest |h_merged − h_unmerged|', ({ outputs }) => number(outputs.difference, 2)),
    row('rounding bound for these numbers', ({ outputs }) => number(outputs.bound, 2), true),
    row('worst-case bound', ({ worstCase }) => number(worstCase, 2), true),
    row(`after unmerging: largest |W − ${frozen}|`, ({ unmerged }) => number(unmerged.difference, 2)),
    row('rounding bound for these numbers', ({ unmerged }) => number(unmerged.bound, 2), true),
    row(`share of ${update} lost`, ({ lost }) => (size === 0 ? `nothing: ${update} = 0` : lostWords(lost))),
  ];
}

/** A share too small to print as a percentage is called small. */
function lostWords(lost: number): string {
  const value = 100 * lost;
  if (value >= 0.95) return percent(lost);
  return value < 0.001 ? 'less than 0.001%' : `${Number(value.toPrecision(1))}%`;
}

const MERGE_BOUNDS =
  'Both bounds of the outputs are rigorous. The first adds up the rounding of the actual sums: every product, every partial sum and every stored weight may be off by half of its last digit. The second holds for any sums of this length and is therefore larger.';

export function mergedWords({ float32: { outputs }, inputs }: MergeAnswer, step: number): string {
  const [found, bound] = [number(outputs.difference, 2), number(outputs.bound, 2)];
  return `Merging changes the outputs by at most ${found}. That is rounding: float32 allows up to ${bound} (${inputs} random inputs, step ${count(step)}).`;
}

export function savedWords({ d, k, rank }: { readonly d: number; readonly k: number; readonly rank: number }): string {
  const [full, adapter] = [d * k, rank * (d + k)];
  return `Unmerged, the layer costs dk + r(d + k) = ${count(full)} + ${count(adapter)} multiply-adds per input; merged, dk = ${count(full)}. The adapter adds ${trim((100 * adapter) / full)}%; merging removes it.`;
}

/** Why bfloat16 loses small updates, with the size of this one. */
export function smallWords({ size, bfloat16 }: MergeAnswer, { frozen, update }: MergeNames): string {
  const known =
    size === 0
      ? `Here ${update} = 0, so there is nothing to lose`
      : `Here ‖${update}‖/‖${frozen}‖ = ${number(size, 2)} and ${lostWords(bfloat16.lost)} of ${update} is lost`;
  return `bfloat16 keeps 8 binary digits of a number: a change of less than 1/512 of an entry is rounded away. ${known}. Random updates of 0.1, 0.01, 0.001 and 0.0001 times the weight’s norm lose about 2%, 17%, 79% and 98%.`;
}

export function intruderWords(intruders: MergeAnswer['intruders'], d: number, k: number): string {
  if (intruders === null) return 'Counting …';
  if ('why' in intruders) return `Not counted: ${intruders.why}.`;
  const { before, after } = intruders;
  return `Among the ${Math.min(10, d, k)} leading directions: ${before} at step 0, ${after} in the merged weight.`;
}
