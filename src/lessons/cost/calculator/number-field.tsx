import { useId, useState } from 'react';
import { count } from '../../../experiment/numbers.ts';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
  /** Of the field, in letters. */
  readonly width?: number;
  /** Shown in the place of a value, until something is typed. */
  readonly instead?: string;
  readonly onValue: (value: number) => void;
}

/** A number to be typed. What is out of bounds is said, and changes nothing. */
export function NumberField({
  label,
  value,
  least,
  most,
  whole = true,
  width = 5,
  instead,
  onValue,
}: NumberFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const id = useId();
  const allowed = `${whole ? 'a whole number ' : ''}from ${count(least)} to ${count(most)}`;
  const read = (text: string): number | null => {
    const n = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
    return n >= least && n <= most && (!whole || Number.isInteger(n)) ? n : null;
  };
  const plain = (text: string) => text.trim().replaceAll(/,(?=\d{3})/g, '');
  const wrong = typed !== null && read(plain(typed)) === null;
  return (
    <span className="number-field">
      <input
        type="text"
        inputMode={whole ? 'numeric' : 'decimal'}
        autoComplete="off"
        className="num"
        style={{ width: `${width + 1}ch` }}
        aria-label={label}
        aria-invalid={wrong || undefined}
        aria-describedby={wrong ? id : undefined}
        value={typed ?? instead ?? shown(value)}
        onFocus={(event) => event.currentTarget.select()}
        onChange={({ target }) => {
          setTyped(target.value);
          const n = read(plain(target.value));
          if (n !== null && n !== value) onValue(n);
        }}
        onBlur={() => setTyped(null)}
        onKeyDown={({ key }) => key === 'Escape' && setTyped(null)}
      />
      {wrong && (
        <span id={id} className="wrong" role="alert">
          {allowed}
        </span>
      )}
    </span>
  );
}

/** Thousands apart; a value below one in full. */
const shown = (value: number) => (Number.isInteger(value) ? count(value) : String(value));
