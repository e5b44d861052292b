import { scale } from '../../../math/matrix.ts';
import { readFactors, readUpdate } from '../factors.ts';
import type { ByteSource, Figures, Module } from '../model.ts';
import { readNumbers } from '../safetensors/numbers.ts';
import { figuresOf, figuresOfNorm, figuresOfSpectrum, figuresOfUpdate } from './figures.ts';
import { LONGEST, readHadamard, readKronecker } from './products.ts';

/** Reads a module of any kind and measures it. Throws where the file cannot be read any more. */
export async function fileFigures(source: ByteSource, module: Module): Promise<Figures> {
  const { magnitude } = module.tensors;
  const magnitudes = magnitude ? Float64Array.from(await readNumbers(source, magnitude)) : null;
  if (module.kind === 'lora') {
    const factors = await readFactors(source, module);
    if ('fault' in factors) throw new Error(`${factors.fault} ${factors.details}`);
    return figuresOf(factors, module.scaling, magnitudes);
  }
  const pair = module.kind === 'loha' ? await readHadamard(source, module) : null;
  if (pair) return figuresOf(pair, module.scaling, magnitudes);
  const sigma = module.kind === 'lokr' ? await readKronecker(source, module) : null;
  if (sigma) return figuresOfSpectrum(sigma, magnitudes);
  const update = await readUpdate(source, module);
  if ('fault' in update) throw new Error(`${update.fault} ${update.details}`);
  const s = module.scaling ?? 1;
  if ('frobenius' in update) return figuresOfNorm(Math.abs(s) * update.frobenius, magnitudes);
  const { rows, cols, data } = update.matrix;
  if (Math.min(rows, cols) > LONGEST) {
    let squares = 0;
    for (const x of data) squares += x * x;
    return figuresOfNorm(Math.abs(s) * Math.sqrt(squares), magnitudes);
  }
  return figuresOfUpdate(scale(update.matrix, s), magnitudes);
}
