import { describe, expect, it, vi } from 'vitest';
import { trainingStore } from '../../app/testing/store.ts';
import { layerCache } from '../../experiment/layer/cache.ts';
import { previewOf } from '../../experiment/layer/preview.ts';
import { prepareProblem } from '../../experiment/layer/problem.ts';
import { parseLink, writeLink } from '../../experiment/link/link.ts';
import { decodeData } from '../../experiment/matrix-file/decode-data.ts';
import { makeFactors } from '../../experiment/matrix-file/testing/factors.ts';
import { percent } from '../../experiment/numbers.ts';
import { isActive } from '../../experiment/settings/experiment.ts';
import { defaultView } from '../../experiment/settings/view.ts';
import { isStored } from '../../experiment/targets/factored-matrix.ts';
import { frobenius, multiply, scale, subtract, toFloat64 } from '../../math/matrix.ts';
import { goTo } from '../../state/places.ts';
import type { Store } from '../../state/state.ts';
import { type LabFactors, type LabModule, openInLab } from './open-in-lab.ts';
import { packModule } from './pack-module.ts';

function moduleOf(d: number, k: number, r: number): LabFactors & Pick<LabModule, 'sigma1' | 'base'> {
  const { B, A } = makeFactors(d, k, r);
  const names = { name: 'style-a.safetensors', module: 'mid · cross-attention out' };
  return { ...names, B, A, s: 0.5, rank: r, alpha: r / 2, rule: 'α/r', sigma1: 1.5, base: null };
}

/** A Blob that can be read at once: only workers of a browser can do so. */
async function partsOf(blob: Blob): Promise<Blob> {
  const bytes = await blob.arrayBuffer();
  return Object.assign(new Blob(), {
    slice: (from: number, to: number) => ({ bytes: bytes.slice(from, to) }) as never,
  });
}

class TestReader {
  readAsArrayBuffer = ({ bytes }: { readonly bytes: ArrayBuffer }) => bytes;
}

const inLab = (lab: Store, of: LabModule) => openInLab(lab, of, { pack: packModule });

