import type { Lesson } from '../step.tsx';
import { memory } from './steps/memory.tsx';
import { attention, numbers, saving } from './steps/numbers.tsx';
import { questions } from './steps/questions.tsx';
import { perKind, running } from './steps/ranks.tsx';
import { variants } from './steps/variants.tsx';

export const lesson: Lesson = {
  name: 'cost',
  steps: [numbers, saving, attention, memory, perKind, running, variants, questions],
};
