import { catalogue } from './catalogue.ts';

/** One experiment that teaches; preset-words.ts has what is said of it. */
export interface Preset {
  readonly name: string;
  /** What the list and the bar show. */
  readonly label: string;
  /** The fragment that it opens. */
  readonly link: string;
}

/** The experiment that opens where the address names none. */
export const OPENING = 'sunglasses';

const PRESETS: readonly Preset[] = [
  {
    name: 'sunglasses',
    label: 'Edit: sunglasses for an owl',
    link: '#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=8&alpha=16&steps=300&seed=3',
  },

  {
    name: 'hat',
    label: 'A hat: four directions',
    link: '#v=1&target=edit&edit=hat&d=64&k=64&rank=4&alpha=8&steps=300',
  },

  {
    name: 'confetti',
    label: 'Confetti: no low rank will do',
    link: '#v=1&target=edit&edit=confetti&d=64&k=64&rank=8&alpha=16&steps=120',
  },

  {
    name: 'pissa',
    label: 'PiSSA: the case for',
    link: '#v=1&target=low-rank&d=64&k=64&base=decay&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&align=1&init=pissa&opt=sgd&steps=100',
  },

  {
    name: 'pissa-against',
    label: 'PiSSA: the case against',
    link: '#v=1&target=low-rank&d=64&k=64&base=decay&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&init=pissa&steps=300',
  },

  {
    name: 'picture',
    label: 'Picture: rank made visible',
    link: '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16',
  },

  {
    name: 'true-rank',
    label: 'True rank 8',
    link: '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05',
  },

  {
    name: 'rank-floor',
    label: 'The rank floor',
    link: '#v=1&target=decay&d=128&k=128&rank=8&alpha=16&law=power&rate=0.5&steps=600',
  },

  {
    name: 'dead-start',
    label: 'Dead start: A = B = 0',
    link: '#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=8&alpha=16&init=both-zero',
  },

  {
    name: 'flat-spectrum',
    label: 'No low rank is enough: a rotation',
    link: '#v=1&target=rotation&d=64&k=64&rank=8&alpha=16',
  },

  {
    name: 'unused-rank',
    label: 'Effective rank stays low',
    link: '#v=1&target=edit&edit=hat&d=64&k=64&rank=32&alpha=32',
  },

  {
    name: 'rank-regularises',
    label: 'Rank as regularisation',
    link: '#v=1&target=regression&d=32&k=32&rank=16&alpha=16&truerank=4&samples=48&labelnoise=0.3&condition=1&batch=48&steps=800&opt=adam',
  },

  {
    name: 'first-step',
    label: 'One small step of LoRA-GA',
    link: '#v=1&target=decay&law=power&rate=0.5&d=64&k=64&rank=8&alpha=16&init=lora-ga&opt=sgd&lr=0.001&steps=1',
  },

  {
    name: 'bfloat16',
    label: 'Merging in bfloat16',
    link: '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&opt=sgd&lr=0.00057&steps=1000&seed=3',
  },

  {
    name: 'intruders',
    label: 'Intruder dimensions',
    link: '#v=1&target=low-rank&d=128&k=128&rank=8&alpha=16&truerank=8&shape=equal&noise=0&steps=200&seed=3',
  },
];

export const presets = catalogue(PRESETS);
