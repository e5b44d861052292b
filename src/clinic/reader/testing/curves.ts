import { readFileSync } from 'node:fs';

/** Runs of the engine whose losses stand in the made-up logs, by name. */
const EDIT = '#v=1&target=edit&edit=sunglasses&d=64&k=64&steps=300';
const SAMPLES =
  '#v=1&target=regression&d=128&k=256&truerank=8&condition=1&rank=64&alpha=64&opt=sgd&batch=1&labelnoise=0.3';
const FEW = '#v=1&target=regression&d=64&k=128&truerank=4&condition=1&opt=adam&steps=300';
const TURNED = '#v=1&target=turned-base&d=64&k=64&turns=2&steps=300';

export const CURVE_LINKS = {
  'nothing 1': `${EDIT}&rank=8&alpha=16&opt=adam&lr=0.00001&seed=3`,
  'nothing 2': `${EDIT}&rank=16&alpha=16&opt=adam&lr=0.00002&seed=4`,
  'nothing 3': `${EDIT}&rank=4&alpha=8&opt=sgd&lr=0.0002&seed=5`,
  'flat 1': `${EDIT}&rank=8&alpha=16&opt=sgd&lr=0.006&seed=3`,
  'flat 2': `${EDIT}&rank=16&alpha=16&opt=sgd&lr=0.01&seed=6`,
  'flat 3': '#v=1&target=decay&d=64&k=96&rank=8&alpha=8&opt=sgd&lr=0.02&steps=600&seed=7',
  'zeros 1': `${EDIT}&rank=8&alpha=16&opt=adam&init=both-zero&seed=3`,
  'nan 1': `${EDIT}&rank=8&alpha=64&opt=sgd&lr=0.3&seed=3`,
  'nan 2': `${EDIT}&rank=16&alpha=128&opt=sgd&lr=0.25&seed=8`,
  'staircase 1': `${SAMPLES}&samples=40&lr=0.012&order=epochs&steps=200&seed=1`,
  'staircase 2': `${SAMPLES}&samples=30&lr=0.01&order=epochs&steps=180&seed=2`,
  'staircase 3': `${SAMPLES}&samples=50&lr=0.014&order=epochs&steps=200&seed=3`,
  'overfit 1': `${FEW}&rank=16&alpha=16&samples=40&labelnoise=0.5&seed=1`,
  'overfit 2': `${FEW}&rank=32&alpha=32&samples=60&labelnoise=0.6&seed=2`,
  'overfit 3': `${FEW}&rank=8&alpha=8&samples=30&labelnoise=0.4&seed=3`,
  'rank 8': `${EDIT}&rank=8&alpha=16&opt=sgd&lr=0.02&seed=3`,
  'rank 64': `${EDIT}&rank=64&alpha=16&opt=sgd&lr=0.02&seed=3`,
  'lora at 1': `${TURNED}&lr=1&method=lora&rank=8&alpha=16`,
  'oft at 1': `${TURNED}&lr=1&method=oft&block=32`,
  'lora at 0.001': `${TURNED}&lr=0.001&method=lora&rank=8&alpha=16`,
  'oft at 0.001': `${TURNED}&lr=0.001&method=oft&block=32`,
  'healthy 1': `${EDIT}&rank=8&alpha=16&opt=adam&seed=3`,
  'healthy 2': `${EDIT}&rank=16&alpha=32&opt=adamw&seed=9`,
  'healthy 3': '#v=1&target=decay&d=64&k=96&rank=8&alpha=16&opt=adam&steps=300&seed=10',
  'healthy 4': '#v=1&target=low-rank&d=96&k=96&rank=8&alpha=16&opt=adam&steps=400&seed=11',
  'healthy 5': `${FEW}&rank=8&alpha=16&samples=4000&lr=0.001&seed=12`,
  'healthy 6': `${FEW}&rank=4&alpha=8&samples=3000&lr=0.002&seed=13`,
} as const;

export type CurveName = keyof typeof CURVE_LINKS;

export interface RecordedCurve {
  /** Of every `every`-th step, from step 0. */
  readonly every: number;
  readonly losses: readonly (number | null)[];
  /** [step, held-out loss]. */
  readonly heldOut: readonly (readonly [step: number, loss: number])[];
}

export const CURVES_FILE = new URL('./curves.json', import.meta.url);
/** Null in a list of losses is NaN, which JSON does not have. */
export const readCurves = () =>
  JSON.parse(readFileSync(CURVES_FILE, 'utf8')) as Readonly<Record<CurveName, RecordedCurve>>;
