import { identity, type Matrix32, toFloat32, zeros32 } from '../../math/matrix.ts';
import { MAX_FULL } from '../inits/conditions.ts';
import { methodFacts } from '../methods/facts.ts';
import { type MethodFloor, methodFloor } from '../methods/floors/method-floor.ts';
import { methods } from '../methods/index.ts';
import { methodSizes } from '../methods/layer-sizes.ts';
import { sizesOfC } from '../methods/lokr.ts';
import type { MethodSettings } from '../methods/method.ts';
import { type BesideLora, baseObstacle, type MethodStart, methodStarts, type StartGround } from '../methods/starts.ts';
import type { Experiment } from '../settings/params.ts';
import type { NetworkLayer, NetworkRates, Refusal } from '../targets/target.ts';
import { type LayerModule, type ModuleTarget, type ModuleWithTarget, unitOf } from './module.ts';

type MethodGround = Omit<StartGround, 'settings' | 'target'>;

/**
 * A matrix under a method beside LoRA, for experiments that are measured like LoRA's: ΔW is its factor B (A if d < k) as
 * a whole, beside an identity. Refuses if W₀ does not suit the method.
 */
export function methodModule(
  name: BesideLora,
  e: Experiment,
  wanted: ModuleTarget,
  ground: MethodGround,
): ModuleWithTarget | Refusal {
  const { base } = ground;
  const why = baseObstacle(name, base);
  if (why) return { why };
  const { d, k } = e;
  const about = methods.byName(name);
  const start = methodStarts[name]({ ...ground, settings: e, target: wanted.matrix });
  const shapes = about.own(e);
  const rank = Math.min(d, k);
  const settings = { ...sizesOf(e), norm: e.norm };
  return {
    ...{ name: 'W', d, k, rank, base, frozen: base, full: true, moved: null, wanted },
    ...wholeFactors(d, k),
    frozenFactor: about.streams.A === null ? 'A' : null,
    method: {
      ...start,
      name,
      settings,
      shapes,
      floor: inUnits(ownFloor(name, settings, start, base, wanted.matrix), wanted),
    },
    facts: {
      a: d < k ? 0 : 1,
      b: d < k ? 1 : 0,
      sigma1: wanted.spectrum.values[0],
      method: methodFacts(name, settings, start, base, wanted.matrix),
    },
  };
}

/** A floor as a share of the unit of errors. */
const inUnits = (floor: MethodFloor | null, wanted: ModuleTarget): MethodFloor | null =>
  floor && { ...floor, value: floor.value * (wanted.norm / unitOf(wanted)) };

/**
 * A matrix of a network under a method beside LoRA, prepared like one with a known ΔW*, but for its floor: there is none.
 * `gradient`: ∂L/∂W at step 0, for places that follow from it. Refuses if W₀ does not suit the method.
 */
export function networkMethodModule(
  name: BesideLora,
  e: Experiment,
  { name: layer, d, k }: NetworkLayer,
  rates: NetworkRates,
  { gradient, ...ground }: MethodGround & { readonly gradient: () => Matrix32 },
): LayerModule | Refusal {
  const { base } = ground;
  const why = baseObstacle(name, base);
  if (why) return { why };
  const about = methods.byName(name);
  const sizes = { ...methodSizes(e, { d, k }), norm: e.norm };
  const unknown = zeros32(d, k);
  const bySize = name === 'shira' && e.places !== 'random';
  const target = bySize ? gradient() : unknown;
  const start = methodStarts[name]({ ...ground, settings: { ...sizes, places: e.places }, target });
  return {
    ...{ name: layer, d, k, rank: Math.min(d, k), base, frozen: base, full: true, moved: null, wanted: null },
    ...wholeFactors(d, k),
    frozenFactor: about.streams.A === null ? 'A' : null,
    method: { ...start, name, settings: sizes, shapes: about.own(sizes), floor: null },
    facts: {
      ...{ a: d < k ? 0 : 1, b: d < k ? 1 : 0, sigma1: 0 },
      network: { rates, full: false },
      method: methodFacts(name, sizes, start, base, unknown),
    },
  };
}

/**
 * The least error of a method, if it is closed and quick to compute; null: unknown. Those of dora and hira take a
 * search (engine/background/best-found.ts).
 */
function ownFloor(
  name: BesideLora,
  settings: MethodSettings,
  { places = new Int32Array() }: MethodStart,
  base: Matrix32,
  wanted: Matrix32,
): MethodFloor | null {
  const { d, k, rank, block, side } = settings;
  if (Math.min(d, k) > MAX_FULL) return null;
  const matrices = { base, wanted };
  switch (name) {
    case 'dora':
    case 'hira':
      return null;
    case 'oft':
      return methodFloor(name, matrices, { block });
    case 'lokr':
      return methodFloor(name, matrices, { factor: sizesOfC(settings) });
    case 'shira':
      return methodFloor(name, matrices, { places });
    case 'ia3':
      return methodFloor(name, matrices, { side: side === 'in' ? 'in' : 'out' });
    case 'lora-xs':
      return methodFloor(name, matrices, { rank });
  }
}

const sizesOf = ({ d, k, rank, block, factor, entries, side }: Experiment) => ({
  d,
  k,
  rank,
  block,
  factor,
  entries,
  side,
});

const wholeFactors = (d: number, k: number): { readonly A: Matrix32; readonly B: Matrix32 } => {
  const one = toFloat32(identity(Math.min(d, k)));
  return d < k ? { A: zeros32(d, k), B: one } : { A: one, B: zeros32(d, k) };
};
