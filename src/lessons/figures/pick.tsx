import { Choice, optionsOf } from '../../kit/choice.tsx';
import { Typeset } from '../../kit/symbols.tsx';
import { type LessonValue, useLessonValue } from '../pane/values.tsx';

interface PickProps<T extends string> {
  readonly label: string;
  readonly of: LessonValue<T>;
  /** What can be chosen, by value, as it is written. */
  readonly options: Readonly<Record<T, string>>;
}

/** One of a few values that text and figure share. */
export function Pick<T extends string>({ label, of, options }: PickProps<T>) {
  const [value, choose] = useLessonValue(of);
  return (
    <Choice
      className="seg one-of"
      aria-label={label}
      options={optionsOf(options).map(([option, text]) => [option, <Typeset key={option}>{text}</Typeset>])}
      value={value}
      onChange={choose}
    />
  );
}
