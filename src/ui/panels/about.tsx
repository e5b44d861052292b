import type { ReactNode } from 'react';
import { Press, useLab } from '../page.tsx';
import { chipWords } from '../words/backend.ts';
import { Dialog } from './dialog.tsx';

const VERSION: string = import.meta.env.VITE_APP_VERSION;

const PAPERS: readonly { readonly title: string; readonly by: string; readonly arxiv: string }[] = [
  {
    title: 'LoRA: Low-Rank Adaptation of Large Language Models',
    by: 'Edward J. Hu, Yelong Shen, Phillip Wallis, Zeyuan Allen-Zhu, Yuanzhi Li, Shean Wang, Lu Wang, Weizhu Chen, 2021',
    arxiv: '2106.09685',
  },
  {
    title: 'A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA (the rule α/√r)',
    by: 'Damjan Kalajdzievski, 2023',
    arxiv: '2312.03732',
  },
  {
    title: 'PiSSA: Principal Singular Values and Singular Vectors Adaptation of Large Language Models',
    by: 'Fanxu Meng, Zhaohui Wang, Muhan Zhang, 2024',
    arxiv: '2404.02948',
  },
  {
    title: 'LoRA-GA: Low-Rank Adaptation with Gradient Approximation',
    by: 'Shaowen Wang, Linxi Yu, Jian Li, 2024',
    arxiv: '2407.05000',
  },
];

export function AboutPanel() {
  const engine = useLab((s) => chipWords(s.run));
  return (
    <Dialog title="About LoRA Explorer" kind="about">
      <p>
        LoRA, low-rank adaptation, fine-tunes a model without changing its weights: it adds the product of two thin
        matrices to a large frozen one, and trains only the thin ones. This page trains such a layer in your browser and
        shows all of its numbers. Nothing you do here leaves your device.
      </p>
      <dl className="pairs">
        <dt>Version</dt>
        <dd>{VERSION}</dd>
        <dt>License</dt>
        <dd>
          MIT; <Out to="./licenses.md">licenses of the libraries it uses</Out>
        </dd>
        <dt>Digits</dt>
        <dd>
          Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository,{' '}
          <Out to="https://doi.org/10.24432/C50P49">doi 10.24432/C50P49</Out>, CC BY 4.0
        </dd>
        <dt>Source</dt>
        <dd>In the page’s repository, where src/README.md is a guided tour of the code.</dd>
        <dt>Computed by</dt>
        <dd>
          {engine}{' '}
          <Press className="link under" event={{ type: 'panel', panel: { name: 'difference' } }}>
            How it is computed
          </Press>
        </dd>
      </dl>
      <h3>Papers</h3>
      <ul className="papers">
        {PAPERS.map(({ title, by, arxiv }) => (
          <li key={arxiv}>
            {title}. {by}. <Out to={`https://arxiv.org/abs/${arxiv}`}>arXiv {arxiv}</Out>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Out({ to, children }: { readonly to: string; readonly children: ReactNode }) {
  return (
    <a className="under" href={to} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
