import { target } from '../target.ts';

// Updates of full rank, most made for one method: docs/methods.md, "Which adapter for which update".

const kronecker = target({
  name: 'kronecker',
  kind: 'matrix',
  from: 'settings',
  label: 'Kronecker',
  explanation:
    'A product C ⊗ W₂ of a 2 × 2 matrix and a large one: four multiples of one block, and noise. LoKr writes it.',
  caption: (s) => `C ⊗ W₂${s.noise > 0 ? ' and noise' : ''}`,
  params: ['noise'],
  group: 'full rank',
  sign: { lines: 'M8 8H22V22H8ZM27 8H40V22H27ZM8 27H22V40H8ZM27 27H40V40H27Z', dots: 'M30 11H37V19H30Z' },
  minSize: 2,
});

const rowScaling = target({
  name: 'row-scaling',
  kind: 'matrix',
  from: 'settings',
  label: 'row scaling',
  explanation: 'Each row of W₀ times a factor of its own: IA³ and DoRA write it, and LoRA cannot.',
  caption: () => 'W₀, each row rescaled',
  params: [],
  group: 'full rank',
  sign: { lines: 'M8 10H40M8 19H18M8 28H33M8 37H24' },
  ownBase: { rank: Math.min },
});

const hadamard = target({
  name: 'hadamard',
  kind: 'matrix',
  from: 'settings',
  label: 'W₀ ∘ low rank',
  explanation: 'Each entry of W₀ times that of a matrix of low rank: HiRA writes it.',
  caption: (s) => `W₀ ∘ rank ${s.truerank}`,
  params: ['truerank'],
  group: 'full rank',
  sign: {
    lines: 'M24 24m-15 0a15 15 0 1 0 30 0a15 15 0 1 0-30 0',
    dots: 'M24 24m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0',
  },
  ownBase: { rank: Math.min },
});

const turnedBase = target({
  name: 'turned-base',
  kind: 'matrix',
  from: 'settings',
  label: 'W₀ turned',
  explanation: 'A rotation of the rows of W₀, in equal blocks: OFT writes it if its blocks are as large.',
  caption: (s) => (s.turns === 1 ? 'R·W₀ − W₀' : `R·W₀ − W₀, ${s.turns} blocks`),
  params: ['turns'],
  group: 'full rank',
  sign: { lines: 'M33 13A14 14 0 1 0 38 24M27 13H34V6', dots: 'M19 19H29V29H19Z' },
  ownBase: { rank: Math.min },
  minSize: 2,
});

const dots = target({
  name: 'dots',
  kind: 'matrix',
  from: 'settings',
  label: 'dots',
  explanation: 'One entry of 16 changes, far from the others: SHiRA writes them, and every low rank smears them.',
  caption: () => 'single entries',
  params: [],
  group: 'full rank',
  sign: {
    lines: '',
    dots: 'M9 11H14V16H9ZM32 8H37V13H32ZM20 21H25V26H20ZM36 27H41V32H36ZM10 35H15V40H10ZM27 37H32V42H27Z',
  },
});

const noise = target({
  name: 'noise',
  kind: 'matrix',
  from: 'settings',
  label: 'noise',
  explanation: 'Random entries without any structure: no method with few parameters can write them.',
  caption: () => 'random entries',
  params: [],
  group: 'full rank',
  sign: { lines: 'M7 26L11 15L15 33L20 11L24 38L29 17L33 29L37 9L41 24' },
});

export const fullRankTargets = [kronecker, rowScaling, hadamard, turnedBase, dots, noise];
