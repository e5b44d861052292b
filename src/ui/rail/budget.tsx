import { useId, useState } from 'react';
import { count } from '../../experiment/numbers.ts';
import { param } from '../../experiment/settings/experiment.ts';
import { Explained } from '../controls/explained.tsx';
import { useField } from '../controls/field.tsx';
import { Numeric } from '../controls/numeric.tsx';
import { freshSeed } from '../controls/track.ts';
import { usePicked, useVisible } from '../controls/visible.ts';
import { useDispatch, useNow, useShown } from '../page.tsx';
import { Repeat } from './repeat.tsx';

/** Seed and step budget; below the number of steps the rare settings of the run. */
export function BudgetControls() {
  const [seed, steps, ratio] = [useVisible('seed'), useVisible('steps'), useVisible('ratio')];
  const batch = useVisible('batch');
  const [open, setOpen] = useState(false);
  const picked = usePicked();
  const folded = useId();
  const budget = useShown((s) => s.experiment.steps);
  const changed = useShown((s) => s.experiment.ratio !== 1);
  const unfolded = open || picked;
  // A ratio that is in force is never hidden.
  const showsRatio = ratio && (unfolded || changed);
  const more = (steps || ratio || batch) && !picked;
  if (!(seed || steps || ratio || batch)) return null;
  return (
    <>
      {(seed || more) && (
        <div className="ctl seed" data-param="seed">
          <div className="row">
            {seed && <Seed />}
            {more && (
              <button
                type="button"
                className="link last"
                aria-expanded={open}
                aria-controls={folded}
                title={[...(batch ? (['batch'] as const) : []), 'steps' as const, 'ratio' as const]
                  .map((key) => param(key).label)
                  .join(', ')}
                onClick={() => setOpen(!open)}
              >
                {count(budget)} {budget === 1 ? 'step' : 'steps'}
              </button>
            )}
          </div>
          {seed && <Repeat place="beside" />}
        </div>
      )}
      <div id={folded} className="group fold" hidden={!(unfolded && (steps || batch)) && !showsRatio}>
        {unfolded && seed && <Repeat place="folded" />}
        {unfolded && steps && <Numeric of="steps" />}
        {unfolded && batch && <Numeric of="batch" />}
        {showsRatio && <Numeric of="ratio" className="hue-b" />}
      </div>
    </>
  );
}

function Seed() {
  const value = useShown((s) => s.experiment.seed);
  const dispatch = useDispatch();
  const now = useNow();
  const id = useId();
  const { field, fault } = useField('seed', value);
  const { label, help } = param('seed');
  return (
    <>
      <span className="lb-top">
        <Explained of="seed" />
        <input id={id} aria-label={label} aria-describedby={fault ? `${id}wrong` : `${id}help`} {...field} />
        <span id={`${id}help`} hidden>
          {help}
        </span>
      </span>
      <button
        type="button"
        className="btn"
        onClick={() => dispatch({ type: 'changed', changes: { seed: freshSeed(now().experiment.seed) } })}
      >
        New seed
      </button>
      {fault && (
        <p id={`${id}wrong`} className="wrong" role="alert">
          {fault}
        </p>
      )}
    </>
  );
}
