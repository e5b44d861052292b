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
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row everywhere
    <div className="seg one-of" role="group" aria-label={label}>
      {Object.entries<string>(options).map(([option, text]) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => choose(option as T)}>
          <Typeset>{text}</Typeset>
        </button>
      ))}
    </div>
  );
}
