import type { Kind, Read, Words } from './kind.ts';

export interface Choice<T extends string> extends Kind<T> {
  readonly kind: 'choice';
  readonly options: readonly T[];
  readonly names: Readonly<Record<T, string>>;
}

interface ChoiceOptions<T extends string> extends Words {
  readonly names: Readonly<Record<T, string>>;
  readonly default: NoInfer<T>;
}

export function choice<T extends string>(options: ChoiceOptions<T>): Choice<T> {
  const values = Object.keys(options.names) as T[];
  const check = (value: unknown): Read<T> => {
    const found = values.find((v) => v === value);
    return found === undefined ? { fault: values.join(', ') } : { value: found };
  };
  return {
    ...options,
    kind: 'choice',
    options: values,
    default: () => options.default,
    allowed: () => values.join(', '),
    check,
    read: check,
    write: (value) => value,
  };
}
