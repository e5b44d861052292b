import { each } from './bindings.ts';
import { gatherText } from './residual.ts';
import { gramBlockOf, rowsOf, type Tiling, threadsOf, widthOf } from './tiling.ts';

/** g ← ΔW*·Y, the part of the algebraic gradient that reads the target, and ⟨X, ΔW*·Y⟩ into `cross`. */
export function targetText(tiling: Tiling): string {
  const { splits, chunk } = tiling;
  const width = widthOf(tiling) / 4;
  return `
  for (var j = split; j < others; j += ${splits}u) {
    let y = (other + j) * ${width}u + part;
    let e = goal[goalAt + j * goalRow];
    ${each(chunk / 4, (q) => `let y${q} = old[y + ${q}u];`, ' ')}
    ${gatherText(tiling)}
  }
  ${each(chunk / 4, (q) => each(4, (i) => `cross += dot(old[mine + part + ${i * width + q}u], g${i}_${q});`, ' '))}`;
}

/**
 * g ← s·X·G − g for this thread's rows, with G = YᵀY from the parts that the other factor's workgroups left, some rows of G
 * at a time; then ⟨X, s·X·G − ΔW*·Y⟩ into `square`. Where the sum over Y is split, one thread of the split adds X·G.
 */
export function gramText(tiling: Tiling): string {
  const { chunk } = tiling;
  const width = widthOf(tiling) / 4;
  const size = 4 * width * width;
  const rows = rowsOf(tiling);
  const block = gramBlockOf(tiling);
  const product = (i: number, q: number) =>
    `g${i}_${q} = fma(vec4f(x${i}.x), r0, fma(vec4f(x${i}.y), r1, fma(vec4f(x${i}.z), r2, fma(vec4f(x${i}.w), r3, g${i}_${q}))));`;
  return `
  ${each(chunk / 4, (q) => each(4, (i) => `g${i}_${q} = -g${i}_${q};`, ' '))}
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
        ${each(4, (i) => `let x${i} = step.scaling * old[mine + ${i * width}u + begin + p];`)}
        ${each(
          chunk / 4,
          (q) => `{
          ${each(4, (c) => `let r${c} = shared4[(4u * p + ${c}u) * ${width}u + part + ${q}u];`, ' ')}
          ${each(4, (i) => product(i, q))}
        }`,
        )}
      }
    }
    workgroupBarrier();
  }
  ${each(chunk / 4, (q) => each(4, (i) => `square[${i}] += dot(old[mine + part + ${i * width + q}u], g${i}_${q});`, ' '))}`;
}

/** XᵀX over this workgroup's new rows, for the next step. */
export function nextGramText(tiling: Tiling): string {
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
