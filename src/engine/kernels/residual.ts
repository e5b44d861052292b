import { each } from './bindings.ts';
import { blockOf, cellsOf, columnsOf, type Tiling, widthOf } from './tiling.ts';

/** Sums of squares are taken over so many terms first: long float32 sums drift. */
const RUN = 32;
const XYZW = ['x', 'y', 'z', 'w'];

/**
 * Walks over the rows y of the other factor. E = s·X·yᵀ − ΔW* is a vec4f, one number for each of the thread's four rows;
 * `square` gathers E². With `gradient`, g += E·y as well, chunk by chunk of the rank.
 */
export function residualText(tiling: Tiling, gradient: boolean): string {
  return tiling.chunks === 1 ? inRegisters(tiling, gradient) : exchanged(tiling, gradient);
}

/** g += e·y for the chunk at `y`. */
export function gatherText({ chunk }: Tiling): string {
  return each(chunk / 4, (q) => each(4, (i) => `g${i}_${q} = fma(vec4f(e.${XYZW[i]}), y${q}, g${i}_${q});`, ' '));
}

/** Where a thread's rows fit its registers it forms E and uses it at once. */
function inRegisters(tiling: Tiling, gradient: boolean): string {
  const { splits, chunk } = tiling;
  const width = chunk / 4;
  const product = (i: number) => each(width, (q) => `dot(x${i}_${q}, y${q})`, ' + ');
  return `
  ${each(width, (q) => each(4, (i) => `let x${i}_${q} = old[mine + ${i * width + q}u];`, ' '))}
  for (var begin = split; begin < others; begin += ${RUN * splits}u) {
    let end = min(others, begin + ${RUN * splits}u);
    var run = vec4f(0);
    for (var j = begin; j < end; j += ${splits}u) {
      let y = (other + j) * ${width}u;
      ${each(width, (q) => `let y${q} = old[y + ${q}u];`, ' ')}
      let product = vec4f(${each(4, product, ',\n        ')});
      let e = fma(vec4f(step.scaling), product, -goal[goalAt + j * goalRow]);
      run = fma(e, e, run);
      ${gradient ? gatherText(tiling) : ''}
    }
    square += run;
  }`;
}

/** Else each thread forms some residuals from all of the rank, and all threads use all of them for their own chunk. */
function exchanged(tiling: Tiling, gradient: boolean): string {
  const { quads, splits, chunk } = tiling;
  const width = widthOf(tiling) / 4;
  const [columns, cells, block] = [columnsOf(tiling), cellsOf(tiling), blockOf(tiling)];
  const column = (c: number) => `(cell + ${c * cells}u)`;
  return `
  let cell = lane / ${quads}u;
  for (var begin = 0u; begin < padded; begin += ${block}u) {
    ${each(columns, (c) => `var e${c} = vec4f(0);`, ' ')}
    for (var q = 0u; q < ${width}u; q++) {
      ${each(4, (i) => `let x${i} = old[mine + ${i * width}u + q];`, ' ')}
      ${each(columns, (c) => `let y${c} = old[(other + begin + ${column(c)}) * ${width}u + q];`)}
      ${each(columns, (c) => `e${c} += vec4f(dot(x0, y${c}), dot(x1, y${c}), dot(x2, y${c}), dot(x3, y${c}));`)}
    }
    var run = vec4f(0);
    ${each(columns, (c) => `e${c} = fma(vec4f(step.scaling), e${c}, -goal[goalAt + (begin + ${column(c)}) * goalRow]);`)}
    ${each(columns, (c) => `run = fma(e${c}, e${c}, run);`, ' ')}
    square += run;
    ${
      gradient
        ? `
    ${each(columns, (c) => `shared4[${column(c)} * ${quads}u + quad] = e${c};`)}
    workgroupBarrier();
    for (var j = split; j < ${block}u; j += ${splits}u) {
      let e = shared4[j * ${quads}u + quad];
      let y = (other + begin + j) * ${width}u + part;
      ${each(chunk / 4, (q) => `let y${q} = old[y + ${q}u];`, ' ')}
      ${gatherText(tiling)}
    }
    workgroupBarrier();`
        : ''
    }
  }`;
}
