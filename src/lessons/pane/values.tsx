import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react';
import { Button } from '../../kit/button.tsx';

export interface LessonValue<T> {
  readonly name: string;
  readonly initial: T;
}

export type LessonValues = Readonly<Record<string, unknown>>;

export const lessonValue = <T,>(name: string, initial: T): LessonValue<T> => ({ name, initial });

export const valueIn = <T,>(values: LessonValues, { name, initial }: LessonValue<T>): T =>
  Object.hasOwn(values, name) ? (values[name] as T) : initial;

interface ValueStore {
  readonly values: LessonValues;
  readonly set: (name: string, value: unknown) => void;
}

const Values = createContext<ValueStore>({ values: {}, set: () => {} });

export function LessonValuesProvider({ children }: { readonly children: ReactNode }) {
  const [values, change] = useState<LessonValues>({});
  const set = useCallback((name: string, value: unknown) => change((before) => ({ ...before, [name]: value })), []);
  const held = useMemo(() => ({ values, set }), [values, set]);
  return <Values value={held}>{children}</Values>;
}

export const useLessonValues = (): LessonValues => use(Values).values;

export function SetButton<T>({
  value,
  to,
  children,
}: {
  readonly value: LessonValue<T>;
  readonly to: T;
  readonly children: string;
}) {
  const [, set] = useLessonValue(value);
  return <Button onClick={() => set(to)}>{children}</Button>;
}

export function useLessonValue<T>(value: LessonValue<T>): readonly [T, (to: T) => void] {
  const { values, set } = use(Values);
  const change = useCallback((to: T) => set(value.name, to), [set, value.name]);
  return [valueIn(values, value), change];
}
