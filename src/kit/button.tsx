import { type ComponentProps, type ReactNode, useId } from 'react';

/** A framed button: class `btn main` for the primary one. */
export function Button(props: ComponentProps<'button'>) {
  return <button type="button" className="btn" {...props} />;
}

export function LinkButton(props: ComponentProps<'button'>) {
  return <button type="button" className="link" {...props} />;
}

export function Group(props: ComponentProps<'div'>) {
  // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row, a grid or a picture everywhere
  return <div role="group" {...props} />;
}

type OptionValue = string | number | boolean | null;

type Options<T> = readonly (readonly [value: T, text: ReactNode, title?: string])[];

export function optionsOf<T extends string, Text>(names: Readonly<Record<T, Text>>): readonly (readonly [T, Text])[] {
  return Object.entries(names) as [T, Text][];
}

/** Text with room for its bold letters before it is bold. */
export function BoldRoom({ children }: { readonly children: string }) {
  return (
    <span className="label" data-label={children}>
      {children}
    </span>
  );
}

interface ChoiceProps<T> extends Omit<ComponentProps<'div'>, 'onChange'> {
  readonly options: Options<T>;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** Further children stand behind the buttons. */
export function Choice<T extends OptionValue>({ options, value, onChange, children, ...group }: ChoiceProps<T>) {
  return (
    <Group className="seg" {...group}>
      {options.map(([option, text, title]) => (
        <button
          key={String(option)}
          type="button"
          aria-pressed={option === value}
          title={title}
          onClick={() => onChange(option)}
        >
          {typeof text === 'string' ? <BoldRoom>{text}</BoldRoom> : text}
        </button>
      ))}
      {children}
    </Group>
  );
}

export function Radios<T extends OptionValue>({ options, value, onChange, ...group }: ChoiceProps<T>) {
  const name = useId();
  return (
    <div role="radiogroup" {...group}>
      {options.map(([option, text]) => (
        <label key={String(option)}>
          <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
          <span>{text}</span>
        </label>
      ))}
    </div>
  );
}

interface SelectProps<T> extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

export function Select<T extends OptionValue>({ options, value, onChange, ...select }: SelectProps<T>) {
  const choose = (text: string) => {
    const chosen = options.find(([option]) => String(option) === text);
    if (chosen) onChange(chosen[0]);
  };
  return (
    <select {...select} value={String(value)} onChange={(event) => choose(event.currentTarget.value)}>
      {options.map(([option, text]) => (
        <option key={String(option)} value={String(option)}>
          {text}
        </option>
      ))}
    </select>
  );
}

interface CheckProps extends Omit<ComponentProps<'input'>, 'onChange'> {
  readonly onChange: (checked: boolean) => void;
}

export function Check({ onChange, children, title, ...input }: CheckProps) {
  return (
    <label className="check" title={title}>
      <input type="checkbox" onChange={(event) => onChange(event.currentTarget.checked)} {...input} />
      {children}
    </label>
  );
}
