import { bindingsText, OPTIMISER_CODES, unroll } from './bindings.ts';
import {
  blockOf,
  cellsOf,
  columnsOf,
  gramBlockOf,
  rowsOf,
  sharedEntriesOf,
  type Tiling,
  threadsOf,
  widthOf,
} from './tiling.ts';

/** Sums of squares are first taken over this many terms: long float32 sums drift. */
const RUN = 32;
const XYZW = ['x', 'y', 'z', 'w'];

/**
 * Walks over the rows y of the other factor. E = s·X·yᵀ − ΔW* is a vec4f, one number for each of the thread's four
 * rows; `square` gathers E². With `gradient`, g += E·y as well, chunk by chunk of the rank.
 */
function residualText(tiling: Tiling, gradient: boolean): string {
  return tiling.chunks === 1 ? inRegisters(tiling, gradient) : exchanged(tiling, gradient);
}

/** g += e·y for the chunk at `y`. */
function gatherText({ chunk }: Tiling): string {
  return unroll(chunk / 4, (q) => unroll(4, (i) => `g${i}_${q} = fma(vec4f(e.${XYZW[i]}), y${q}, g${i}_${q});`, ' '));
}

/** If a thread's rows fit its registers it forms E and uses it at once. */
function inRegisters(tiling: Tiling, gradient: boolean): string {
  const { splits, chunk } = tiling;
  const width = chunk / 4;
  const product = (i: number) => unroll(width, (q) => `dot(x${i}_${q}, y${q})`, ' + ');
  return `
  ${unroll(width, (q) => unroll(4, (i) => `let x${i}_${q} = old[mine + ${i * width + q}u];`, ' '))}
  for (var begin = split; begin < others; begin += ${RUN * splits}u) {
    let end = min(others, begin + ${RUN * splits}u);
    var run = vec4f(0);
    for (var j = begin; j < end; j += ${splits}u) {
      let y = (other + j) * ${width}u;
      ${unroll(width, (q) => `let y${q} = old[y + ${q}u];`, ' ')}
      let product = vec4f(${unroll(4, product, ',\n        ')});
      let e = fma(vec4f(step.scaling), product, -goal[goalAt + j * goalRow]);
      run = fma(e, e, run);
      ${gradient ? gatherText(tiling) : ''}
    }
    square += run;
  }`;
}

/** Else each thread forms some residuals over the whole rank, and all threads use all of them for their own chunk. */
function exchanged(tiling: Tiling, gradient: boolean): string {
  const { quads, splits, chunk } = tiling;
  const width = widthOf(tiling) / 4;
  const [columns, cells, block] = [columnsOf(tiling), cellsOf(tiling), blockOf(tiling)];
  const column = (c: number) => `(cell + ${c * cells}u)`;
  return `
  let cell = lane / ${quads}u;
  for (var begin = 0u; begin < padded; begin += ${block}u) {
    ${unroll(columns, (c) => `var e${c} = vec4f(0);`, ' ')}
    for (var q = 0u; q < ${width}u; q++) {
      ${unroll(4, (i) => `let x${i} = old[mine + ${i * width}u + q];`, ' ')}
      ${unroll(columns, (c) => `let y${c} = old[(other + begin + ${column(c)}) * ${width}u + q];`)}
      ${unroll(columns, (c) => `e${c} += vec4f(dot(x0, y${c}), dot(x1, y${c}), dot(x2, y${c}), dot(x3, y${c}));`)}
    }
    var run = vec4f(0);
    ${unroll(columns, (c) => `e${c} = fma(vec4f(step.scaling), e${c}, -goal[goalAt + (begin + ${column(c)}) * goalRow]);`)}
    ${unroll(columns, (c) => `run = fma(e${c}, e${c}, run);`, ' ')}
    square += run;
    ${
      gradient
        ? `
    ${unroll(columns, (c) => `shared4[${column(c)} * ${quads}u + quad] = e${c};`)}
    workgroupBarrier();
    for (var j = split; j < ${block}u; j += ${splits}u) {
      let e = shared4[j * ${quads}u + quad];
      let y = (other + begin + j) * ${width}u + part;
      ${unroll(chunk / 4, (q) => `let y${q} = old[y + ${q}u];`, ' ')}
      ${gatherText(tiling)}
    }
    workgroupBarrier();`
        : ''
    }
  }`;
}

/** g ← ΔW*·Y, the part of the algebraic gradient that reads the target, and ⟨X, ΔW*·Y⟩ into `cross`. */
function targetText(tiling: Tiling): string {
  const { splits, chunk } = tiling;
  const width = widthOf(tiling) / 4;
  return `
  for (var j = split; j < others; j += ${splits}u) {
    let y = (other + j) * ${width}u + part;
    let e = goal[goalAt + j * goalRow];
    ${unroll(chunk / 4, (q) => `let y${q} = old[y + ${q}u];`, ' ')}
    ${gatherText(tiling)}
  }
  ${unroll(chunk / 4, (q) => unroll(4, (i) => `cross += dot(old[mine + part + ${i * width + q}u], g${i}_${q});`, ' '))}`;
}

