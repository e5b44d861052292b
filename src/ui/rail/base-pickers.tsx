import { bases } from '../../experiment/layer/bases.ts';
import { SETTINGS } from '../../experiment/settings/params.ts';
import { startOn } from '../../experiment/settings/storage.ts';
import { Choice } from '../../kit/button.tsx';
import { ControlName } from '../controls/control-name.tsx';
import { choiceMeanings, Segments } from '../controls/numeric.tsx';
import { useIsVisible } from '../controls/visible-controls.ts';
import { useDispatch, useLab } from '../page.tsx';

export function BasePickers() {
  return (
    <>
      <BasePicker />
      {useIsVisible('quant') && <StoragePicker />}
    </>
  );
}

const BASES = Object.fromEntries(bases.all.map(({ name, explanation }) => [name, explanation]));

function BasePicker() {
  if (!useIsVisible('base')) return null;
  return (
    <div className="row base">
      <ControlName of="base" choices={choiceMeanings('base', BASES)} />
      <Segments of="base" bare titles={BASES} />
    </div>
  );
}

const STORAGES = {
  none: 'Every entry of W₀ as it is, a float32 number.',
  nf4: '4 bits an entry, and a scale for each 64 of them: what is left of W₀ is Q, and the adapter trains on it.',
} as const;

/** How W₀ is stored. Starts that are made for one base give way to those of the other. */
function StoragePicker() {
  const value = useLab((s) => s.experiment.quant);
  const init = useLab((s) => s.experiment.init);
  const dispatch = useDispatch();
  const { label, names } = SETTINGS.quant;
  return (
    <div className="row base" data-param="quant">
      <ControlName of="quant" choices={choiceMeanings('quant', STORAGES)} />
      <Choice
        aria-label={label}
        options={(['none', 'nf4'] as const).map((name) => [name, names[name], STORAGES[name]])}
        value={value}
        onChange={(quant) => dispatch({ type: 'changed', changes: { quant, init: startOn(quant, init) } })}
      />
    </div>
  );
}