describe('a module that is opened in the lab', () => {
  it('is its target, with the rank, α and rule of the file: one step of undo', async () => {
    const lab = trainingStore();
    lab.dispatch({ type: 'viewed', changes: { view: 'adapters' } });
    const before = lab.state().experiment;
    const opened = await inLab(lab, moduleOf(48, 32, 4));
    const { experiment, drawing, notices, view } = lab.state();
    expect(experiment).toMatchObject({ target: 'matrix', d: 48, k: 32, rank: 4, alpha: 2, scaling: 'standard' });
    expect(drawing).toEqual(makeFactors(48, 32, 4));
    expect(opened).toEqual({ data: experiment.data });
    expect(await decodeData(experiment.data)).toEqual({ drawing });
    expect([view.view, lab.state().next?.run.view.view]).toEqual(['lab', 'lab']);
    const notice = notices.find(({ about }) => about === 'file');
    expect(notice?.title).toBe('Opened as the target: ΔW of mid · cross-attention out, from style-a.safetensors.');
    expect(notice?.texts).toContain('Its factors fit in a link.');
    lab.dispatch({ type: 'undo' });
    expect(lab.state().experiment).toEqual(before);
  });

  it('is what a run continues towards from B and A of another file: rank, α and rule are those of that one', async () => {
    const lab = trainingStore();
    const { B, A } = makeFactors(48, 32, 6, 2);
    const start = { name: 'a.safetensors', module: 'mid · q', B, A, s: 2, rank: 6, alpha: 12, rule: 'α/r' } as const;
    await inLab(lab, { ...moduleOf(48, 32, 4), start });
    const { experiment, drawing, notices } = lab.state();
    expect(experiment).toMatchObject({ target: 'matrix', rank: 6, alpha: 12, init: 'file', method: 'lora' });
    const from = { B, A, scaling: 2, name: 'mid · q, from a.safetensors' };
    expect(await decodeData(experiment.data)).toEqual({ drawing });
    expect(drawing).toEqual({ ...makeFactors(48, 32, 4), start: from });
    const target = makeFactors(48, 32, 4);
    const [goal, first] = [scale(multiply(target.B, target.A), 0.5), scale(multiply(B, A), 2)];
    const error = frobenius(subtract(first, goal)) / frobenius(goal);
    const said = notices.find(({ about }) => about === 'file');
    expect(said?.title).toContain('continues from B and A of mid · q, from a.safetensors');
    expect(said?.texts.join(' ')).toContain(`is ${percent(error)} of the target: the error at step 0.`);
    expect(said?.actions[0]).toEqual({ label: 'Back to Adapters', event: goTo('two') });
  });

  it('has the W₀ of its base, or says why W₀ is random', async () => {
    const lab = trainingStore();
    const matrix = { rows: 48, cols: 32, data: Float32Array.from({ length: 48 * 32 }, (_, i) => Math.cos(i)) };
    await inLab(lab, { ...moduleOf(48, 32, 4), base: { matrix, name: 'llama' } });
    const { experiment, drawing, notices } = lab.state();
    expect(drawing).toEqual({ ...makeFactors(48, 32, 4), base: { matrix, name: 'llama' } });
    expect(await decodeData(experiment.data)).toEqual({ drawing });
    expect(notices[0].texts).toContain('W₀ is that of llama.');
    // Nothing of W₀ is drawn: its setting has no effect, and no link has it.
    expect(isActive('base', experiment)).toBe(false);
    expect(parseLink(writeLink(experiment, defaultView(), null)).experiment).toEqual(experiment);
    const problem = prepareProblem(experiment, drawing);
    if ('why' in problem) throw new Error(problem.why);
    expect(problem.modules[0].base).toEqual(matrix);

    await inLab(lab, { ...moduleOf(8, 8, 2), base: { why: 'llama has no tensor for mid.' } });
    expect(lab.state().notices[0].texts).toContain('W₀ is random: llama has no tensor for mid.');
  });

  it('may be ΔW of two models, entry by entry, with W₀ of the base', async () => {
    const lab = trainingStore();
    const entries = (n: number, of: (i: number) => number) => Float32Array.from({ length: n }, (_, i) => of(i));
    const [matrix, W] = [Math.sin, Math.cos].map((of) => ({ rows: 48, cols: 32, data: entries(48 * 32, of) }));
    const names = { name: 'tuned', module: 'layer 0 · attention q', sigma1: 20 };
    await inLab(lab, { ...names, matrix, base: { matrix: W, name: 'llama' } });
    const { experiment, drawing, notices } = lab.state();
    const name = 'layer 0 · attention q, as tuned has changed it';
    const whole = { ...toFloat64(matrix), name };
    expect(drawing).toEqual({ ...whole, base: { matrix: W, name: 'llama' } });
    expect(await decodeData(experiment.data)).toEqual({ drawing });
    expect(notices[0].title).toBe(`Opened as the target: ΔW of ${name}.`);
    expect(notices[0].texts).toContain('W₀ is that of llama.');
    const problem = prepareProblem(experiment, drawing);
    if ('why' in problem) throw new Error(problem.why);
    const [{ base, wanted }] = problem.modules;
    expect([base, wanted.matrix]).toEqual([W, matrix]);
  });

  it('too large for a text is named by it, and a worker reads its numbers: W₀ is that of the base to the bit', async () => {
    const lab = trainingStore();
    const [d, k] = [1600, 1700];
    const [matrix, W] = [Math.sin, Math.cos].map((of) => {
      return { rows: d, cols: k, data: Float32Array.from({ length: d * k }, (_, i) => of(i)) };
    });
    const { B, A } = makeFactors(d, k, 3, 2);
    const start = { name: 'a', module: 'mid', B, A, s: 2, rank: 3, alpha: 6, rule: 'α/r' } as const;
    const base = { matrix: W, name: 'llama' };
    vi.stubGlobal('FileReaderSync', TestReader);
    const cache = layerCache();
    const small = makeFactors(d, k, 4);
    const product = multiply(scale(small.B, 0.5), small.A).data;
    for (const of of [
      { ...moduleOf(d, k, 4), base },
      { ...moduleOf(d, k, 4), start, base },
      { name: 'tuned', module: 'mid', sigma1: 20, matrix, start, base },
    ] satisfies LabModule[]) {
      expect(await inLab(lab, of)).toHaveProperty('data');
      const { experiment, drawing, notices } = lab.state();
      expect(notices[0].texts).toContain('It is too large for a link and a run file: both only name it.');
      if (!drawing || !isStored(drawing)) throw new Error('not stored');
      expect([drawing.text, drawing.base?.name]).toEqual([experiment.data, 'llama']);
      const parts = await partsOf(drawing.values);
      const problem = prepareProblem(experiment, { ...drawing, values: parts }, { vectors: false, cache });
      if ('why' in problem) throw new Error(problem.why);
      const [{ base: found, wanted, A: first }] = problem.modules;
      expect(found.data.every((x, i) => x === W.data[i])).toBe(true);
      if ('start' in of) expect([...first.data]).toEqual([...A.data]);
      const exact = 'matrix' in of ? matrix.data : product;
      expect(wanted.matrix.data.every((x, i) => Math.abs(x - exact[i]) < 1e-6)).toBe(true);
      // The next run of it reads nothing again.
      const again = prepareProblem(
        { ...experiment, seed: 2 },
        { ...drawing, values: new Blob() },
        { vectors: false, cache },
      );
      expect('why' in again || again.modules[0].base).toBe(found);
      expect(previewOf(experiment, 'matrix', drawing)?.values).toHaveLength(48 * 48);
    }
    const { experiment, drawing } = lab.state();
    vi.unstubAllGlobals();
    expect(prepareProblem(experiment, drawing)).toMatchObject({ why: expect.stringMatching(/^The browser has lost/) });
  });

  it('says where its factors are too large for a link', async () => {
    const lab = trainingStore();
    expect(await inLab(lab, moduleOf(320, 320, 8))).toHaveProperty('data');
    expect(lab.state().notices[0].texts[1]).toMatch(
      /too large for a link \([\d,]+ characters; the limit is 8,000\)\. A run file/,
    );
  });

  it('is refused in words, and nothing changes, where the lab cannot take it', async () => {
    const lab = trainingStore();
    const before = lab.state();
    const zero = moduleOf(8, 8, 2);
    zero.B.data.fill(0);
    expect(await inLab(lab, zero)).toMatchObject({ why: expect.stringContaining('nothing to learn') });
    expect(await inLab(lab, moduleOf(4100, 2, 1))).toMatchObject({
      why: expect.stringContaining('the limit is 4096 × 4096'),
    });
    expect(lab.state()).toBe(before);
  });

  it('shows names as text, cut and without what steers others', async () => {
    const lab = trainingStore();
    await inLab(lab, { ...moduleOf(8, 8, 2), name: `${'x'.repeat(500)}.safetensors`, module: '<b>\u202emid' });
    expect(lab.state().notices[0].title).toBe(`Opened as the target: ΔW of <b>�mid, from ${'x'.repeat(60)}….`);
  });
});
