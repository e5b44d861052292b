import { describe, expect, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import { frobenius, type Matrix64, multiply, subtract, toFloat64, transpose, zeros } from '../../math/matrix.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { errorAtRank } from '../../math/spectral/spectra.ts';
import { corda } from './corda.ts';
import { pissa } from './pissa.ts';
import { colouredMoment, contextOf, offered, startOf } from './testing/context.ts';

/** C + 0.01·mean(diag C)·I */
function damped(C: Matrix64): Matrix64 {
  const mean = toFloat64(C).data.reduce((sum, x, at) => (at % (C.rows + 1) === 0 ? sum + x / C.rows : sum), 0);
  return { ...C, data: C.data.map((x, at) => (at % (C.rows + 1) === 0 ? x + 0.01 * mean : x)) };
}

function identity(n: number): Matrix64 {
  const I = zeros(n, n);
  for (let i = 0; i < n; i++) I.data[i * (n + 1)] = 1;
  return I;
}

describe('CorDA', () => {
  it('takes over the rank-r part of W₀ that matters most for the inputs: none has a smaller ‖(W₀ − s·B·A)·C‖', () => {
    for (const { base, rank, scaling } of offered(corda)) {
      const C = damped(colouredMoment(base.cols));
      const { A, B } = corda.draw(contextOf({ base, rank, scaling, secondMoment: colouredMoment(base.cols) }));
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([rank, base.cols, base.rows, rank]);
      const delta = multiply(B, A).data.map((x) => scaling * x);
      const left = multiply(subtract(base, { ...base, data: delta }), C);
      const WC = multiply(base, C);
      expect(Math.abs(frobenius(left) - errorAtRank(singularValues(WC))[rank]) / frobenius(WC)).toBeLessThan(1e-11);
    }
  });

  it('has the factors of the table: s·BᵀB = S, s·B·A = U·Uᵀ·W₀', () => {
    for (const { base, rank, scaling } of offered(corda)) {
      const secondMoment = colouredMoment(base.cols);
      const { A, B } = corda.draw(contextOf({ base, rank, scaling, secondMoment }));
      const { U, S } = svd(multiply(base, damped(secondMoment)));
      const gram = multiply(transpose(toFloat64(B)), B);
      for (let i = 0; i < rank; i++) expect((scaling * gram.data[i * (rank + 1)]) / S[i]).toBeCloseTo(1, 11);
      const Ur = { rows: U.rows, cols: rank, data: new Float64Array(U.rows * rank) };
      for (let at = 0; at < Ur.data.length; at++) Ur.data[at] = U.data[Math.floor(at / rank) * U.cols + (at % rank)];
      const wanted = multiply(Ur, multiply(transpose(Ur), base));
      const delta = { ...wanted, data: multiply(B, A).data.map((x) => scaling * x) };
      expect(frobenius(subtract(delta, wanted)) / frobenius(base)).toBeLessThan(1e-10);
    }
  });

  it('is PiSSA where the inputs are white: bit for bit where they count as such, in the product where C = I is measured', () => {
    for (const { base, rank, scaling } of offered(corda)) {
      const [plain, same] = [pissa, corda].map((init) => startOf(init, { base, rank, scaling }));
      expect(same.A.data).toEqual(plain.A.data);
      expect(same.B.data).toEqual(plain.B.data);
      const measured = startOf(corda, { base, rank, scaling, secondMoment: identity(base.cols) });
      expect(frobenius(subtract(measured.delta, plain.delta)) / frobenius(base)).toBeLessThan(3e-7);
    }
    expect(corda.explanation).toMatch(/PiSSA/);
  });

  it('leaves the output at step 0 unchanged within float32 rounding', () => {
    for (const given of offered(corda)) {
      for (const samples of [3 * given.k, Math.ceil(given.k / 3)]) {
        const secondMoment = colouredMoment(given.k, samples);
        const { largest, bound } = startOf(corda, { ...given, secondMoment }).difference;
        expect(largest).toBeLessThanOrEqual(bound);
        expect(largest).toBeLessThan(1e-5);
      }
    }
  });

  it('is offered up to 512 and says so', () => {
    expect(corda.unavailable?.({ d: 600, k: 512, rank: 512, inputs: true })).toBeNull();
    expect(corda.unavailable?.({ d: 600, k: 600, rank: 8 })).toMatch(/^CorDA .* here it is 600\. Use d = 512\.$/);
  });
});
