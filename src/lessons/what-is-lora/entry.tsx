import type { LessonEntry } from '../step.tsx';

function Picture() {
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      <rect className="w0 fill" x="1" y="2" width="36" height="36" />
      <path className="b fill" d="M50 6h5v32h-5z" />
      <path className="a fill" d="M56 1h29v4H56z" />
      <rect className="dw dotted" x="56.5" y="6.5" width="28" height="31" />
    </svg>
  );
}

export const whatIsLora: LessonEntry = {
  name: 'what-is-lora',
  title: 'What is LoRA?',
  question: 'Start here: one large matrix that stays frozen, two thin ones that learn.',
  minutes: 13,
  steps: [
    'One large matrix is frozen',
    'Two thin ones are trained',
    'The rank is the limit',
    'How high must the rank be?',
    'Draw the sunglasses yourself',
    'α sets the strength',
    'Questions',
  ],
  Picture,
  load: () => import('./lesson.tsx'),
};
