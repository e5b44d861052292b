// @vitest-environment happy-dom
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Size } from '../../kit/chart/chart.ts';
import { EXPLANATIONS } from '../explanations.ts';
import { galleryFile } from '../testing/gallery-file.ts';
import {
  accuraciesOf,
  KEPT_PATHS,
  keptScene,
  networkScene,
  RANK_FIGURES,
  ranksScene,
} from '../testing/network-scenes.ts';
import { textFaults } from '../testing/text-faults.ts';
import { accuracy, accuracyPicture } from './accuracy.ts';
import { explainKept, type KeptScene, kept, keptPicture, keptSentence } from './kept.ts';
import { explainRanks, type RanksScene, ranks, ranksPicture, ranksSentence } from './ranks.ts';

const THIRD: Size = { width: 376, height: 330, font: 13, short: false };
const PHONE: Size = { width: 358, height: 260, font: 13, short: true };
const PROJECTOR: Size = { width: 888, height: 310, font: 22, short: false };
const SIZES: readonly Size[] = [
  { ...PHONE, width: 288, height: 160 },
  { ...PHONE, width: 330 },
  PHONE,
  THIRD,
  { ...THIRD, width: 344, height: 176 },
  { ...THIRD, width: 480, height: 240 },
  { ...THIRD, width: 868 },
  PROJECTOR,
  { ...PROJECTOR, width: 620, height: 420 },
];

const KEPT_STATES: Readonly<Record<string, readonly [KeptScene, Size]>> = {
  usual: [keptScene(100), THIRD],
  'without-paths': [keptScene(100, { paths: [] }), THIRD],
  untrained: [keptScene(0, { paths: [] }), THIRD],
  pointed: [keptScene(300, { pointed: 12 }), THIRD],
  'rank-16': [keptScene(300, { rank: 16 }), THIRD],
  phone: [keptScene(100), PHONE],
  projector: [keptScene(100), PROJECTOR],
};
const NO_SWEEP = RANK_FIGURES.map((one) => ({ ...one, best: null }));
const RANK_STATES: Readonly<Record<string, readonly [RanksScene, Size]>> = {
  usual: [ranksScene(), THIRD],
  pointed: [ranksScene({ pointed: 3 }), THIRD],
  'without-sweep': [ranksScene({ ranks: NO_SWEEP }), THIRD],
  'without-full': [ranksScene({ ranks: NO_SWEEP.map((one) => ({ ...one, cut: null })), full: null }), THIRD],
  'rank-6': [ranksScene({ run: { rank: 6, trained: 1980 / 8832, accuracy: 0.93 } }), THIRD],
  phone: [ranksScene(), PHONE],
  projector: [ranksScene(), PROJECTOR],
};

describe('gallery', () => {
  const files = [
    ...Object.entries(KEPT_STATES).map(([name, [scene, size]]) => {
      return ['kept', name, kept.describe(scene), size, (svg: SVGSVGElement) => kept.draw(svg, scene, size)] as const;
    }),
    ...Object.entries(RANK_STATES).map(([name, [scene, size]]) => {
      return [
        'ranks',
        name,
        ranks.describe(scene),
        size,
        (svg: SVGSVGElement) => ranks.draw(svg, scene, size),
      ] as const;
    }),
  ];
  const titles = { kept: kept.title, ranks: ranks.title };
  it.each(files)('%s, %s', (chart, name, about, size, draw) => {
    const folder = `src/charts/gallery/${chart}`;
    const path = `${folder}/${name}.svg`;
    const drawn = galleryFile({ title: titles[chart], about, draw }, size);
    if (process.env.GALLERY === 'write') {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, drawn);
    }
    expect(existsSync(path), `${path} is missing`).toBe(true);
    expect(drawn).toBe(readFileSync(path, 'utf8'));
    expect(readdirSync(folder).every((file) => files.some(([of, it]) => of === chart && `${it}.svg` === file))).toBe(
      true,
    );
  });
});

