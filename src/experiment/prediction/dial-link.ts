import { type DialRule, type Knobs, turned, UNTURNED } from './dials.ts';

/** What the panel of dials shows: the knobs, turned by p and q or one by one, and the dials that change the run. */
export interface DialView {
  readonly rule: DialRule;
  /** Null: the knobs were turned one by one. */
  readonly turn: { readonly p: number; readonly q: number } | null;
  readonly knobs: Knobs;
  readonly slope: number;
  readonly turning: number;
}

/** Multiples from 1/256 to 256. */
export const REACH = 256;

export const USUAL_DIALS: DialView = {
  ...{ rule: 'adam', turn: { p: 1, q: 1 }, knobs: UNTURNED, slope: 0.25, turning: 16 },
};

/** The view of a link's `dials`, "rule:adam,p:2,q:4"; what it leaves out, misspells or sets out of reach is as usual. */
export function readDials(text: string): DialView {
  const parts = new Map(text.split(',').map((part) => part.split(':') as [string, string]));
  const factor = (key: string, usual: number, most = REACH) => {
    const value = Number(parts.get(key) ?? Number.NaN);
    return value >= 1 / most && value <= most ? value : usual;
  };
  const rule = parts.get('rule') === 'sgd' ? 'sgd' : USUAL_DIALS.rule;
  const dials = { slope: factor('slope', USUAL_DIALS.slope), turning: factor('turning', USUAL_DIALS.turning) };
  if (['alpha', 'size', 'a', 'b'].some((key) => parts.has(key))) {
    const knobs = { alpha: factor('alpha', 1), size: factor('size', 1), rateA: factor('a', 1), rateB: factor('b', 1) };
    const epsilon = { epsilonA: factor('ea', 1), epsilonB: factor('eb', 1) };
    return { rule, turn: null, knobs: { ...knobs, ...epsilon }, ...dials };
  }
  // Their squares and their product stay within reach.
  const turn = { p: factor('p', 1, Math.sqrt(REACH)), q: factor('q', 1, Math.sqrt(REACH)) };
  return { rule, turn, knobs: turned(rule, turn.p, turn.q), ...dials };
}

/** The same, never empty. */
export function dialsText({ rule, turn, knobs, slope, turning }: DialView): string {
  const { alpha, size, rateA, rateB, epsilonA, epsilonB } = knobs;
  const parts: readonly (readonly [string, number, number])[] = [
    ...(turn
      ? ([
          ['p', turn.p, 1],
          ['q', turn.q, 1],
        ] as const)
      : ([
          ['alpha', alpha, 0],
          ['size', size, 1],
          ['a', rateA, 1],
          ['b', rateB, 1],
          ['ea', epsilonA, 1],
          ['eb', epsilonB, 1],
        ] as const)),
    ['slope', slope, USUAL_DIALS.slope],
    ['turning', turning, USUAL_DIALS.turning],
  ];
  const written = parts.filter(([, value, usual]) => value !== usual).map(([key, value]) => `${key}:${plain(value)}`);
  return [`rule:${rule}`, ...written].join();
}

/** Without an exponent, to eight digits: no multiple is below 1/256. */
const plain = (value: number): string => String(Number(value.toFixed(10)));
