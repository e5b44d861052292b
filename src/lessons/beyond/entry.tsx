import type { LessonEntry } from '../step.tsx';

/** What LoRA and SHiRA leave of the seven kinds of update in the map. */
const LORA = [0.044, 0.722, 0.688, 0.734, 0.627, 0.779, 0.792];
const SHIRA = [0.498, 0.305, 0.41, 0.52, 0.299, 0, 0.525];

/** Across and down, for the kind at a place and its error. */
const across = (kind: number) => 9 + 11.4 * kind;
const down = (error: number) => (37 - 40 * error).toFixed(1);

/** LoRA's floors as bars, those of SHiRA as dots. */
function Picture() {
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      <path className="rule" d="M2 37H84" />
      {LORA.map((error, i) => (
        <path key={i} className="dw" d={`M${across(i)} 37V${down(error)}`} strokeWidth="5" />
      ))}
      {SHIRA.map((error, i) => (
        <circle key={i} className="ink-line" cx={across(i)} cy={down(error)} r="2.2" />
      ))}
    </svg>
  );
}

export const beyond: LessonEntry = {
  name: 'beyond',
  title: 'Beyond LoRA',
  question: 'Which updates can LoRA not write, and which adapters can?',
  minutes: 17,
  steps: [
    'What LoRA cannot write',
    'Training cannot help',
    'Another formula can',
    'Six formulas',
    'A map of updates',
    'The largest entries',
    'DoRA, and what lengths cost',
    'How would you know?',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
};
