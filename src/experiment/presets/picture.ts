import { preset } from '../preset.ts';

export const picture = preset({
  name: 'picture',
  place: 1,
  label: 'Picture: rank made visible',
  claim:
    'At rank 8 training ends within 2 % of the best that any rank-8 matrix can do; at rank 32 the picture is sharper.',
  watch:
    'ΔW fills in from blank paper, the large shapes first; the error falls to the dashed floor and stops there. The gradient of B does not: at the fixed rate of Adam the factors keep moving, so from about step 120 on it rises again.',
  limits: 'The floor is a statement about the matrix error. A picture of many fine rings needs more steps to reach it.',
  link: '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16',
});
