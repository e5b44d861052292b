import { describe, expect, it } from 'vitest';
import { trainingStore } from '../../app/testing/store.ts';
import { decodeData } from '../../experiment/matrix-file/decode-data.ts';
import { makeFactors } from '../../experiment/matrix-file/testing/factors.ts';
import { type LabModule, openInLab } from './open-in-lab.ts';

function moduleOf(d: number, k: number, r: number): LabModule {
  const { B, A } = makeFactors(d, k, r);
  const names = { name: 'style-a.safetensors', module: 'mid · cross-attention out' };
  return { ...names, B, A, s: 0.5, rank: r, alpha: r / 2, rule: 'α/r', sigma1: 1.5 };
}

describe('a module that is opened in the lab', () => {
  it('is its target, with the rank, α and rule of the file: one step of undo', async () => {
    const lab = trainingStore();
    lab.dispatch({ type: 'viewed', changes: { view: 'adapters' } });
    const before = lab.state().experiment;
    expect(await openInLab(lab, moduleOf(48, 32, 4))).toBeNull();
    const { experiment, drawing, notices, view } = lab.state();
    expect(experiment).toMatchObject({ target: 'matrix', d: 48, k: 32, rank: 4, alpha: 2, scaling: 'standard' });
    expect(drawing).toEqual(makeFactors(48, 32, 4));
    expect(await decodeData(experiment.data)).toEqual({ drawing });
    expect([view.view, lab.state().next?.run.view.view]).toEqual(['lab', 'lab']);
    const notice = notices.find(({ about }) => about === 'file');
    expect(notice?.title).toBe('Opened as the target: ΔW of mid · cross-attention out, from style-a.safetensors.');
    expect(notice?.texts).toContain('Its factors fit in a link.');
    lab.dispatch({ type: 'undo' });
    expect(lab.state().experiment).toEqual(before);
  });

  it('says where its factors are too large for a link', async () => {
    const lab = trainingStore();
    expect(await openInLab(lab, moduleOf(320, 320, 8))).toBeNull();
    expect(lab.state().notices[0].texts[1]).toMatch(/too large for a link \([\d,]+ of 8,000 characters\)\. A run file/);
  });

  it('is refused in words, and nothing changes, where the lab cannot take it', async () => {
    const lab = trainingStore();
    const before = lab.state();
    const zero = moduleOf(8, 8, 2);
    zero.B.data.fill(0);
    expect(await openInLab(lab, zero)).toContain('nothing to learn');
    expect(await openInLab(lab, moduleOf(4100, 2, 1))).toContain('the limit is 4096 × 4096');
    expect(lab.state()).toBe(before);
  });

  it('shows names as text, cut and without what steers others', async () => {
    const lab = trainingStore();
    await openInLab(lab, { ...moduleOf(8, 8, 2), name: `${'x'.repeat(500)}.safetensors`, module: '<b>\u202emid' });
    expect(lab.state().notices[0].title).toBe(`Opened as the target: ΔW of <b>�mid, from ${'x'.repeat(60)}….`);
  });
});
