import { beginningOf, type Check, counted, indicesOf, NOTHING, titleOf } from './check.ts';

/** NaN or an infinity. */
export const notFinite: Check = {
  passed: 'no NaN',
  reads: true,
  find({ read }) {
    const found = read.filter(([, figures]) => !figures.finite);
    if (found.length === 0) return null;
    const one = found.length === 1;
    return {
      about: 'not-finite',
      tone: 'bad',
      title: `NaN in ${one ? titleOf(found[0][0]) : counted(found.length, 'module')}.`,
      details: `${one ? 'It has' : 'They have'} NaN or infinite numbers, or ΔW is infinite, so nothing is computed for ${one ? 'this module' : 'them'}.`,
      modules: indicesOf(found),
      acts: ['show'],
    };
  },
};

/** Every entry of B is 0: as initialised. */
export const untrained: Check = {
  passed: 'no B of zeros',
  reads: true,
  find({ adapter, read }) {
    const found = read.filter(([, figures]) => figures.untrained && figures.finite);
    if (found.length === 0) return null;
    const one = found.length === 1;
    const pairs = found.every(([{ kind }]) => kind === 'lora');
    if (found.length === adapter.modules.length) {
      return {
        about: 'untrained',
        tone: 'bad',
        title: NOTHING,
        details: pairs
          ? 'Every B is all zero, as before the first step of training, so every ΔW is 0.'
          : 'Every ΔW is 0: its factors are zero.',
        modules: [],
        acts: [],
      };
    }
    return {
      about: 'untrained',
      tone: 'bad',
      title: one
        ? `${beginningOf(found[0][0])} was never trained.`
        : `${counted(found.length, 'module')} were never trained.`,
      details: pairs ? `${one ? 'Its' : 'Their'} B is all zero, so ΔW = 0.` : 'ΔW = 0: its factors are zero.',
      modules: indicesOf(found),
      acts: ['show'],
    };
  },
};
