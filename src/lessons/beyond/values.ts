import type { KindName } from '../../experiment/methods/which/kinds.ts';
import { type MapView, readMapView } from '../../experiment/methods/which/map.ts';
import { lessonValue } from '../pane/values.tsx';
import type { UnknownName } from './updates.ts';

/** Whether the pictures show a whole update or what one number moves. */
export const PICTURED = lessonValue<'whole' | 'one'>('shown parts', 'whole');
/** The cell of the map. */
export const CELL = lessonValue<MapView>('cell', readMapView(''));
/** The update whose entries are chosen. */
export const CHOSEN_FROM = lessonValue<'noise' | 'low-rank'>('chosen from', 'noise');
/** The update that LoRA and DoRA write. */
export const DORA_KIND = lessonValue<'low-rank' | 'row-scaling' | 'rotation'>('written', 'low-rank');
/** The update without a name. */
export const ASKED = lessonValue<UnknownName>('asked', 'P');

/** The kinds of update that LoRA and DoRA are compared on. */
export const KIND_WORDS = {
  'low-rank': 'low rank',
  'row-scaling': 'row scaling',
  rotation: 'W₀ turned',
} as const satisfies Partial<Record<KindName, string>>;

/** Ranks at which DoRA has 64 numbers more than LoRA. */
export const EQUAL_RANKS = [4, 8, 16] as const;
/** The lowest error found of DoRA at each of them, medians of five draws; claims.test.tsx finds them again. */
export const DORA_AT_RANK = {
  'low-rank': [0.6933, 0.0433, 0.0327],
  'row-scaling': [0, 0, 0],
  rotation: [0.607, 0.528, 0.381],
} as const satisfies Record<keyof typeof KIND_WORDS, readonly [number, number, number]>;
