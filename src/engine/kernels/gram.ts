import { gatherText } from './residual.ts';
import { each } from './text.ts';
import { rowsOf, type Tiling, threadsOf, widthOf } from './tiling.ts';

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
 * The other factor's Gram matrix G from the parts that its workgroups left, then g ← s·X·G − g for this thread's rows, and
 * tr(XᵀX·G) into `square`. Where the sum over the other factor is split, one thread of the split adds X·G.
 */
export function gramText(tiling: Tiling): string {
  const { chunk } = tiling;
  const threads = threadsOf(tiling);
  const width = widthOf(tiling) / 4;
  const size = 4 * width * width;
  const rows = rowsOf(tiling);
  return `
  for (var at = lane; at < ${size}u; at += ${threads}u) {
    var total = vec4f(0);
    for (var part = other / ${rows}u; part < (other + padded) / ${rows}u; part++) { total += gram[part * ${size}u + at]; }
    shared4[at] = total;
  }
  workgroupBarrier();
  ${each(chunk / 4, (q) => each(4, (i) => `g${i}_${q} = -g${i}_${q};`, ' '))}
  if (split == 0u) {
    ${each(
      chunk / 4,
      (q) => `{
      ${each(4, (i) => `var s${i} = vec4f(0);`, ' ')}
      for (var p = 0u; p < ${width}u; p++) {
        ${each(4, (c) => `let row${c} = shared4[(4u * p + ${c}u) * ${width}u + part + ${q}u];`)}
        ${each(4, (i) => `{ let x = old[mine + ${i * width}u + p]; s${i} += x.x * row0 + x.y * row1 + x.z * row2 + x.w * row3; }`)}
      }
      ${each(4, (i) => `square[${i}] += dot(old[mine + part + ${i * width + q}u], s${i});`)}
      ${each(4, (i) => `g${i}_${q} = fma(vec4f(step.scaling), s${i}, g${i}_${q});`)}
    }`,
    )}
  }
  workgroupBarrier();`;
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
