import { SETTINGS } from '../../experiment/settings/params.ts';
import { optionsOf, Select } from '../../kit/choice.tsx';
import { ControlName, VaryButton } from '../controls/control-name.tsx';
import { choiceMeanings } from '../controls/segmented-choice.tsx';
import { useIsVisible } from '../controls/visible-controls.ts';
import { useDispatch, useLab } from '../page.tsx';

export function MethodControls() {
  const train = useIsVisible('train');
  return train && <TrainedFactors />;
}

const TRAINED = choiceMeanings('train', {
  both: 'LoRA as usual.',
  A: 'B keeps its random start: the columns of ΔW stay in the space of its r columns.',
  B: 'A keeps its random start, as in LoRA-FA: the rows of ΔW stay in the space of its r rows.',
});

/** One line: which factors train. */
function TrainedFactors() {
  const value = useLab((s) => s.experiment.train);
  const dispatch = useDispatch();
  const { names, label, help } = SETTINGS.train;
  return (
    <div className="ctl" data-param="train">
      <div className="hd">
        <ControlName of="train" choices={TRAINED} />
        <span className="val">
          <VaryButton of="train" />
          <Select
            className="pick quiet"
            aria-label={label}
            aria-description={help}
            options={optionsOf(names)}
            value={value}
            onChange={(train) => dispatch({ type: 'changed', changes: { train } })}
          />
        </span>
      </div>
    </div>
  );
}
