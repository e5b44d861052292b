import './gradients.css';
import type { Lesson } from '../step.tsx';
import { derivationSteps } from './derivation-steps.tsx';
import { dynamicsSteps } from './dynamics-steps.tsx';
import { quiz } from './quiz.tsx';

export const lesson: Lesson = { name: 'gradients', steps: [...derivationSteps, ...dynamicsSteps, quiz] };
