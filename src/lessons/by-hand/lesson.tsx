import type { Lesson } from '../step.tsx';
import { backwardSteps } from './backward-steps.tsx';
import { forwardSteps } from './forward-steps.tsx';
import { quiz } from './quiz.tsx';

export const lesson: Lesson = { name: 'by-hand', steps: [...forwardSteps, ...backwardSteps, quiz] };
