import './explained.css';
import { param } from '../../experiment/settings/experiment.ts';
import type { ParamKey } from '../../experiment/settings/params.ts';
import { Menu } from '../../kit/menu.tsx';
import { Typeset } from '../../kit/symbols.tsx';

/** A choice by name, and what it does. */
export type ChoiceMeaning = readonly [name: string, sentence: string];

interface ExplainedProps {
  readonly of: ParamKey;
  readonly choices?: readonly ChoiceMeaning[];
}

/** The name of a control. A press on it, by mouse, finger or key, says what the control does and what each choice means. */
export function Explained({ of, choices = [] }: ExplainedProps) {
  const { label, help } = param(of);
  return (
    <Menu label={<Typeset>{label}</Typeset>} name={`${label}: what it does`} kind="lb explained" room={360}>
      <p>{help}</p>
      {choices.length > 0 && (
        <dl>
          {choices.map(([name, sentence]) => (
            <div key={name}>
              <dt>
                <Typeset>{name}</Typeset>
              </dt>
              <dd>{sentence}</dd>
            </div>
          ))}
        </dl>
      )}
    </Menu>
  );
}
