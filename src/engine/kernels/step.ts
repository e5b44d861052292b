import { bindingsText, each, OPTIMISER_CODES } from './bindings.ts';
import { gramText, nextGramText, targetText } from './gram.ts';
import { residualText } from './residual.ts';
import { rowsOf, sharedOf, type Tiling, threadsOf, widthOf } from './tiling.ts';

/**
 * One training step in one dispatch. The two factors are one matrix, [Aᵀ; B]: with X the factor that a row belongs to, Y
 * the other one, and ΔW* turned to fit, both gradients read the same,
 *
 *     direct:     E = s·X·Yᵀ − ΔW*,  ∂L/∂X = s·E·Y        (4·d·k·r multiply-adds)
 *     algebraic:  ∂L/∂X = s·(s·X·(YᵀY) − ΔW*·Y)            (2·d·k·r, and r² for each row)
 *
 * Each workgroup owns some rows of X, reads the old factors and writes its new rows, so that none waits for another. In
 * the algebraic form workgroups beyond those that own rows sum E² alone: as many are sent as losses are wanted that way.
 * Sums over workgroups are left to the reader, in float64.
 */
export function stepText(tiling: Tiling): string {
  const { quads, chunks, chunk, form } = tiling;
  const width = widthOf(tiling) / 4;
  const threads = threadsOf(tiling);
  const rows = rowsOf(tiling);
  const algebraic = form === 'algebraic';
  return `${bindingsText}
var<workgroup> shared4: array<vec4f, ${sharedOf(tiling)}>;
${updateText}
@compute @workgroup_size(${threads})
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) id: vec3u) {
  let groups = (step.paddedA + step.paddedB) / ${rows}u;
  let owns = id.x < groups;
  // The first row in [Aᵀ; B]; a workgroup that owns none looks at rows of B.
  let first = select(id.x - step.paddedB / ${rows}u, id.x, owns) * ${rows}u;
  let ofA = first < step.paddedA;
  let other = select(0u, step.paddedA, ofA);
  let others = select(step.k, step.d, ofA);
  let padded = select(step.paddedA, step.paddedB, ofA);
  let rate = select(step.rateB, step.rateA, vec4<bool>(ofA));

  let quad = lane % ${quads}u;
  let part = (lane / ${quads}u) % ${chunks}u * ${chunk / 4}u;
  let split = lane / ${quads * chunks}u;
  let mine = (first + 4u * quad) * ${width}u;
  let goalRow = select(step.paddedB, step.paddedA, ofA) / 4u;
  let goalAt = select(step.paddedB / 4u * step.paddedA + (first - step.paddedA) / 4u, first / 4u, ofA) + quad;

  ${each(chunk / 4, (q) => each(4, (i) => `var g${i}_${q} = vec4f(0);`, ' '))}
  var square = vec4f(0);
  var cross = 0.0;
  var learned = vec2f(0);
  ${algebraic ? `if (owns) {${targetText(tiling)}${gramText(tiling)}} else {${residualText(tiling, false)}}` : residualText(tiling, true)}
  if (owns) {
    ${learnText(tiling)}
    ${algebraic ? `if (step.optimiser != 0u) {${nextGramText(tiling)}}` : ''}
  }
  ${sumText(threads)}
}
`;
}

/** Hands each gradient to the update: straight from the registers, or added up over the splits first. */
function learnText(tiling: Tiling): string {
  const { quads, chunks, splits, chunk } = tiling;
  const width = widthOf(tiling) / 4;
  if (splits === 1)
    return each(chunk / 4, (q) =>
      each(4, (i) => `learned += learn(mine + part + ${i * width + q}u, step.scaling * g${i}_${q}, rate);`),
    );
  const threads = threadsOf(tiling);
  const apart = quads * chunks;
  return each(
    chunk / 4,
    (q) => `
    ${each(4, (i) => `shared4[${i * threads}u + lane] = g${i}_${q};`)}
    workgroupBarrier();
    for (var at = lane; at < ${4 * apart}u; at += ${threads}u) {
      let i = at / ${apart}u;
      let n = at % ${apart}u;
      var total = vec4f(0);
      for (var k = 0u; k < ${splits}u; k++) { total += shared4[i * ${threads}u + k * ${apart}u + n]; }
      let row = first + n % ${quads}u * 4u + i;
      learned += learn(row * ${width}u + n / ${quads}u * ${chunk / 4}u + ${q}u, step.scaling * total, rate);
    }
    workgroupBarrier();`,
  );
}

/** Adds up over the threads, as a tree. */
function sumText(threads: number): string {
  return `
  shared4[lane] = vec4f(square.x + square.y + square.z + square.w, learned, cross);
  workgroupBarrier();
  for (var half = ${threads / 2}u; half > 0u; half /= 2u) {
    if (lane < half) { shared4[lane] += shared4[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { sums[step.slot + id.x] = shared4[0]; }`;
}

/**
 * One update of four numbers, in PyTorch's conventions; its twin is steppers/typescript.ts. The moments are
 * moved by m + (1 − β)(g − m): 1 − β keeps its digits in float32, β does not.
 */
const updateText = `
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
