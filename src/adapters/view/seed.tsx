import { useId } from 'react';
import { NumberField, numberReader } from '../../kit/number-field.tsx';

const SEED = numberReader(0, Number.MAX_SAFE_INTEGER);

interface SeedProps {
  readonly value: number;
  readonly onValue: (seed: number) => void;
}

/** Of random numbers in a written file: what `--seed` is on the command line. */
export function Seed({ value, onValue }: SeedProps) {
  const id = useId();
  return (
    <div className="hd">
      <label className="lb" htmlFor={id}>
        Seed
      </label>
      <NumberField id={id} value={value} read={SEED} onValue={onValue} />
    </div>
  );
}
