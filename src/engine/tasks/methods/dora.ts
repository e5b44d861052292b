import { held, type MakePass, panelsOf, trainedArray } from './pass.ts';

/**
 * W′ᵢ = mᵢ·Vᵢ/‖Vᵢ‖ with V = W₀ + s·BA, a panel of rows at a time. With cᵢ = mᵢ/‖Vᵢ‖ and V̂ᵢ = Vᵢ/‖Vᵢ‖: ∂mᵢ = ⟨Eᵢ, V̂ᵢ⟩
 * and ∂Vᵢ = cᵢ(Eᵢ − ∂mᵢ·V̂ᵢ), or cᵢEᵢ if the norm is detached, as in PEFT; ∂B = s·∂V·Aᵀ, ∂A = s·Bᵀ·∂V.
 */
export const doraPass: MakePass = ({ kernels, task: { settings, base }, target }) => {
  const { d, k, rank, norm } = settings;
  const detached = norm !== 'exact';
  const A = trainedArray(kernels, rank, k, 'A');
  const B = trainedArray(kernels, d, rank, 'B', true);
  const m = trainedArray(kernels, d, 1, 'B');
  const W = held(kernels, base);
  const goal = held(kernels, target);
  kernels.sum(goal, W, goal);
  const turned = kernels.buffer(k * rank);
  const panels = panelsOf(d, k, (rows) => ({
    ...{ W: rows(W, k), goal: rows(goal, k), B: rows(B.values, rank), dB: rows(B.gradient, rank) },
    ...{ m: rows(m.values, 1), dm: rows(m.gradient, 1) },
  }));
  type Panel = (typeof panels)[number];
  const most = panels[0].rows;
  const [V, E] = [kernels.buffer(most * k), kernels.buffer(most * k)];
  const [c, lengths, back] = [kernels.buffer(most), kernels.buffer(most), kernels.buffer(most)];
  const dots = kernels.buffer64(most);

  /** V, its rows' lengths and c: at the start exactly 1, since the lengths are rounded as m is. */
  function turn({ rows, W: w, B: b, m: wanted }: Panel, s: number) {
    const [v, all] = [V.subarray(0, rows * k), dots.subarray(0, rows)];
    v.set(w);
    kernels.product(v, b, A.values, { n: rows, m: k, l: rank, s, adds: true });
    kernels.rowDots(all, v, v);
    for (let i = 0; i < rows; i++) {
      lengths[i] = Math.sqrt(all[i]);
      c[i] = wanted[i] / lengths[i];
    }
    return { v, e: E.subarray(0, rows * k), all, factor: c.subarray(0, rows), minus: back.subarray(0, rows) };
  }

  return {
    trained: [A, B, m],
    evaluate(s) {
      kernels.transpose(turned, A.values, rank, k);
      A.gradient.fill(0);
      let square = 0;
      for (const panel of panels) {
        const { rows, dm } = panel;
        const { v, e, all, factor, minus } = turn(panel, s);
        square += kernels.residual(e, v, panel.goal, factor);
        kernels.rowDots(all, e, v);
        for (let i = 0; i < rows; i++) {
          dm[i] = all[i] / lengths[i];
          minus[i] = detached ? 0 : (-c[i] * all[i]) / (lengths[i] * lengths[i]);
        }
        kernels.mixRows(e, v, factor, minus);
        kernels.product(panel.dB, e, turned, { n: rows, m: rank, l: k, s });
        kernels.product(A.gradient, panel.B, e, { n: rank, m: k, l: rows, transposed: true, s, adds: true });
      }
      return square / 2;
    },
    update(into, s) {
      for (const panel of panels) {
        const { v, factor } = turn(panel, s);
        for (let i = 0; i < panel.rows; i++) {
          const first = (panel.first + i) * k;
          for (let j = 0; j < k; j++) into[first + j] = factor[i] * v[i * k + j] - base[first + j];
        }
      }
    },
  };
};
