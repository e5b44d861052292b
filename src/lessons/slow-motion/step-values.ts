import { backward, type Forward, forward, type Gradients, type Layer, type Vector } from '../one-step/one-step.ts';

/** Everything that one training step on one input computes, for the picture. */
export interface StepValues extends Layer, Forward, Gradients {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** What the layer should have returned; null where δ is simply given. */
  readonly y: Vector | null;
  /** ∂L/∂h. */
  readonly delta: Vector;
}

/** From the target output of the input: δ = h − y, of L = ½‖h − y‖². */
export function stepTowards(layer: Layer, y: Vector): StepValues {
  const ahead = forward(layer);
  return withDelta(
    layer,
    ahead,
    y,
    ahead.h.map((v, i) => v - y[i]),
  );
}

/** With δ as it is given: of L = δ·h. */
export function stepGiven(layer: Layer, delta: Vector): StepValues {
  return withDelta(layer, forward(layer), null, delta);
}

function withDelta(layer: Layer, ahead: Forward, y: Vector | null, delta: Vector): StepValues {
  const { W0, A, x } = layer;
  return {
    ...layer,
    ...ahead,
    ...backward(layer, ahead.z, delta),
    d: W0.length,
    k: x.length,
    rank: A.length,
    y,
    delta,
  };
}
