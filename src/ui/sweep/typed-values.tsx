import { useId, useState } from 'react';
import { type Axis, typedValues } from '../../experiment/plan/sweep.ts';
import { param } from '../../experiment/settings/experiment.ts';
import { Check, Group } from '../../kit/choice.tsx';
import { Menu } from '../../kit/menu.tsx';
import { Symbols } from '../../kit/symbols.tsx';
import { useLab } from '../page.tsx';
import { valueText } from './axis-words.ts';
import { togglesOf } from './roles.ts';

interface ValuesProps {
  readonly axis: Axis;
  readonly axes: readonly Axis[];
  readonly onAxes: (axes: readonly Axis[]) => void;
}

/** More toggles than this fold into a list. */
const MOST_TOGGLES = 8;

export function TypedValuesField({ axis, axes, onAxes }: ValuesProps) {
  const e = useLab((s) => s.experiment);
  const set = (values: readonly unknown[]) =>
    onAxes(axes.map((one) => (one.key === axis.key ? { ...one, values } : one)));
  const toggles = togglesOf(axis.key, e, axis.values);
  if (!toggles) return <TypedValues axis={axis} onValues={set} />;
  const toggle = (value: unknown) => {
    const on = axis.values.includes(value);
    const values = toggles.filter((one) => (one === value ? !on : axis.values.includes(one)));
    if (values.length > 0) set(values);
  };
  const { label } = param(axis.key);
  if (toggles.length > MOST_TOGGLES)
    return (
      <div className="row line">
        <span>
          {axis.values.length} of {toggles.length}
        </span>
        <Menu label="Choose …" name={`Choose values of ${label}`} kind="choose" room={420}>
          {toggles.map((value) => (
            <Check key={String(value)} checked={axis.values.includes(value)} onChange={() => toggle(value)}>
              {valueText(axis.key, value)}
            </Check>
          ))}
        </Menu>
      </div>
    );
  return (
    <Group className="seg many" aria-label={`Values of ${label}`}>
      {toggles.map((value) => (
        <button
          key={String(value)}
          type="button"
          aria-pressed={axis.values.includes(value)}
          onClick={() => toggle(value)}
        >
          <Symbols>{valueText(axis.key, value)}</Symbols>
        </button>
      ))}
    </Group>
  );
}

interface TypedProps extends Pick<ValuesProps, 'axis'> {
  readonly onValues: (values: Axis['values']) => void;
}

function TypedValues({ axis, onValues }: TypedProps) {
  const e = useLab((s) => s.experiment);
  const id = useId();
  const written = axis.values.map(String).join(', ');
  const [draft, setDraft] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const type = (typed: string | null) => {
    setDraft(typed);
    setFault(null);
  };
  const { label } = param(axis.key);
  const commit = () => {
    if (draft === null) return;
    const read = typedValues(axis.key, draft, e);
    if ('fault' in read) return setFault(read.fault);
    type(null);
    if (read.values.join() !== axis.values.join()) onValues(read.values);
  };
  const text = draft ?? written;
  return (
    <>
      <textarea
        className="vals"
        rows={Math.max(1, Math.ceil(text.length / 34))}
        spellCheck={false}
        aria-label={`Values of ${label}`}
        aria-describedby={id}
        aria-invalid={fault !== null || undefined}
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Escape') type(null);
          if (event.key !== 'Enter') return;
          event.preventDefault();
          commit();
        }}
      />
      <p id={id} className={fault ? 'wrong' : 'note'} role={fault ? 'alert' : undefined}>
        {fault ?? (param(axis.key).kind === 'integer' ? 'or a range: 1 to 8' : 'or a range: 0.001 to 5, 12 values')}
      </p>
    </>
  );
}
