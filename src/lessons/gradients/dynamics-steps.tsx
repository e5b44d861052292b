import { number } from '../../experiment/numbers.ts';
import { useShown } from '../../ui/page.tsx';
import { Mark, P, Term } from '../pane/prose.tsx';
import { A, B, ended, GRAD_A, GRAD_B, LAB, R, type Step, trainedWith } from '../step.tsx';
import { TRUE_RANK, UNDER_ADAM } from './links.ts';
import { FirstUpdates } from './parts.tsx';

const GRADIENTS = 'figure[data-chart="gradients"]';

function useRate(): string {
  return useShown((s) => (s.run.rate === null ? '–' : number(s.run.rate, 2)));
}

export const dynamicsSteps: readonly Step[] = [
  {
    title: 'Who moves first?',
    link: TRUE_RANK,
    begins: 'trained',
    shows: [GRADIENTS, LAB.error],
    Text: () => (
      <>
        <P>
          {GRAD_B} contains {A}, and {GRAD_A} contains {B}. Each factor learns through the other one: their dynamics are
          coupled.
        </P>
        <P>
          Here {B} = 0 at step 0. So the norm of {GRAD_A} is exactly zero there, and that of {GRAD_B} is 1.18. {B} moves
          first. One update later {GRAD_A} is 0.362 <Mark n={1} />; from step 3 on it is the larger of the two.
        </P>
        <P>
          This is the experiment with a target of true rank 8. With {R} = 8 the run ends at an error of 0.0433{' '}
          <Mark n={2} />, as low as any matrix of rank 8 gets: what is left is noise that was added to the target.
        </P>
      </>
    ),
    act: {
      Ask: () => (
        <>
          Let {A} start at zero and {B} at random numbers instead. Which curve starts at zero now?
        </>
      ),
      label: 'Start with A = 0',
      does: trainedWith({ init: 'init-b' }),
      done: (s) => s.run.experiment.init === 'init-b' && ended(s),
      Seen: () => (
        <>
          Now {GRAD_B} is exactly zero at step 0, and {A} moves first. This run learns more slowly, for another reason:{' '}
          {B} starts with larger numbers than {A} did, so the automatic rate is {useRate()} instead of 0.16.
        </>
      ),
    },
    Limits: () => (
      <>
        With {A} = 0 and {B} = 0 both gradients are zero, and they stay zero for ever: the experiment “Dead start”.
      </>
    ),
  },
  {
    title: 'The first steps under Adam',
    link: UNDER_ADAM,
    begins: 'trained',
    shows: [GRADIENTS],
    Text: () => (
      <>
        <P>
          SGD subtracts the gradient times the rate: a small gradient makes a small step. <Term of="Adam">Adam</Term>{' '}
          divides the gradient of each entry by its recent size. In the first step that is its own size, so every entry
          of {B} moves by the rate, 0.015, however small its gradient is. {B} has 512 entries: it moves by 0.015·√512 =
          0.339.
        </P>
        <P>
          An entry of {A} has the gradient 0. Adam moves it by 0.015 · 0/(0 + 10⁻⁸) = 0. So even Adam leaves {A} where
          it is in the first step.
        </P>
        <P>
          In the second step both factors move, but {A} by 0.744 times the rate per entry: Adam’s means still remember
          the zero.
        </P>
        <FirstUpdates />
      </>
    ),
    act: {
      Ask: () => <>Train the same with SGD and look at the table again.</>,
      label: 'Train with SGD',
      does: trainedWith({ opt: 'sgd', lr: null }),
      done: (s) => s.run.experiment.opt === 'sgd' && ended(s),
      Seen: () => (
        <>
          Now each update is the gradient before it times the rate. {A} waits for one step here too, and then moves in
          small steps that grow.
        </>
      ),
    },
    Limits: () => (
      <>
        0.744 holds for gradients well above 10⁻⁸. Smaller ones move less, as the 10⁻⁸ in Adam’s denominator then
        counts.
      </>
    ),
  },
];
