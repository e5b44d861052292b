import type { Step } from '../step.tsx';
import { Calculator } from './calculator/calculator.tsx';

type StepFigure = NonNullable<Step['figure']>;

/** The calculator in the place of the lab, by what the step is about: steps that share it keep it as it stands. */
export const RANKS: StepFigure = { place: 'lab', Figure: () => <Calculator about="ranks" /> };
export const MEMORY: StepFigure = { place: 'lab', Figure: () => <Calculator about="memory" /> };
