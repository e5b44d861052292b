import { useId } from 'react';
import { type ParamKey, SETTINGS } from '../../experiment/settings/params.ts';
import { Choice } from '../../kit/choice.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { useDispatch, useLab } from '../page.tsx';
import { type ChoiceMeaning, ControlName, VaryButton } from './control-name.tsx';
import { DefaultButton } from './numeric.tsx';

type ChoiceKey = 'adapt' | 'method' | 'train' | 'scaling' | 'shape' | 'law' | 'opt' | 'picture' | 'edit' | 'base';

export function isChoice(of: ParamKey): of is ChoiceKey {
  return SETTINGS[of].kind === 'choice';
}

interface SegmentsProps {
  readonly of: ChoiceKey;
  /** Without heading: the control above names it. */
  readonly bare?: boolean;
  readonly titles?: Readonly<Record<string, string>>;
}

export function choiceMeanings(
  of: ChoiceKey,
  sentences: Readonly<Record<string, string>> = {},
): readonly ChoiceMeaning[] {
  const names = SETTINGS[of].names as Readonly<Record<string, string>>;
  return Object.entries(sentences).map(([option, sentence]) => [names[option] ?? option, sentence]);
}

export function Segments({ of, bare, titles }: SegmentsProps) {
  const value = useLab((s) => s.experiment[of]);
  const dispatch = useDispatch();
  const id = useId();
  const { options, names, label, help } = SETTINGS[of];
  return (
    <div className={bare ? 'bare' : 'ctl'} data-param={of}>
      {!bare && (
        <div className="hd">
          <ControlName of={of} choices={choiceMeanings(of, titles)} />
          <DefaultButton of={of} />
          <span className="val">
            <VaryButton of={of} />
          </span>
        </div>
      )}
      <span id={id} hidden>
        {help}
      </span>
      <Choice
        aria-label={label}
        aria-describedby={id}
        options={(options as readonly string[]).map((option) => [
          option,
          <Symbols key={option}>{(names as Readonly<Record<string, string>>)[option]}</Symbols>,
          titles?.[option],
        ])}
        value={value}
        onChange={(option) => dispatch({ type: 'changed', changes: { [of]: option } })}
      />
    </div>
  );
}