describe('no two texts overlap, none is struck by a line and none leaves the chart', () => {
  it.each(SIZES.map((size) => [`${size.width} × ${size.height}`, size] as const))('%s', (_, size) => {
    const found: string[] = [];
    const add = (where: string, faults: readonly string[]) =>
      found.push(...faults.map((fault) => `${where}: ${fault}`));
    const must = ['new label', 'old label', 'full new label', 'full old label', 'now label', 'run label', 'full label'];
    for (const step of [0, 5, 20, 40, 60, 100, 180, 300]) {
      for (const others of [[], ['previous, r = 8'], ['r = 1', 'PiSSA', 'rate 0.02 + 1 more']])
        add(
          `accuracy ${step}`,
          textFaults(accuracyPicture(networkScene({ step, others }), size), size, must, others.length > 0),
        );
      for (const rank of [1, 4, 6, 16])
        for (const paths of [[], KEPT_PATHS])
          add(
            `kept ${step} r ${rank}`,
            textFaults(keptPicture(keptScene(step, { rank, paths }), size), size, must, true),
          );
    }
    for (const before of [0, 0.11, 0.41, 0.5])
      for (const at of [0.02, 0.3, 0.774, 0.96])
        for (const rank of [1, 3, 4, 16])
          add(
            `ranks ${before} ${at} r ${rank}`,
            textFaults(
              ranksPicture(ranksScene({ before, run: { rank, trained: 0.04 * rank, accuracy: at } }), size),
              size,
              must,
              true,
            ),
          );
    expect(found).toEqual([]);
    for (const marks of [keptPicture(keptScene(100), size), ranksPicture(ranksScene(), size)])
      for (const { attributes } of marks.filter(({ tag }) => tag === 'text'))
        expect(Number(attributes.y) + 0.22 * size.font).toBeLessThanOrEqual(size.height);
  });
});

describe('accuracy over training', () => {
  it('names both tasks with their shares at the step, and those of full fine-tuning at its end', () => {
    const texts = accuracyPicture(networkScene({ step: 100 }), THIRD).map(({ text }) => text);
    // 0.95 − 0.84·e^(−100/60) and 0.55 + 0.422·e^(−100/90); full: 0.97 − 0.86·e^−5 and 0.58 + 0.392·e^(−300/90).
    for (const text of ['turned 0.791', 'upright 0.689', 'full, turned 0.964', 'full, upright 0.594'])
      expect(texts).toContain(text);
  });

  it('draws the new line 3 px thick and full fine-tuning dashed and dotted, or not at all before it has run', () => {
    const classes = (full: boolean) =>
      new Map(
        accuracyPicture(networkScene({ step: 100, full }), THIRD).map(({ key, attributes }) => [key, attributes.class]),
      );
    expect(classes(true).get('new')).toBe('stroke main dw');
    expect(classes(true).get('old')).toBe('stroke line w0');
    expect(classes(true).get('full new')).toContain('dwt dashed');
    expect(classes(true).get('full old')).toContain('dwt dotted');
    expect([...classes(false).keys()].filter((key) => key.startsWith('full'))).toEqual([]);
  });

  it('joins steps that a slow machine measured far apart by a plain line, since full fine-tuning is dotted', () => {
    const scene = networkScene({ step: 300 });
    const { network } = scene;
    const sparse = (list: readonly number[]) => list.filter((_, i) => i < 30 || i > 50);
    const {
      steps,
      training,
      heldOut,
      accuracy: now,
      oldAccuracy: old,
    } = accuraciesOf(301, [
      [0.11, 0.97],
      [0.95, 0.55],
    ]);
    if (!network || !now || !old) throw new Error('no accuracies');
    const losses = {
      ...{ steps: sparse(steps), training: sparse(training), heldOut: sparse(heldOut) },
      ...{ accuracy: sparse(now), oldAccuracy: sparse(old) },
    };
    // 145 to 255 are not measured.
    expect(losses.steps).toHaveLength(40);
    const marks = accuracyPicture({ ...scene, network: { ...network, losses } }, THIRD);
    expect(marks.filter(({ key }) => /gaps| at \d/.test(key))).toEqual([]);
    expect(
      marks
        .find(({ key }) => key === 'new')
        ?.attributes.d?.toString()
        .match(/M/g),
    ).toHaveLength(1);
  });

  it('reads the last measured step up to the cursor', () => {
    const scene = networkScene({ step: 100 });
    expect(accuracy.readout(scene, 0)).toBe('step 0: turned 0.110, upright 0.972');
    expect(accuracy.readout(scene, 4)).toBe('step 4: turned 0.110, upright 0.972');
    expect(accuracy.readout(scene, 101)).toBe('');
    expect(accuracy.describe(scene)).toContain(
      'Right answers at step 100: turned 0.791, upright 0.689. Full fine-tuning ends at turned 0.964, upright 0.594.',
    );
  });

  it('has a table with a row for each measured step of any run', () => {
    const { columns, rows } = accuracy.table(networkScene({ step: 20, others: ['r = 1'] }));
    expect(columns).toEqual([
      ...['step', 'turned', 'upright', 'turned full fine-tuning', 'upright full fine-tuning'],
      ...['turned r = 1', 'upright r = 1'],
    ]);
    expect(rows).toHaveLength(61);
    expect(rows[0].slice(0, 3)).toEqual([0, expect.closeTo(0.11), expect.closeTo(0.972)]);
    expect(rows[5].slice(0, 3)).toEqual([25, null, null]);
  });
});

