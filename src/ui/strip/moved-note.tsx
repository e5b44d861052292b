import { Select } from '../../kit/choice.tsx';
import { shownModule } from '../../state/run/run.ts';
import { shownScaling } from '../lab-scene.ts';
import { useLab } from '../page.tsx';
import { outputWords, scaledWords } from '../words/init-words.ts';
import type { Split } from './planes.ts';

interface MovedNoteProps {
  readonly shown: Split;
  /** Only ΔW can be drawn. */
  readonly fixed: boolean;
  readonly choose: (split: Split) => void;
}

/** Shown if the initialisation moves a part of W₀: the choice of the sum, and that the output is unchanged. */
export function MovedNote({ shown, fixed, choose }: MovedNoteProps) {
  const module = useLab((s) => shownModule(s));
  const scaled = useLab((s) => {
    const shown = shownModule(s);
    return shown && scaledWords(shown, shownScaling(s));
  });
  if (!module?.moved) return null;
  return (
    <p className="moved">
      <label>
        View:{' '}
        <Select
          className="pick"
          disabled={fixed}
          title={fixed ? 'Largest entries are only known for ΔW' : undefined}
          options={[
            ['frozen', 'W = W frozen + s·B·A'],
            ['update', 'W = W₀ + ΔW'],
          ]}
          value={shown}
          onChange={choose}
        />
      </label>{' '}
      <span className="out">At step 0: {outputWords(module)}.</span>{' '}
      <span>The charts show the singular values of the adapter, s·B·A.</span>
      {scaled && <strong> {scaled}</strong>}
    </p>
  );
}
