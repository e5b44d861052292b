import { useId, useState } from 'react';
import { param } from '../../experiment/settings/experiment.ts';
import { targets } from '../../experiment/targets/index.ts';
import { pictures } from '../../experiment/targets/pictures/index.ts';
import { Label } from '../controls/label.tsx';
import { Numeric } from '../controls/numeric.tsx';
import { Seg } from '../controls/seg.tsx';
import { usePicked, useVisible } from '../controls/visible.ts';
import { useDispatch, useNow, useShown } from '../page.tsx';
import { Align } from './align.tsx';
import { chosen, OwnMatrix } from './own-matrix.tsx';
import { sizeText } from './size.ts';
import { Thumbnail } from './thumbnail.tsx';

/** What is to be learned: the target, the settings of its own, and its size. */
export function TargetControls() {
  const [tiles, d, k] = [useVisible('target'), useVisible('d'), useVisible('k')];
  const [open, setOpen] = useState(false);
  const picked = usePicked();
  const folded = useId();
  const size = useShown((s) => sizeText(s.experiment));
  // The size of one's own matrix is that of the matrix.
  const fixed = useShown((s) => targets.byName(s.experiment.target).ownMatrix ?? false);
  const unfolded = (open || picked) && (d || k) && !fixed;
  return (
    <>
      {tiles && (
        <div className="ctl tgts" data-param="target">
          <div className="hd">
            <Label of="target" />
            {(d || k) && !picked && !fixed && (
              <button
                type="button"
                className="link"
                aria-expanded={open}
                aria-controls={folded}
                title="Rows d and columns k"
                onClick={() => setOpen(!open)}
              >
                {size}
              </button>
            )}
          </div>
          <TargetTiles />
        </div>
      )}
      <div id={folded} className="group fold" hidden={!unfolded}>
        {unfolded && d && <Numeric of="d" />}
        {unfolded && k && <Numeric of="k" />}
      </div>
      <OwnSettings />
    </>
  );
}

function TargetTiles() {
  const current = useShown((s) => s.experiment.target);
  const dispatch = useDispatch();
  const now = useNow();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid everywhere
    <div className="tiles" role="group" aria-label={param('target').label}>
      {targets.all.map(({ name, label, explanation }) => (
        <button
          key={name}
          type="button"
          className="tile"
          aria-pressed={name === current}
          title={explanation}
          onClick={() => dispatch(chosen(name, now()))}
        >
          <Thumbnail of={name} />
          {label}
        </button>
      ))}
    </div>
  );
}

/** Only what the target reads. */
function OwnSettings() {
  const own = useShown((s) => targets.byName(s.experiment.target).ownMatrix ?? false);
  const [picture, data] = [useVisible('picture'), useVisible('data')];
  const [truerank, shape, noise] = [useVisible('truerank'), useVisible('shape'), useVisible('noise')];
  const [align, law, rate] = [useVisible('align'), useVisible('law'), useVisible('rate')];
  const [samples, labelnoise] = [useVisible('samples'), useVisible('labelnoise')];
  const condition = useVisible('condition');
  const sampled = samples || labelnoise || condition;
  if (own) return <OwnMatrix />;
  if (!(picture || data || truerank || shape || noise || align || law || rate || sampled)) return null;
  return (
    <div className="group own">
      {(picture || data) && <PicturePicker />}
      {truerank && <Numeric of="truerank" />}
      {shape && <Seg of="shape" />}
      {noise && <Numeric of="noise" />}
      {align && <Align />}
      {law && <Seg of="law" />}
      {rate && <Numeric of="rate" />}
      {samples && <Numeric of="samples" />}
      {labelnoise && <Numeric of="labelnoise" />}
      {condition && <Numeric of="condition" />}
    </div>
  );
}

const OWN = 'own drawing';

function PicturePicker() {
  const { label, help } = param('picture');
  const drawn = useShown((s) => s.experiment.data !== '');
  const chosen = useShown((s) => s.experiment.picture);
  const dispatch = useDispatch();
  const id = useId();
  const choose = (value: string) => {
    const picture = pictures.all.find((p) => p.name === value);
    if (picture) dispatch({ type: 'changed', changes: { data: '', picture: picture.name } });
  };
  return (
    <div className="row" data-param="picture">
      <label className="unseen" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className="pick grow"
        title={help}
        value={drawn ? OWN : chosen}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {drawn && <option value={OWN}>Your drawing</option>}
        {pictures.all.map((p) => (
          <option key={p.name} value={p.name}>
            {p.label}
          </option>
        ))}
      </select>
      <button type="button" className="btn" onClick={() => dispatch({ type: 'panel', panel: { name: 'draw' } })}>
        Draw
      </button>
    </div>
  );
}