describe('explanations', () => {
  it('count the right answers of this run', () => {
    const { numbers } = EXPLANATIONS.accuracy(networkScene({ step: 100 }));
    // 0.7913… and 0.6889… of 597.
    expect(numbers).toBe('turned: 472/597 = 0.791; upright: 411/597 = 0.689');
  });

  it('call the drawings of a hand what they are before a round tests it', () => {
    const scene = networkScene({ step: 100, names: ['your hand', 'upright'] });
    const facts = scene.network;
    if (!facts) throw new Error('no network');
    const hand = { ...scene, network: { ...facts, heldOut: 10, seen: true } };
    expect(accuracy.help(hand)).toBe(
      'right of 10 drawings that it trains on, your hand, and 597 held-out examples, upright',
    );
    expect(EXPLANATIONS.accuracy(hand).paragraphs[0]).toContain('the very drawings that it trains on');
  });

  it('hold in every state, without numbers that are not known', () => {
    const none = networkScene({ step: 0, full: false });
    const texts = [
      ...[networkScene({ step: 300 }), none, { ...none, network: null }].flatMap((scene) => {
        const { paragraphs, numbers } = EXPLANATIONS.accuracy(scene);
        return [...paragraphs, numbers, accuracy.help(scene), accuracy.describe(scene)];
      }),
      ...Object.values(KEPT_STATES).flatMap(([scene]) => [
        ...explainKept(scene),
        kept.help(scene),
        kept.describe(scene),
      ]),
      ...Object.values(RANK_STATES).flatMap(([scene]) => [
        ...explainRanks(scene),
        ranks.help(scene),
        ranks.describe(scene),
      ]),
    ];
    expect(texts.join('\n')).not.toMatch(/undefined|NaN|Infinity|\de[-+]?\d|null/);
  });
});

describe('learned against kept', () => {
  it('compares at the largest new accuracy that both reach', () => {
    // Rank 4 reaches 0.95 at 0.34; full fine-tuning is there halfway from 0.94 (0.83) to 0.96 (0.75).
    expect(keptSentence(keptScene(100))).toBe(
      'The slowest rate keeps more than the fastest, with every method. At a new accuracy of 0.950 or more, full fine-tuning keeps more than LoRA at rank 4: 0.790 of upright against 0.340. Of the rates tried, full fine-tuning learns most at 0.005, LoRA at rank 4 at twice that.',
    );
  });

  it('claims neither a difference within the noise nor an order that the numbers do not have', () => {
    const [full, lora] = [
      {
        ...KEPT_PATHS[0],
        points: [
          { rate: 0.001, accuracy: 0.9, old: 0.8 },
          { rate: 0.01, accuracy: 0.96, old: 0.6 },
        ],
      },
      {
        ...KEPT_PATHS[2],
        points: [
          { rate: 0.001, accuracy: 0.8, old: 0.9 },
          { rate: 0.01, accuracy: 0.93, old: 0.71 },
        ],
      },
    ];
    // Full at 0.93 lies halfway: 0.7.
    expect(keptSentence(keptScene(100, { paths: [full, lora] }))).toBe(
      'Slower rates keep more, with every method. At a new accuracy of 0.930 or more, full fine-tuning and LoRA at rank 4 keep about the same: 0.700 of upright against 0.710.',
    );
    const better = { ...lora, points: [lora.points[0], { ...lora.points[1], old: 0.76 }] };
    expect(keptSentence(keptScene(100, { paths: [full, better] }))).toContain(
      '0.930 or more, LoRA at rank 4 keeps more than full fine-tuning: 0.760 of upright against 0.700.',
    );
    // The slowest rate learns more than the other method ever does, the fastest the same with more forgotten.
    const bends = {
      ...full,
      points: [0.96, 0.97, 0.9].map((accuracy, i) => ({ rate: i + 1, accuracy, old: 0.8 - 0.3 * i })),
    };
    expect(keptSentence(keptScene(100, { paths: [bends, lora] }))).toContain(
      '0.930 or more, full fine-tuning keeps more than LoRA at rank 4: 0.800 of upright against 0.710.',
    );
    // So does the run on screen, at a rate between two of them.
    const run = { ...keptScene(0).trail, steps: [0, 300], accuracy: [0.1, 0.94], oldAccuracy: [0.97, 0.79] };
    expect(keptSentence(keptScene(300, { paths: [bends, lora], trail: run }))).toContain(
      'keep about the same: 0.800 of upright against 0.790.',
    );
    const rising = { ...full, points: full.points.map((point, i) => ({ ...point, old: 0.01 * (i + 1) })) };
    expect(keptSentence(keptScene(100, { paths: [rising, lora] }))).not.toContain('rate');
  });

  it('says nothing about what has not run: no paths, no path of this rank, or no common accuracy', () => {
    expect(keptSentence(keptScene(100, { paths: [] }))).toBe('');
    expect(keptSentence(keptScene(100, { rank: 3 }))).not.toContain('LoRA');
    const far = { ...KEPT_PATHS[0], points: [{ rate: 0.01, accuracy: 0.99, old: 0.5 }] };
    expect(keptSentence(keptScene(100, { paths: [far, KEPT_PATHS[2]] }))).not.toContain('At the same');
  });

  it('reads every dot of the paths by keys and the nearest one by the pointer; without paths those of this run', () => {
    const scene = keptScene(100);
    expect(kept.places(scene)).toEqual({ first: 0, last: 24, start: 10, at: null });
    expect(kept.readout(scene, 10)).toBe('r = 4, rate 0.001: turned 0.750, upright 0.870');
    const dots = keptPicture(scene, THIRD).filter(({ key }) => key.startsWith('dot r = 4'));
    for (const [i, { attributes }] of dots.entries())
      expect(kept.locate(scene, THIRD, Number(attributes.cx), Number(attributes.cy))).toBe(10 + i);
    expect(kept.locate(scene, THIRD, 2, 100)).toBeNull();
    const alone = keptScene(100, { paths: [] });
    expect(kept.places(alone)).toMatchObject({ last: 20 });
    expect(kept.readout(alone, 1)).toMatch(/^step 5: turned 0\.\d{3}, upright 0\.\d{3}$/);
    expect(
      kept.places(
        keptScene(0, {
          paths: [],
          trail: accuraciesOf(0, [
            [0, 0],
            [0, 0],
          ]),
        }),
      ).last,
    ).toBe(-1);
  });

  it('has a table of the runs', () => {
    const { columns, rows } = kept.table(keptScene(100));
    expect(columns).toEqual(['method', 'learning rate', 'right, turned', 'right, upright']);
    expect(rows).toHaveLength(25);
    expect(rows[10]).toEqual(['r = 4', 0.001, 0.75, 0.87]);
  });
});

