import { gaussian, stream } from '../../src/math/random.ts';
import { productSpectrum } from '../../src/math/spectral/product-svd.ts';

const draw = (rows: number, cols: number, purpose: string) => {
  const { data } = gaussian(rows, cols, stream(1, purpose));
  return { rows, cols, data: Float32Array.from(data, (x) => x / Math.sqrt(cols)) };
};

const workbench = {
  /** Milliseconds of each of `times` spectra of B·A, B d × r and A r × d, for at least `least` ms each. */
  spectrum(d: number, rank: number, times: number, least: number): number[] {
    const B = draw(d, rank, 'B');
    const A = draw(rank, d, 'A');
    const one = () => {
      const before = performance.now();
      let [count, now] = [0, before];
      while (now - before < least) {
        productSpectrum(B, A, 2);
        count++;
        now = performance.now();
      }
      return (now - before) / count;
    };
    one();
    return Array.from({ length: times }, one);
  },
};

export type SpectrumBench = typeof workbench;
Object.assign(globalThis, { workbench });
