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

/** In the titles of figures. */
export const KIND_WORDS = {
  noise: 'noise',
  'low-rank': 'low rank',
  'row-scaling': 'row scaling',
  rotation: 'rotation',
} as const satisfies Partial<Record<KindName, string>>;
