import type { Experiment } from '../../settings/params.ts';
import type { AdapterName } from './adapters.ts';

/** A kind of update: a row of the map. */
export interface UpdateKind<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  /** In a sentence. */
  readonly phrase: string;
  /** Half a sentence. */
  readonly brief: string;
  /** The settings that make it, at 64 × 64. */
  readonly settings: Partial<Experiment> & Pick<Experiment, 'target'>;
  /** The adapters that write it but for its noise. */
  readonly madeFor: readonly AdapterName[];
}

const kind = <const Name extends string>(it: UpdateKind<Name>): UpdateKind<Name> => it;

/** In the order that brings each beside its adapter. */
export const KINDS = [
  kind({
    name: 'low-rank',
    label: 'low rank',
    phrase: 'the low-rank update',
    brief: '8 directions and 5% noise',
    settings: { target: 'low-rank', truerank: 8, shape: 'equal', noise: 0.05, align: null },
    madeFor: ['lora'],
  }),
  kind({
    name: 'hadamard',
    label: 'W₀ ∘ low rank',
    phrase: 'W₀ ∘ low rank',
    brief: 'every entry of W₀ rescaled',
    settings: { target: 'hadamard', truerank: 8 },
    madeFor: ['hira'],
  }),
  kind({
    name: 'kronecker',
    label: 'Kronecker',
    phrase: 'the Kronecker product',
    brief: '2 × 2 ⊗ 32 × 32 and 5% noise',
    settings: { target: 'kronecker', noise: 0.05 },
    madeFor: ['lokr'],
  }),
  kind({
    name: 'rotation',
    label: 'W₀ turned',
    phrase: 'the turn of W₀',
    brief: 'two blocks of 32 rows turned',
    settings: { target: 'turned-base', turns: 2 },
    madeFor: ['oft'],
  }),
  kind({
    name: 'row-scaling',
    label: 'row scaling',
    phrase: 'the row scaling',
    brief: 'each row louder or softer',
    settings: { target: 'row-scaling' },
    madeFor: ['hira', 'ia3', 'dora'],
  }),
  kind({
    name: 'dots',
    label: 'dots',
    phrase: 'the dots',
    brief: 'few entries, far apart',
    settings: { target: 'dots' },
    madeFor: ['shira'],
  }),
  kind({
    name: 'noise',
    label: 'noise',
    phrase: 'noise',
    brief: 'no structure at all',
    settings: { target: 'noise' },
    madeFor: [],
  }),
] as const;
export type KindName = (typeof KINDS)[number]['name'];

/** Rows and columns of the updates of the map. */
export const SIDE = 64;
