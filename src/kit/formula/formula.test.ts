import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../math/testing/any-text.ts';
import { type FormulaPiece, pieces } from './formula.tsx';

const flat = (list: readonly FormulaPiece[]): string =>
  list
    .map((p) =>
      p.kind === 'root'
        ? `√[${flat(p.inside)}]`
        : p.kind === 'sum'
          ? `∑{${flat(p.under)}}{${flat(p.over)}}`
          : `${p.text}${p.marks.sub && `_${p.marks.sub}`}${p.marks.sup && `^${p.marks.sup}`}`,
    )
    .join(' ');

describe('a formula taken apart', () => {
  it.each([
    ['‖ΔW‖²_F/σ₁²', '‖ ΔW ‖_F^2 / σ_1^2'],
    ['exp(−Σ pᵢ ln pᵢ)', 'exp ( − Σ p_i ln p_i )'],
    ['∂L/∂A = s·Bᵀ·E', '∂ L / ∂ A = s · B^T · E'],
    ['floor at rank i: sqrt(Σ[j > i] σⱼ²) / ‖ΔW*‖_F', 'floor at rank i : √[∑{j > i}{} σ_j^2] / ‖ ΔW* ‖_F'],
    ['ΔW = Σ[i = 1 … r] σᵢ·uᵢ·vᵢᵀ', 'ΔW = ∑{i = 1}{r} σ_i · u_i · v_i^T'],
    ['W₀ x + 2·B', 'W_0 x + 2 · B'],
  ])('%s', (formula, wanted) => {
    expect(flat(pieces(formula))).toBe(wanted);
  });

  it('knows symbols, names, numbers and words', () => {
    expect(pieces('ΔW exp 0.01 of a run').map((p) => p.kind)).toEqual(['symbol', 'name', 'number', 'words']);
  });

  it('loses no letter and never fails, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(() => pieces(text)).not.toThrow();
      }),
    );
  });
});
