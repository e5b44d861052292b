import { preset } from '../preset.ts';

export const flatSpectrum = preset({
  name: 'flat-spectrum',
  place: 5,
  label: 'No rank is enough: a rotation',
  claim: 'A rotation has a flat spectrum: at rank r no run can get below the error √(1 − r/d).',
  watch:
    'All singular values of ΔW* are 1, so no direction is worth more than another: the floor falls slowly to the very end.',
  limits: 'The worst case for low rank; updates met in practice have falling spectra.',
  link: '#v=1&target=rotation&d=64&k=64&rank=8&alpha=16',
});
