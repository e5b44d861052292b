import { useId } from 'react';
import { param } from '../../experiment/settings/experiment.ts';
import { isFactored, isStored, type ReadyDrawing } from '../../experiment/targets/factored-matrix.ts';
import { pictureNames } from '../../experiment/targets/names.ts';
import { Select } from '../../kit/button.tsx';
import { ControlName, useHelp } from '../controls/control-name.tsx';
import { useIsVisible } from '../controls/visible-controls.ts';
import { Press, useDispatch, useLab } from '../page.tsx';
import { sizeText } from '../words/parameters.ts';

const isProduct = (drawing: ReadyDrawing) => (isStored(drawing) ? drawing.rank > 0 : isFactored(drawing));

/** The matrix that was brought, or the module of an adapter file; loaded with the first one. */
export function OwnMatrix() {
  const [data, normalise] = [useIsVisible('data'), useIsVisible('normalise')];
  const size = useLab((s) => sizeText(s.experiment));
  const scaled = useLab((s) => s.experiment.normalise);
  const module = useLab(({ drawing }) => drawing?.name ?? null);
  const start = useLab(({ drawing }) => drawing?.start?.name ?? null);
  const base = useLab(({ drawing }) => drawing?.base?.name ?? null);
  const from = useLab(({ drawing }) => (drawing && isProduct(drawing) ? 'From an adapter' : 'From two models'));
  const starts = useLab((s) => s.experiment.init === 'file');
  const dispatch = useDispatch();
  const { label } = param('normalise');
  return (
    <div className="stack group own">
      {data && (
        <div className="row" data-param="data">
          <span className="grow">
            {module === null ? 'Your matrix' : from}, {size}
          </span>
          <Press event={{ type: 'panel', panel: { name: 'matrix', read: null } }}>Replace …</Press>
        </div>
      )}
      {module !== null && (
        <p className="note">
          ΔW of {module}. {base === null ? 'W₀ is random.' : `W₀ is that of ${base}.`}
        </p>
      )}
      {start !== null && (
        <p className="note">
          {starts ? 'The run continues from' : 'The data also holds'} B and A of {start}.
        </p>
      )}
      {normalise && (
        <div className="check" data-param="normalise">
          <input
            type="checkbox"
            aria-label={label}
            checked={scaled}
            onChange={() => dispatch({ type: 'changed', changes: { normalise: !scaled } })}
          />
          <ControlName of="normalise" />
        </div>
      )}
    </div>
  );
}

const OWN = 'own drawing';

/** A picture as the target, or a drawing in its place. */
export function PicturePicker() {
  const { label } = param('picture');
  const help = useHelp('picture');
  const drawn = useLab((s) => s.experiment.data !== '');
  const chosen = useLab((s) => s.experiment.picture);
  const dispatch = useDispatch();
  const id = useId();
  return (
    <div className="row" data-param="picture">
      <label className="unseen" htmlFor={id}>
        {label}
      </label>
      <Select
        id={id}
        className="pick grow"
        aria-description={help}
        options={[
          ...(drawn ? [[OWN, 'Your drawing'] as const] : []),
          ...pictureNames.all.map(({ name, label }) => [name, label] as const),
        ]}
        value={drawn ? OWN : chosen}
        onChange={(name) => name !== OWN && dispatch({ type: 'changed', changes: { data: '', picture: name } })}
      />
      <Press event={{ type: 'draw', on: 'paper' }}>Draw</Press>
    </div>
  );
}
