import { useId } from 'react';
import { type ParamKey, SETTINGS } from '../../experiment/settings/params.ts';
import { Button } from '../../kit/button.tsx';
import { Choice } from '../../kit/choice.tsx';
import { Menu } from '../../kit/menu.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { useDispatch, useLab } from '../page.tsx';
import { type ChoiceMeaning, ControlName, useHelp, VaryButton } from './control-name.tsx';
import { DefaultButton } from './numeric.tsx';

type ChoiceKey =
  | 'adapt'
  | 'method'
  | 'train'
  | 'norm'
  | 'places'
  | 'side'
  | 'scaling'
  | 'shape'
  | 'law'
  | 'opt'
  | 'picture'
  | 'edit'
  | 'quant'
  | 'precision'
  | 'order'
  | 'schedule'
  | 'base';

export function isChoice(of: ParamKey): of is ChoiceKey {
  return SETTINGS[of].kind === 'choice';
}

interface SegmentsProps {
  readonly of: ChoiceKey;
  /** Without heading: the control above names it. */
  readonly bare?: boolean;
  readonly titles?: Readonly<Record<string, string>>;
  /** Those that have a button, the last until another one is chosen; those without are in a list. Default: all. */
  readonly first?: readonly string[];
}

export function choiceMeanings(
  of: ChoiceKey,
  sentences: Readonly<Record<string, string>> = {},
): readonly ChoiceMeaning[] {
  const names = SETTINGS[of].names as Readonly<Record<string, string>>;
  return Object.entries(sentences).map(([option, sentence]) => [names[option] ?? option, sentence]);
}

export function Segments({ of, bare, titles, first }: SegmentsProps) {
  const value = useLab((s) => s.experiment[of]);
  const dispatch = useDispatch();
  const id = useId();
  const { label } = SETTINGS[of];
  const help = useHelp(of);
  const options: readonly string[] = useLab(({ experiment }) => SETTINGS[of].among(experiment).join()).split(',');
  const names = SETTINGS[of].names as Readonly<Record<string, string>>;
  const buttons = !first || first.includes(value) ? first : [...first.slice(0, -1), value];
  const shown = options.filter((option) => buttons?.includes(option) ?? true);
  const others = options.filter((option) => !shown.includes(option));
  const choose = (option: string) => dispatch({ type: 'changed', changes: { [of]: option } });
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
        options={shown.map((option) => [option, <Symbols key={option}>{names[option]}</Symbols>, titles?.[option]])}
        value={value}
        onChange={choose}
      >
        {others.length > 0 && (
          <Menu label="…" name={`${label}: more`} kind="more">
            {others.map((option) => (
              <Button key={option} className="link" title={titles?.[option]} onClick={() => choose(option)}>
                {names[option]}
              </Button>
            ))}
          </Menu>
        )}
      </Choice>
    </div>
  );
}
