import {
  type AdaptedLayer,
  type MergeResult,
  mergeInSlices,
  mergingInputs,
  STORAGES,
} from '../../experiment/layer/merging.ts';
import type { LayerModule } from '../../experiment/layer/module.ts';
import { methodMaker } from '../../experiment/methods/method-maker.ts';
import { count } from '../../experiment/numbers.ts';
import { type Matrix32, zeros32 } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { FOREGROUND_SHARE, runInSlices } from '../../math/slices.ts';
import { type IntruderCount, intrudersInSlices } from '../../math/spectral/left-vectors.ts';
import type { MergeMessage } from '../protocol/page-messages.ts';
import type { MergedMessage, MergedNumbers } from '../protocol/worker-messages.ts';

/** Numbers of W up to which they are counted: 2048 × 2048, which takes some seconds. */
const COUNTED = 2 ** 22;
/** Inputs of both layers; fewer if a layer is large. */
const INPUTS = 16;
const FEW_INPUTS = 4;
const LARGE = 2 ** 20;

export type MergeProgress = Omit<MergedMessage, 'type' | 'run' | 'order'>;
type MergeFactors = Pick<MergeMessage, 'A' | 'B' | 'scaling'>;

export type Merger = Readonly<ReturnType<typeof merger>>;

export function merger(
  modules: readonly LayerModule[],
  scalings: readonly number[],
  clock: () => number,
  report: (order: number, merged: MergeProgress) => void,
  fail: (error: unknown) => void,
) {
  let work: number | null = null;

  async function merge(module: LayerModule, scaling: number, { order, ...asked }: MergeMessage): Promise<void> {
    const wanted = () => work === order;
    const numbers = await runInSlices(numbersOf(module, asked), clock, wanted, FOREGROUND_SHARE);
    if (!numbers) return;
    const { merged, ...found } = numbers.value;
    report(order, { ...found, intruders: null });
    const intruders = await runInSlices(intrudersOf(module, scaling, merged), clock, wanted, FOREGROUND_SHARE);
    if (intruders) report(order, { ...found, intruders: intruders.value });
  }

  return {
    begin(message: MergeMessage) {
      const at = modules.findIndex(({ name }) => name === message.module);
      const module = modules[at];
      if (module?.A.data.length !== message.A.length || module.B.data.length !== message.B.length) return;
      work = message.order;
      merge(module, scalings[at], message).catch(fail);
    },
    forget() {
      work = null;
    },
  };
}

function adapted({ d, k, rank, frozen }: LayerModule, { A, B, scaling }: MergeFactors): AdaptedLayer {
  return { W: frozen, A: { rows: rank, cols: k, data: A }, B: { rows: d, cols: rank, data: B }, scaling };
}

/** Both formats on one set of inputs N(0, 1), shared by all modules with k inputs. */
function* numbersOf(
  module: LayerModule,
  asked: MergeFactors,
): Generator<void, Omit<MergeProgress, 'intruders'> & { merged: Matrix32 }> {
  const one = adapted(module, asked);
  const inputs = mergingInputs(
    module.k,
    module.d * module.k > LARGE ? FEW_INPUTS : INPUTS,
    stream(1, 'merging inputs'),
  );
  const float32 = yield* mergeInSlices(one, inputs, STORAGES.float32);
  const bfloat16 = yield* mergeInSlices(one, inputs, STORAGES.bfloat16);
  const both = { float32: numbers(float32), bfloat16: numbers(bfloat16) };
  const { A, B, scaling } = one;
  const { quantised: was } = module;
  const quantised = was
    ? yield* methodMaker().mergedWeightsInSlices({ Q: module.base, W0: was.base, target: was.target, A, B, scaling })
    : null;
  return {
    ...(quantised && { quantised }),
    inputs: inputs.cols,
    size: float32.size,
    ...both,
    merged: float32.merged,
  };
}

function numbers({ outputs, worstCase, unmerged, lost }: MergeResult): MergedNumbers {
  return { outputs, worstCase, unmerged, lost };
}

const ofStart = new WeakMap<LayerModule, IntruderCount['count']>();

/** Intruders of the initial and of the merged module, against all left singular vectors of W₀. */
function* intrudersOf(
  module: LayerModule,
  scaling: number,
  merged: Matrix32,
): Generator<void, NonNullable<MergedMessage['intruders']>> {
  const { base, d, k } = module;
  if (d * k > COUNTED)
    return { why: `W has ${count(d * k)} numbers; intruders are looked for among up to ${count(COUNTED)}` };
  if (!merged.data.every(Number.isFinite)) return { why: 'the merged weight contains numbers that are not finite' };
  const known = ofStart.get(module);
  const before = known === undefined ? yield* startingIntruders(module, scaling) : known;
  ofStart.set(module, before);
  const { count: after } = yield* intrudersInSlices(base, merged);
  if (before === null || after === null)
    return { why: 'leading singular values lie too close together to tell their vectors apart' };
  return { before, after };
}

/** Most modules start as W₀, which has none. */
function* startingIntruders(module: LayerModule, scaling: number): Generator<void, IntruderCount['count']> {
  const { A, B, k, moved, base } = module;
  const isZero = (m: Matrix32) => m.data.every((x) => x === 0);
  if (!moved && (isZero(A) || isZero(B))) return 0;
  const start = adapted(module, { A: A.data, B: B.data, scaling });
  const { merged } = yield* mergeInSlices(start, zeros32(k, 0), STORAGES.float32);
  return (yield* intrudersInSlices(base, merged)).count;
}
