import { catalogue } from '../settings/catalogue.ts';
import { dora, hira, ia3, lora, loraXs, shira } from './definitions.ts';
import { lokr } from './lokr.ts';
import type { AdapterMethod, MethodSettings } from './method.ts';
import { oft } from './oft.ts';

/** Words and counts alone; starts.ts makes what they begin with. */
export const methods = catalogue([lora, dora, oft, lokr, hira, shira, ia3, loraXs]);
export type MethodName = (typeof methods.all)[number]['name'];

export const trainedBy = ({ own }: Pick<AdapterMethod, 'own'>, e: MethodSettings): number =>
  own(e).reduce((sum, { rows, cols }) => sum + rows * cols, 0);
