import { count } from '../../charts/format.ts';
import type { Drawn } from './captions.ts';
import type { Painted } from './use-strip.ts';

interface Props {
  readonly wish: Drawn;
  readonly choose: (wish: Drawn) => void;
  readonly painted: Painted | null;
}

/** What a cell of a large layer shows of its block. */
export function Choice({ wish, choose, painted }: Props) {
  const late = wish === 'extremes' && painted?.extremes?.late ? `at step ${count(painted.extremes.step)}` : '';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row everywhere
    <div className="drawn" role="group" aria-label="A cell shows of its block">
      <div className="seg">
        {(['means', 'extremes'] as const).map((drawn) => (
          <button key={drawn} type="button" aria-pressed={drawn === wish} onClick={() => choose(drawn)}>
            {drawn}
          </button>
        ))}
      </div>
      {late}
    </div>
  );
}
