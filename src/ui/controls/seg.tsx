import { useId } from 'react';
import { type ParamKey, SETTINGS } from '../../experiment/settings/params.ts';
import { Choice } from '../../kit/choice.tsx';
import { Typeset } from '../../kit/symbols.tsx';
import { useDispatch, useShown } from '../page.tsx';
import { type ChoiceMeaning, Explained, Vary } from './explained.tsx';
import { BackToDefault } from './numeric.tsx';

type ChoiceKey = 'scaling' | 'shape' | 'law' | 'opt' | 'picture' | 'edit' | 'base';

export function isChoice(of: ParamKey): of is ChoiceKey {
  return SETTINGS[of].kind === 'choice';
}

interface SegProps {
  readonly of: ChoiceKey;
  /** No heading of its own: the control above says what it is. */
  readonly bare?: boolean;
  /** A sentence for each option. */
  readonly titles?: Readonly<Record<string, string>>;
}

/** Each option by its name, with its sentence. */
export function meanings(of: ChoiceKey, sentences: Readonly<Record<string, string>> = {}): readonly ChoiceMeaning[] {
  const names = SETTINGS[of].names as Readonly<Record<string, string>>;
  return Object.entries(sentences).map(([option, sentence]) => [names[option] ?? option, sentence]);
}

/** A choice of few: buttons side by side, one of them pressed. */
export function Seg({ of, bare, titles }: SegProps) {
  const value = useShown((s) => s.experiment[of]);
  const dispatch = useDispatch();
  const id = useId();
  const { options, names, label, help } = SETTINGS[of];
  return (
    <div className={bare ? 'bare' : 'ctl'} data-param={of}>
      {!bare && (
        <div className="hd">
          <Explained of={of} choices={meanings(of, titles)} />
          <BackToDefault of={of} />
          <span className="val">
            <Vary of={of} />
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
          <Typeset key={option}>{(names as Readonly<Record<string, string>>)[option]}</Typeset>,
          titles?.[option],
        ])}
        value={value}
        onChange={(option) => dispatch({ type: 'changed', changes: { [of]: option } })}
      />
    </div>
  );
}
