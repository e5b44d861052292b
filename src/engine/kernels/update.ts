import { OPTIMISER_CODES } from './bindings.ts';

/**
 * One update of four numbers, in PyTorch's conventions; its twin is steppers/typescript-optimisers.ts. The moments are
 * moved by m + (1 − β)(g − m): 1 − β keeps its digits in float32, β does not.
 */
export const updateText = `
// θ ← θ − Δθ for entry at and its gradient; returns ‖g‖² and ‖Δθ‖².
fn learn(at: u32, g: vec4f, rate: vec4f) -> vec2f {
  let theta = old[at];
  var delta = vec4f(0);
  if (step.optimiser != 0u && rate.w != 0) {
    let second = arrayLength(&moments) / 2u + at;
    switch (step.optimiser) {
      case ${OPTIMISER_CODES.sgd}u: {
        delta = rate.x * g;
      }
      case ${OPTIMISER_CODES.momentum}u: {
        let v = moments[at];
        let v1 = fma(vec4f(-0.1), v, v + g);
        moments[at] = v1;
        delta = rate.x * v1;
      }
      default: {
        let m = moments[at];
        let v = moments[second];
        let m1 = fma(vec4f(0.1), g - m, m);
        let v1 = fma(vec4f(0.001), g * g - v, v);
        moments[at] = m1;
        moments[second] = v1;
        delta = rate.y * m1 / (sqrt(v1) * step.correction + 1e-8);
        if (step.optimiser == ${OPTIMISER_CODES.adamw}u) { delta += rate.z * theta; }
      }
    }
  }
  if (step.optimiser != 0u) { next[at] = theta - delta; }
  return vec2f(dot(g, g), dot(delta, delta));
}
`;
