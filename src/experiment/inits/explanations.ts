import { type InitName, inits } from './index.ts';

/** What follows the brief of an initialisation, and its source. Apart from it: the page loads them when they are read. */
const NOTES: Readonly<Record<InitName, { readonly more: string; readonly source: string }>> = {
  'kaiming-uniform': {
    more: ', so the layer starts unchanged.',
    source: 'PEFT’s default and Microsoft’s loralib: kaiming_uniform_ with a = √5',
  },
  gaussian: {
    more: ', so Ax is on average as long as x; B is zero.',
    source: 'LoRA, arXiv 2106.09685, with variance 1/r',
  },
  symmetric: {
    more: ': the entries of BA have variance r·σ⁴ and change the output from step 0.',
    source: 'textbook counterexample: neither factor is zero',
  },
  'both-zero': {
    more: ': training never begins.',
    source: 'a bug seen in real training code',
  },
  'gaussian-peft': {
    more: ': at high rank, much smaller entries than with variance 1/r. B is zero.',
    source: 'PEFT, init_lora_weights="gaussian"',
  },
  'kaiming-normal': {
    more: ', so each entry of Ax is about as large as an entry of x; B is zero.',
    source: 'He et al., arXiv 1502.01852, with gain 1',
  },
  'init-b': {
    more: ': B is normal with variance 1/r and A is zero.',
    source: 'arXiv 2406.08447',
  },
  'both-random': {
    more: ', which changes the output from step 0.',
    source: 'PEFT, init_lora_weights=False',
  },
  svd: {
    more: '. On a matrix target that is already the Eckart–Young floor, so training cannot improve it.',
    source: 'Eckart and Young, Psychometrika 1, 1936',
  },
  aligned: {
    more: '; B is zero. Under SGD each direction then follows a curve of its own that is known beforehand.',
    source: 'deep linear networks, arXiv 1312.6120, started along the singular vectors',
  },
  pissa: {
    more: ', and the layer starts unchanged. Fast with SGD if ΔW* lies along them, stuck above its floor if it does not.',
    source: 'PiSSA, arXiv 2404.02948',
  },
  milora: {
    more: '; its main directions stay frozen. The layer starts unchanged.',
    source: 'MiLoRA, arXiv 2406.09044',
  },
  mica: {
    more: '; A starts at zero and is the only factor that trains, so only updates within the span of these directions can be learned.',
    source: 'MiCA, arXiv 2604.01694',
  },
  olora: {
    more: '; s·BA is subtracted from the frozen weight. The layer starts unchanged.',
    source: 'OLoRA, arXiv 2406.01775',
  },
  orthogonal: {
    more: ', so BA is zero and each factor has only rank r/2.',
    source: 'PEFT, init_lora_weights="orthogonal"',
  },
  orthonormal: {
    more: '; B is zero. The gradient flow from here is known beforehand.',
    source: 'Saxe et al., arXiv 1312.6120: random orthogonal weights, here for A alone',
  },
  'task-informed': {
    more: ', orthonormal; B is zero, so the layer starts unchanged.',
    source: 'EVA, arXiv 2410.07170',
  },
  corda: {
    more: '. On matrix targets the inputs are white, so it equals PiSSA.',
    source: 'CorDA, arXiv 2406.05223',
  },
  loftq: {
    more: ', so the layer starts nearer to W₀ than Q alone. PEFT does not divide by s, so there this holds with α = r.',
    source: 'LoftQ, arXiv 2310.08659; PEFT, init_lora_weights="loftq"',
  },
  qpissa: {
    more: ': they are kept in full precision. The adapter has to hold them besides ΔW*.',
    source: 'PiSSA, arXiv 2404.02948, section 4 (QPiSSA)',
  },
  file: {
    more: ': the run starts from ΔW of the file. At a higher rank A gets random rows and B zeros, at a lower rank the leading directions stay.',
    source: 'the adapter file whose module was opened',
  },
  'lora-ga': {
    more: ' (with samples, that of the first batch), so a small first SGD step follows its best rank-2r approximation; s·BA is subtracted from the frozen weight.',
    source: 'LoRA-GA, arXiv 2407.05000, with γ = 16',
  },
};

export const initSource = (name: InitName): string => NOTES[name].source;

export const initExplanation = (name: InitName): string => `${inits.byName(name).brief}${NOTES[name].more}`;
