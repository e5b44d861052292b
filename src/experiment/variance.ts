/** "variance 1/(3k) = 0.0052": the formula and its value to two significant digits, or one number where they agree. */
export function variance(formula: string, value: number): string {
  const number = significant(value);
  return formula === number ? `variance ${number}` : `variance ${formula} = ${number}`;
}

/** Two significant digits as people write them: 0.0052, 1, 1.6·10⁻⁵. */
function significant(value: number): string {
  const rounded = Number(value.toPrecision(2));
  if (rounded === 0 || (rounded >= 1e-4 && rounded < 1e4)) return String(rounded);
  const [digits, exponent] = rounded.toExponential().split('e');
  return `${digits}·10${raised(exponent)}`;
}

function raised(exponent: string): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return Array.from(exponent, (c) => (c === '-' ? '⁻' : c === '+' ? '' : digits[Number(c)])).join('');
}
