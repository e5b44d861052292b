import { OPTIMISER_CODES, type Rate, type StepSettings } from '../../kernels/bindings.ts';
import type { Settings } from '../stepper.ts';
import type { Layout } from './packing.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const DECAY = 0.01;

/** What a dispatch is told. `t`: the update's number, from 1, or null to measure and leave all as it is. */
export function stepSettings(
  { paddedA, paddedB, d, k }: Layout,
  { scaling, opt, lr, ratio }: Settings,
  frozen: 'A' | 'B' | null,
  slot: number,
  t: number | null,
): StepSettings {
  // In float64 here: float32 would lose the digits of 1 − βᵗ.
  const rate = (of: 'A' | 'B', lr: number): Rate => [
    lr,
    lr / (1 - BETA1 ** (t ?? 1)),
    lr * DECAY,
    frozen === of ? 0 : 1,
  ];
  return {
    paddedA,
    paddedB,
    k,
    d,
    slot,
    optimiser: t === null ? 0 : OPTIMISER_CODES[opt],
    scaling,
    correction: 1 / Math.sqrt(1 - BETA2 ** (t ?? 1)),
    rateA: rate('A', lr),
    rateB: rate('B', ratio * lr),
  };
}
