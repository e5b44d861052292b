import { readCost } from '../../../experiment/cost/cost-link.ts';
import { adapted, rankOf } from '../../../experiment/cost/counts.ts';
import { usualCost } from '../../../experiment/cost/setting.ts';
import { useShown } from '../../../ui/page.tsx';
import { Formula, P } from '../../pane/prose.tsx';
import { A, B, type Step, W0 } from '../../step.tsx';
import { costOf } from '../calculator/use-cost.ts';
import { listed } from '../calculator/words.ts';
import { MEMORY, RANKS } from '../figures.tsx';
import { Unmerged, UnmergedNumbers } from '../formulas.tsx';
import { sets } from './numbers.tsx';

const ALL = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'];

export const perKind: Step = {
  title: 'A rank for each kind of matrix',
  link: null,
  begins: 'anywhere',
  figure: RANKS,
  shows: ['.calculator .ranks'],
  Text: () => (
    <>
      <P>
        The rank need not be the same everywhere. One rank more costs 8,192 numbers in each q, and 15,104 in each up or
        down. With all seven kinds at rank 16 the 7B decoder trains 39,976,960 numbers.
      </P>
      <P>
        It is often said that attention needs a lower rank than the feed-forward part. No source is given, and this page
        cannot test it: the claim is about large networks. The authors of LoRA found that very small ranks were enough
        for q and v on their tasks (arXiv 2106.09685). They did not adapt the feed-forward part. Measure it on your own
        task.
      </P>
    </>
  ),
  act: {
    Ask: () => <>Begin with all seven kinds at rank 16. Then give gate, up and down another rank than q, k, v and o.</>,
    label: 'Adapt all seven, at rank 16',
    does: () => [sets({ ...usualCost(), ranks: Object.fromEntries(ALL.map((name) => [name, 16])) })],
    done: (s) => {
      const cost = costOf(s);
      const ranks = adapted(cost).map((type) => rankOf(cost, type));
      return ranks.length === cost.model.modules.length && new Set(ranks).size > 1;
    },
    Status: () => {
      const text = useShown((s) => s.view.cost);
      const cost = readCost(text).cost;
      const frozen = cost.model.modules.filter((type) => rankOf(cost, type) === 0).map(({ name }) => name);
      return frozen.length > 0 ? (
        <>
          {listed(frozen)} {frozen.length === 1 ? 'is' : 'are'} frozen.
        </>
      ) : (
        <>All have the same rank: change some.</>
      );
    },
    Seen: () => (
      <>
        “Copy as LoraConfig” now has a <code>rank_pattern</code>, and an <code>alpha_pattern</code> that keeps the
        scaling the same in all of them.
      </>
    ),
  },
};

export const running: Step = {
  title: 'What does not get cheaper',
  link: null,
  begins: 'anywhere',
  figure: MEMORY,
  Text: () => (
    <>
      <P>
        LoRA does not make a layer cheaper to run. Each token still goes through {W0}, and through {A} and {B} as well.
        Together that takes so many multiply-adds:
      </P>
      <Formula plain={<Unmerged />} numbers={<UnmergedNumbers />} />
      <P>
        At 4,096 × 4,096 and rank 16 these are 0.78% more than before. Once {B}
        {A} is merged into {W0}, it is <i>dk</i> again: no more, but no less either.
      </P>
      <P>
        Nor does a training step become 128 times faster. The forward pass stays, and so does the way back through {W0}{' '}
        to the layers below. Only the gradient of {W0} itself is left out. That leaves 67% of the multiply-adds of full
        fine-tuning in these matrices.
      </P>
      <P>
        What LoRA saves is memory while training, and space for every further task: one model, and a small file for each
        adapter.
      </P>
    </>
  ),
  Limits: () => <>Counted without checkpoints, which make a second forward pass in both cases.</>,
};
