import type { ReactNode } from 'react';
import { CLINIC } from '../../state/places.ts';
import { Press } from '../../ui/page.tsx';
import { ALPHA_PER_RANK, mainRank } from '../model/counts.ts';
import { type PlanLink, presetLink, rulesOf, stepLink } from '../model/rules.ts';
import { useCost } from './choices.tsx';

const HABITS = {
  text: 'Begin with 4 to 16. Adapters of language models were as good at rank 4 as at 64 (Hu et al. 2021, table 6).',
  pictures: 'One direction can nudge a style. 4 to 16 is the usual start; several tasks at once need more.',
} as const;

const RANK_LINKS = [
  presetLink('hat', 'A hat: 4 directions'),
  presetLink('two-tasks', 'Two tasks need more'),
  presetLink('rank-regularises', 'Few, noisy samples'),
];
const MODULES = {
  text: 'LoRA began with q and v. All linear layers were needed to match full fine-tuning in QLoRA (Dettmers et al. 2023, figure 2).',
  pictures: 'Attention is the usual choice, its feed-forward layers come next.',
} as const;

const MODULE_LINKS = [stepLink('cost', 5, 'A rank for each kind of matrix')];
const STALLS = [stepLink('scaling', 3, 'Why a high rank stalls')];
const TUNE_LOW = [stepLink('scaling', 6, 'Tune low, then raise')];

const Letter = ({ children }: { readonly children: string }) => <i className="m">{children}</i>;

/** For rank, α and rate: the habit, then what this page shows. */
export function Guidance() {
  const [cost] = useCost();
  const rank = mainRank(cost) ?? 0;
  const alpha = cost.alpha || ALPHA_PER_RANK * rank;
  return (
    <aside className="guidance stack" aria-label="Guidance">
      <Advice title="Rank" links={RANK_LINKS}>
        {cost.model.logits > 0 ? HABITS.text : HABITS.pictures}
      </Advice>
      <Advice title="Modules" links={MODULE_LINKS}>
        {cost.model.logits > 0 ? MODULES.text : MODULES.pictures}
      </Advice>
      <Advice title="α" links={STALLS}>
        {cost.alpha > 0 ? (
          <>
            <Letter>α</Letter> = {alpha} gives <Letter>s</Letter> = <Letter>α</Letter>/<Letter>r</Letter> ={' '}
            {scaling(alpha, rank)} at rank {rank}. If <Letter>α</Letter> stays and the rank grows, <Letter>s</Letter>{' '}
            falls: at rank {4 * rank} to {scaling(alpha, 4 * rank)}.
          </>
        ) : (
          <>
            <Letter>α</Letter> = 2<Letter>r</Letter> keeps <Letter>s</Letter> = 2 at every rank. If <Letter>α</Letter>{' '}
            stays and the rank grows, <Letter>s</Letter> falls: at rank {4 * rank} to 0.5.
          </>
        )}
      </Advice>
      <Advice title="Learning rate" links={TUNE_LOW}>
        Search at rank 4, then raise the rank: with Adam one rate was good at all six ranks tried here; with SGD and{' '}
        <Letter>α</Letter>/<Letter>r</Letter> it was not.
      </Advice>
    </aside>
  );
}

const scaling = (alpha: number, rank: number) => String(Number((alpha / rank).toPrecision(2)));

interface AdviceProps {
  readonly title: string;
  readonly links: readonly PlanLink[];
  readonly children: ReactNode;
}

function Advice({ title, links, children }: AdviceProps) {
  return (
    <section>
      <h3>{title}</h3>
      <p>{children}</p>
      <p className="acts">
        {links.map((link) => (
          <PageLink key={link.label} {...link} />
        ))}
      </p>
    </section>
  );
}

const PageLink = ({ label, href }: PlanLink) => <a href={href}>{label}</a>;

/** At most three rules, worst first. */
export function WhatCouldGoWrong() {
  const [cost] = useCost();
  const rules = rulesOf(cost);
  return (
    <section aria-labelledby="go-wrong">
      <h3 id="go-wrong">What could go wrong</h3>
      {rules.map(({ title, text, link }) => (
        <p key={title}>
          <b>{title}</b> {text} {link && <PageLink {...link} />}
        </p>
      ))}
      <p>
        <b>If it has gone wrong:</b> twelve complaints, each with what cures it.{' '}
        <Press className="link under" event={CLINIC}>
          The clinic
        </Press>
      </p>
    </section>
  );
}
