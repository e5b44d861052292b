import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react';
import { Button } from '../../kit/button.tsx';

export interface LessonValue<T> {
  readonly name: string;
  readonly initial: T;
  /** Kept from step to step; all others are those of one step. */
  readonly lasts?: true;
}

export type LessonValues = Readonly<Record<string, unknown>>;

export const lessonValue = <T,>(name: string, initial: T): LessonValue<T> => ({ name, initial });
export const lastingValue = <T,>(name: string, initial: T): LessonValue<T> => ({ name, initial, lasts: true });

export const valueIn = <T,>(values: LessonValues, { name, initial }: LessonValue<T>): T =>
  Object.hasOwn(values, name) ? (values[name] as T) : initial;

interface ValueStore {
  readonly values: LessonValues;
  readonly set: (value: LessonValue<unknown>, to: unknown) => void;
}

const Values = createContext<ValueStore>({ values: {}, set: () => {} });

interface ProviderProps {
  /** Its name; each step has its values, which are as they were left when the reader comes back. */
  readonly step?: string;
  /** Values that a step begins with, in place of the initial ones. */
  readonly begins?: LessonValues;
  readonly children: ReactNode;
}

const LASTING = Symbol('values of the whole lesson');

export function LessonValuesProvider({ step = '', begins, children }: ProviderProps) {
  const [all, change] = useState<Readonly<Record<string | symbol, LessonValues>>>({});
  const set = useCallback(
    ({ name, lasts }: LessonValue<unknown>, to: unknown) => {
      const key = lasts ? LASTING : step;
      change((before) => ({ ...before, [key]: { ...before[key], [name]: to } }));
    },
    [step],
  );
  const held = useMemo(() => ({ values: { ...begins, ...all[LASTING], ...all[step] }, set }), [begins, all, step, set]);
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
  const change = useCallback((to: T) => set(value, to), [set, value]);
  return [valueIn(values, value), change];
}
