import { parseLink, settingsLink } from './link/link.ts';
import { catalogue } from './settings/catalogue.ts';
import { withAutoRate } from './settings/experiment.ts';
import type { Experiment } from './settings/params.ts';

export const PRESET_GROUPS = {
  rank: 'What a rank can do',
  start: 'How it begins',
  rate: 'How large a learning rate',
  method: 'Other optimisers and adapters',
  after: 'After training',
  network: 'Small networks',
} as const;

export interface Preset {
  readonly name: string;
  readonly label: string;
  readonly group: keyof typeof PRESET_GROUPS;
  readonly link: string;
}

export const DEFAULT_PRESET = 'sunglasses';

type PresetsByName = Readonly<Record<string, Pick<Preset, 'label' | 'link'>>>;

const PRESETS: Readonly<Record<Preset['group'], PresetsByName>> = {
  rank: {
    sunglasses: {
      label: 'Edit: sunglasses for an owl',
      link: '#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=8&alpha=16&steps=300&seed=3',
    },
    hat: {
      label: 'A hat: four directions',
      link: '#v=1&target=edit&edit=hat&d=64&k=64&rank=4&alpha=8&steps=300',
    },
    confetti: {
      label: 'Confetti: no low rank will do',
      link: '#v=1&target=edit&edit=confetti&d=64&k=64&rank=8&alpha=16&steps=120',
    },
    'two-tasks': {
      label: 'Two edits in one update',
      link: '#v=1&target=edit&d=64&k=64&rank=8&alpha=16&steps=400&compare=rank:4,alpha:8;rank:12,alpha:24&data=FwBAAEDtkksOwCAIBeH-h6ZJtQ0YrKD9LPpmh2GQPCV6AnGA_x-fHd70Z_f3vMycVR_oELsHMf3oz2Rf-3j2-are-hz19wnMp1Am6nrsK734po4kwCLN_TnftCfSu8OnKz-gr_0fI_RqAAAAAIAv2QA',
    },
    picture: {
      label: 'Picture: rank made visible',
      link: '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16',
    },
    'true-rank': {
      label: 'True rank 8',
      link: '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05',
    },
    'rank-floor': {
      label: 'The rank floor',
      link: '#v=1&target=decay&d=128&k=128&rank=8&alpha=16&law=power&rate=0.5&steps=600',
    },
    'flat-spectrum': {
      label: 'No low rank is enough: a rotation',
      link: '#v=1&target=rotation&d=64&k=64&rank=8&alpha=16',
    },
    'unused-rank': {
      label: 'Effective rank stays low',
      link: '#v=1&target=edit&edit=hat&d=64&k=64&rank=32&alpha=32',
    },
    'rank-regularises': {
      label: 'Rank as regularisation',
      link: '#v=1&target=regression&d=32&k=32&rank=16&alpha=16&truerank=4&samples=48&labelnoise=0.3&condition=1&batch=48&steps=800&opt=adam',
    },
  },
  start: {
    'dead-start': {
      label: 'Dead start: A = B = 0',
      link: '#v=1&target=edit&edit=sunglasses&d=64&k=64&rank=8&alpha=16&init=both-zero',
    },
    'zero-start': {
      label: 'Does B = 0 cost time?',
      link: '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&steps=60&compare=init:symmetric;init:both-random;init:lora-ga',
    },
    'first-step': {
      label: 'One small step of LoRA-GA',
      link: '#v=1&target=decay&law=power&rate=0.5&d=64&k=64&rank=8&alpha=16&init=lora-ga&opt=sgd&lr=0.001&steps=1',
    },
    pissa: {
      label: 'PiSSA: the case for',
      link: '#v=1&target=low-rank&d=64&k=64&base=decay&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&align=1&init=pissa&opt=sgd&steps=100',
    },
    'pissa-against': {
      label: 'PiSSA: the case against',
      link: '#v=1&target=low-rank&d=64&k=64&base=decay&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&init=pissa&steps=300',
    },
    'own-floors': {
      label: 'Floors of their own',
      link: '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&steps=200&compare=init:pissa;init:milora;init:olora;init:lora-ga',
    },
  },
  rate: {
    'best-rate': {
      label: 'One rate for all ranks? Adam',
      link: '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&opt=adam&steps=100&sweep=lr:0.002,0.005,0.01,0.02,0.05,0.1,0.2,0.5,1;rank:1,2,4,8,16,32;scaling:standard,rslora,none',
    },
    'largest-rate': {
      label: 'One rate for all ranks? SGD',
      link: '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&opt=sgd&steps=100&sweep=lr:0.002,0.005,0.01,0.02,0.05,0.1,0.2,0.5,1,2,5,10;rank:1,2,4,8,16,32;scaling:standard,rslora,none',
    },
    'scaling-rule': {
      label: 'α/r or α/√r',
      link: '#v=1&target=decay&law=power&rate=0.5&d=128&k=128&rank=8&alpha=16&opt=sgd&lr=0.05&steps=100&sweep=rank:4,8,16,32,64;scaling:standard,rslora',
    },
    'where-the-zero-goes': {
      label: 'Which factor is zero',
      link: '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&init=kaiming-normal&opt=sgd&steps=100&sweep=lr:0.005,0.01,0.02,0.05,0.1,0.2,0.5;init:kaiming-normal,init-b,gaussian',
    },
    'two-rates': {
      label: 'Two learning rates',
      link: '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&opt=adam&steps=50&sweep=lr:0.002,0.005,0.01,0.02,0.05,0.1;ratio:1,2,4,8,16,32',
    },
  },
  method: {
    'which-adapter': {
      label: 'Which adapter for which update?',
      link: '#v=1&target=turned-base&d=64&k=64&method=ia3&view=which&which=rotation,ia3,8',
    },
    foretold: {
      label: 'Predicted, then trained',
      link: '#v=1&target=low-rank&d=64&k=64&rank=4&alpha=4&truerank=4&shape=geometric&noise=0&init=aligned&opt=sgd&steps=24&predict=1',
    },
    'muon-order': {
      label: 'Muon: the largest direction comes last',
      link: '#v=1&target=low-rank&d=64&k=64&rank=16&alpha=16&truerank=4&shape=geometric&noise=0&opt=polar&steps=60&predict=1&compare=opt:sgd,name:SGD',
    },
    'any-start': {
      label: 'One rate for every start: ScaledGD',
      link: '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&init=both-random&opt=scaled&steps=100&compare=init:symmetric;init:kaiming-uniform;opt:sgd,name:SGD',
    },
    'out-of-reach': {
      label: 'A rotation needs OFT',
      link: '#v=1&target=turned-base&d=64&k=64&method=oft&block=32&steps=600&compare=method:lora,rank:8,alpha:16,name:LoRA',
    },
    'sparse-noise': {
      label: 'On noise, chosen entries beat LoRA',
      link: '#v=1&target=noise&d=64&k=64&method=shira&steps=200&compare=method:lora,rank:8,alpha:16,name:LoRA',
    },
    'detached-norm': {
      label: 'DoRA: the norm that PEFT detaches',
      link: '#v=1&target=row-scaling&d=64&k=64&method=dora&rank=8&alpha=16&steps=600&compare=norm:exact,name:exact',
    },
    'quantised-start': {
      label: 'LoftQ: nearer at the start, the same end',
      link: '#v=1&target=low-rank&d=64&k=64&quant=nf4&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&init=loftq&steps=300&compare=init:kaiming-uniform,name:NF4%252C%20B%20%3D%200;init:qpissa,name:NF4%20%2B%20QPiSSA;quant:none,init:kaiming-uniform,name:full%20precision',
    },
    'signs-never-rest': {
      label: 'signSGD never comes to rest',
      link: '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=8&shape=equal&noise=0&opt=signsgd&steps=300&compare=opt:sgd,name:SGD',
    },
  },
  after: {
    bfloat16: {
      label: 'Merging in bfloat16',
      link: '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&opt=sgd&lr=0.00057&steps=1000&seed=3',
    },
    intruders: {
      label: 'Intruder dimensions',
      link: '#v=1&target=low-rank&d=128&k=128&rank=8&alpha=16&truerank=8&shape=equal&noise=0&steps=200&seed=3',
    },
    cut: {
      label: 'Train at 64, cut to 32',
      link: '#v=1&target=picture&picture=landscape&d=64&k=64&rank=32&alpha=32&steps=300&compare=rank:64,alpha:64',
    },
    'same-directions': {
      label: 'The same directions at any rank',
      link: '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=4&shape=geometric&noise=0.3&steps=50&compare=rank:64',
    },
  },
  network: {
    turned: {
      label: 'Turned digits at rank 4',
      link: '#v=1&target=digits&adapt=rotate&rank=4&steps=300',
    },
    'nearly-full': {
      label: 'Rank 8 learns nearly as much as full',
      link: '#v=1&target=digits&adapt=mirror&rank=8&steps=300',
    },
    'inverted-rank-1': {
      label: 'Inverted: rank 1 is too low',
      link: '#v=1&target=digits&adapt=invert&rank=1&steps=300',
    },
    'full-spectrum': {
      label: 'Full fine-tuning is not low-rank',
      link: '#v=1&target=digits&adapt=rotate&rank=8&steps=300&seed=2',
    },
    'cut-full': {
      label: 'Cut to rank 4 or trained at rank 4',
      link: '#v=1&target=digits&adapt=invert&rank=4&steps=300',
    },
    'new-answers': {
      label: 'New answers: the last matrix',
      link: '#v=1&target=digits&adapt=relabel&modules=out&rank=4&steps=300',
    },
    'new-pictures': {
      label: 'New pictures: the first matrix',
      link: '#v=1&target=digits&adapt=rotate&modules=in&rank=4&steps=300',
    },
    'one-matrix': {
      label: 'Inverted: no matrix can do it alone',
      link: '#v=1&target=digits&adapt=invert&modules=in&rank=4&steps=300',
    },
    'slower-keeps': {
      label: 'A lower rate forgets less',
      link: '#v=1&target=digits&adapt=rotate&rank=16&lr=0.01&steps=300',
    },
    'kept-at-equal': {
      label: 'At the same accuracy LoRA forgets more',
      link: '#v=1&target=digits&adapt=mirror&rank=4&steps=300',
    },
    'only-five-to-nine': {
      label: 'Taught 5 to 9 alone',
      link: '#v=1&target=digits&adapt=five-to-nine&rank=4&steps=300',
    },
    contradiction: {
      label: 'New answers contradict the old ones',
      link: '#v=1&target=digits&adapt=relabel&rank=4&steps=300',
    },
    'digit-starts': {
      label: 'LoRA-GA, PiSSA and EVA on digits',
      link: '#v=1&target=digits&adapt=invert&rank=4&steps=300&init=lora-ga',
    },
    'which-matrices': {
      label: 'Reversed: which matrices',
      link: '#v=1&target=transformer&adapt=copy-reverse&modules=up,down',
    },
  },
};

const GROUP_NAMES = Object.keys(PRESET_GROUPS) as Preset['group'][];

export const presets = catalogue<Preset>(
  GROUP_NAMES.flatMap((group) => Object.entries(PRESETS[group]).map(([name, preset]) => ({ ...preset, name, group }))),
);

const keyOf = (e: Experiment) => settingsLink(withAutoRate(e));
const underived = (e: Experiment): Experiment => ({ ...e, lr: null });

const LONGEST_DATA = 200;

let known: readonly { readonly name: string; readonly experiment: Experiment }[] | null = null;

/** The preset with exactly these settings, or null; `rate` false: whatever its learning rate, which links write out. */
export function presetOf(e: Experiment, rate = true): string | null {
  // A preset has a small painting at most, and a matrix is long.
  if (e.data.length > LONGEST_DATA) return null;
  known ??= presets.all.map(({ name, link }) => ({ name, experiment: parseLink(link).experiment }));
  const key = keyOf(rate ? e : underived(e));
  return known.find((one) => keyOf(rate ? one.experiment : underived(one.experiment)) === key)?.name ?? null;
}