/**
 * g ← s·X·G − g for this thread's rows, G = YᵀY summed over the other factor's workgroups; then ⟨X, s·X·G − ΔW*·Y⟩ into
 * `square`. If the sum over Y is split, one thread of the split adds X·G.
 */
function gramText(tiling: Tiling): string {
  const { chunk } = tiling;
  const width = widthOf(tiling) / 4;
  const size = 4 * width * width;
  const rows = rowsOf(tiling);
  const block = gramBlockOf(tiling);
  const product = (i: number, q: number) =>
    `g${i}_${q} = fma(vec4f(x${i}.x), r0, fma(vec4f(x${i}.y), r1, fma(vec4f(x${i}.z), r2, fma(vec4f(x${i}.w), r3, g${i}_${q}))));`;
  return `
  ${unroll(chunk / 4, (q) => unroll(4, (i) => `g${i}_${q} = -g${i}_${q};`, ' '))}
  for (var begin = 0u; begin < ${width}u; begin += ${block}u) {
    for (var at = lane; at < ${4 * block * width}u; at += ${threadsOf(tiling)}u) {
      var total = vec4f(0);
      for (var n = other / ${rows}u; n < (other + padded) / ${rows}u; n++) {
        total += gram[n * ${size}u + begin * ${4 * width}u + at];
      }
      shared4[at] = total;
    }
    workgroupBarrier();
    if (split == 0u) {
      for (var p = 0u; p < ${block}u; p++) {
        ${unroll(4, (i) => `let x${i} = step.scaling * old[mine + ${i * width}u + begin + p];`)}
        ${unroll(
          chunk / 4,
          (q) => `{
          ${unroll(4, (c) => `let r${c} = shared4[(4u * p + ${c}u) * ${width}u + part + ${q}u];`, ' ')}
          ${unroll(4, (i) => product(i, q))}
        }`,
        )}
      }
    }
    workgroupBarrier();
  }
  ${unroll(chunk / 4, (q) => unroll(4, (i) => `square[${i}] += dot(old[mine + part + ${i * width + q}u], g${i}_${q});`, ' '))}`;
}

/** XᵀX over this workgroup's new rows, for the next step. */
function nextGramText(tiling: Tiling): string {
  const width = widthOf(tiling) / 4;
  const size = 4 * width * width;
  return `
  storageBarrier();
  workgroupBarrier();
  for (var at = lane; at < ${size}u; at += ${threadsOf(tiling)}u) {
    let p = at / ${width}u;
    let q = at % ${width}u;
    var total = vec4f(0);
    for (var i = 0u; i < ${rowsOf(tiling)}u; i++) {
      let row = (first + i) * ${width}u;
      total += next[row + p / 4u][p % 4u] * next[row + q];
    }
    nextGram[id.x * ${size}u + at] = total;
  }`;
}

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
var<workgroup> shared4: array<vec4f, ${sharedEntriesOf(tiling)}>;
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

  ${unroll(chunk / 4, (q) => unroll(4, (i) => `var g${i}_${q} = vec4f(0);`, ' '))}
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

/** Passes each gradient to the update: straight from the registers, or summed over the splits first. */
function learnText(tiling: Tiling): string {
  const { quads, chunks, splits, chunk } = tiling;
  const width = widthOf(tiling) / 4;
  if (splits === 1)
    return unroll(chunk / 4, (q) =>
      unroll(4, (i) => `learned += learn(mine + part + ${i * width + q}u, step.scaling * g${i}_${q}, rate);`),
    );
  const threads = threadsOf(tiling);
  const apart = quads * chunks;
  return unroll(
    chunk / 4,
    (q) => `
    ${unroll(4, (i) => `shared4[${i * threads}u + lane] = g${i}_${q};`)}
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
 * One update of four numbers, in PyTorch's conventions; its twin is steppers/typescript.ts. The moments are updated as
 * m + (1 − β)(g − m): 1 − β keeps its digits in float32, β does not.
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
      case ${OPTIMISER_CODES.signsgd}u: {
        delta = rate.x * sign(g);
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
        delta = rate.y * m1 / (sqrt(v1) * step.correction + step.epsilon);
        if (step.optimiser == ${OPTIMISER_CODES.adamw}u) { delta += rate.z * theta; }
      }
    }
  }
  if (step.optimiser != 0u) { next[at] = theta - delta; }
  return vec2f(dot(g, g), dot(delta, delta));
}
`;
