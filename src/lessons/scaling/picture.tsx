import { RECORDED } from './recorded.ts';

const { ranks, errors } = RECORDED;
/** From an error of 1 at the top to 0.4 at the foot. */
const place = (i: number, error: number) =>
  [(4 + (78 * i) / (ranks.length - 1)).toFixed(1), (3 + (32 * (1 - error)) / 0.6).toFixed(1)] as const;
const line = (values: readonly number[]) => `M${values.map((value, i) => place(i, value).join(' ')).join('L')}`;

/** Errors of the same steps by rank: under α/r they turn, under α/√r they fall. */
export function Picture() {
  return (
    <svg viewBox="0 0 86 40" aria-hidden="true">
      <path className="rule" d="M2 37H84" />
      <path className="ink-line" d={line(errors.sgd.standard)} />
      <path className="dw" d={line(errors.sgd.rslora)} />
      {errors.sgd.rslora.map((error, i) => {
        const [x, y] = place(i, error);
        return <circle key={x} className="dw fill" cx={x} cy={y} r="2.4" />;
      })}
    </svg>
  );
}