describe('accuracy against rank', () => {
  it('compares training at a rank with cutting to it', () => {
    expect(ranksSentence(ranksScene())).toBe(
      'Trained at rank 4: 0.94. Full, cut to rank 4: 0.74. At rank 16 the cut is as good.',
    );
  });

  it('claims no more than is known', () => {
    expect(ranksSentence(ranksScene({ run: null }))).toBe('');
    expect(ranksSentence(ranksScene({ ranks: NO_SWEEP }))).toBe(
      'This run, at rank 4: 0.77. Full, cut to rank 4: 0.74.',
    );
    const cut = (at16: number) => RANK_FIGURES.map((one) => (one.rank === 16 ? { ...one, cut: at16 } : one));
    expect(ranksSentence(ranksScene({ ranks: cut(0.99) }))).toContain('At rank 16 the cut is better.');
    expect(ranksSentence(ranksScene({ ranks: cut(0.9) }))).toContain('At none of these ranks is the cut as good.');
    const there = ranksScene({ run: { rank: 16, trained: 0.55, accuracy: 0.96 } });
    expect(ranksSentence(there)).toBe('Trained at rank 16: 0.96. Full, cut to rank 16: 0.97. The cut is as good here.');
  });

  it('shows the share of trained parameters below each rank, and this rank in bold', () => {
    const marks = ranksPicture(ranksScene(), THIRD);
    const row = marks.filter(({ key }) => /^trained \d/.test(key)).map(({ text }) => text);
    expect(row).toEqual(['4%', '7%', '15%', '30%', '55%']);
    expect(marks.find(({ key }) => key === 'x 4')?.attributes.class).toContain('strong');
  });

  it('reads a rank by keys and pointer', () => {
    const scene = ranksScene();
    expect(ranks.places(scene)).toEqual({ first: 0, last: 4, start: 2, at: null });
    expect(ranks.readout(scene, 2)).toBe('rank 4: 15% of full’s parameters, best run 0.940, full, cut 0.740');
    const rings = ranksPicture(scene, THIRD).filter(({ key }) => /^best \d/.test(key));
    for (const [i, { attributes }] of rings.entries())
      expect(ranks.locate(scene, THIRD, Number(attributes.cx))).toBe(i);
    expect(ranks.table(scene).rows).toHaveLength(5);
  });
});
