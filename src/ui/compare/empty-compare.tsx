import { canPin } from '../../state/compare/pins.ts';
import { Press, useLab } from '../page.tsx';
import { COMPARE_QUESTIONS } from '../sweep/questions.ts';
import { ReadyQuestions } from '../sweep/ready-questions.tsx';

export default function EmptyCompare() {
  const pinnable = useLab(canPin);
  return (
    <ReadyQuestions title="Compare puts up to four runs side by side." questions={COMPARE_QUESTIONS}>
      <Press disabled={!pinnable} event={{ type: 'compare', does: 'pin' }}>
        Pin my run
      </Press>
      <span className="note">
        {pinnable
          ? 'Keeps the run in the lab on screen; then change one setting and train again.'
          : 'Keeps a run on screen while you change its settings: train one in the lab first.'}
      </span>
    </ReadyQuestions>
  );
}
