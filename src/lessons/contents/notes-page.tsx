import type { ReactNode } from 'react';
import { LinkButton } from '../../kit/button.tsx';
import { LESSONS, numberOf } from '../list.ts';
import { b, prose } from '../pane/prose.tsx';
import { useLessonOpener } from './reader.tsx';

export default function NotesPage({ of }: { readonly of: string | null }) {
  const read = useLessonOpener();
  const shown = LESSONS.filter(({ name }) => of === null || name === of);
  return (
    <main id="main" tabIndex={-1} className="contents notes-page">
      <div className="side">
        <LinkButton className="link back" onClick={() => read('contents')}>
          ← All lessons
        </LinkButton>
        <h2>Notes for teachers</h2>
        <p className="read">
          For each lesson: what students can do after it, the time it takes, questions to ask before a step is shown,
          and the mistakes that are made most often.
        </p>
        <ul className="links far-above space-below">
          <li>
            <LinkButton onClick={() => read(of === null ? 'handout' : `handout-${of}`)}>
              {of === null ? 'Print all as a handout' : 'Print this lesson as a handout'}
            </LinkButton>
          </li>
          {of !== null && (
            <li>
              <LinkButton onClick={() => read('notes')}>Notes on all lessons</LinkButton>
            </li>
          )}
        </ul>
      </div>
      <div className="notes">
        {shown.map(({ name, title, question }) => (
          <section key={name} aria-label={title}>
            <h3 className="entry-title">
              <span className="n">{numberOf(name)}</span> {title}
            </h3>
            <p className="note">{question}</p>
            <div className="of-lesson">{NOTES[name]}</div>
            <p>
              <LinkButton onClick={() => read(name)}>Open lesson {numberOf(name)}</LinkButton>
            </p>
          </section>
        ))}
      </div>
    </main>
  );
}

/** Notes for teachers by lesson: aims, minutes, questions to ask, common mistakes. */
export const NOTES: Readonly<Record<string, ReactNode>> = {
  'what-is-lora': prose`
    ${b`Aim.`} Students say what is frozen, what is trained, and what rank and α do, before any formula.

    ${b`Needs.`} None: a table of numbers is enough.

    ${b`Time.`} 13 minutes alone, 16 with the class.

    ${b`Ask before step 3.`} What will the sunglasses look like if the sum may have one pattern only?

    ${b`Ask at step 5.`} Who draws the glasses that need the fewest patterns? (Boxes along rows and columns do; slanted
    strokes do not.)

    ${b`Common mistakes.`} “A higher rank makes ΔW larger” (it adds patterns; α sets the size). “LoRA compresses the
    model” (W₀ is as large as before).
  `,
  'by-hand': prose`
    ${b`Aim.`} Students compute one forward pass and both gradients of a LoRA layer on paper, and say why the gradient of
    A is zero in the first step and not in the second.

    ${b`Needs.`} Matrix times vector. Lesson 0.

    ${b`Time.`} 14 minutes alone, 25 with the class if everybody computes.

    ${b`With the class.`} Print the handout. One half computes ∂L/∂B, the other half the second ∂L/∂A; compare, then press
    “Check it” together. With “Numbers of your own”, below the picture, each student computes with others: the
    number on your list gives them, on your device too.

    ${b`Ask before step 6.`} B is zero. Which of the two gradients is zero, and which is not? Then: what if A were zero
    and B not?

    ${b`Ask in step 4.`} Why is the dotted square empty? When would you fill it after all? (For merging, once.)

    ${b`Common mistakes.`} “B = 0, so nothing can learn” (only A waits, for one step). “The gradient of A is small at
    first” (it is exactly zero). “ΔW is computed and then applied” (never, while it trains). “LoRA makes the forward pass
    cheaper” (unmerged, it costs a little more).
  `,
  rank: prose`
    ${b`Aims.`} Students predict how the error falls with the rank, say why no run can do better, and read from a spectrum
    which rank a target needs.

    ${b`Needs.`} Matrix products, Pythagoras. Singular values are explained. Lesson 0.

    ${b`Time.`} 18 minutes alone; 25 with the class, of which 5 for drawing and comparing guesses.

    ${b`Ask before step 1.`} Everyone draws on paper first. Collect two guesses on the board: most draw a straight line.

    ${b`Ask at step 5.`} Which pattern shows the sun? (None alone: the sun is a sum.) Why has every pattern stripes?

    ${b`Ask at step 7.`} Can you invent a target that rank 1 reaches exactly? One that every rank finds equally hard?

    ${b`Ask at step 9.`} What would happen if A were frozen, and B trained?

    ${b`Common mistakes.`} “Twice the rank halves the error” (it depends on the singular values). “B·A has rank r” (at
    most r). “The first pattern is the first column of B” (training mixes the columns; the patterns are those of the sum). “A layer is
    a part of the picture” (it is a whole picture of stripes).
  `,
  cost: prose`
    ${b`Aim.`} Students compute r(d + k) and the break-even rank by hand, and say which of weights, gradients, optimiser
    state and activations LoRA makes smaller, and which it does not.

    ${b`Needs.`} Powers of ten, what a gradient is for. Lesson 0.

    ${b`Time.`} 14 minutes alone, 22 with the class: half of it for step 4.

    ${b`Before step 1.`} Let the class guess by show of hands before anyone opens the table.

    ${b`Ask at step 2.`} For which square matrices does rank 64 train over 100 times fewer parameters? (Larger than 12,800 ×
    12,800: dk/(r(d + k)) is d/128 there.)

    ${b`Ask at step 4.`} Where would you save next once gradients and optimiser state are gone? (The weights: QLoRA. Then
    the activations: checkpoints, a smaller batch, shorter texts.)

    ${b`Ask at step 6.`} Why are q and v enough to reverse? (They decide where each position looks, and what it takes from
    there. The tab Attention shows both blocks before and after.)

    ${b`Own models.`} Let each group paste the config.json of a model of theirs. The shapes stand in the link, so a group
    can hand its setting in as a link.

    ${b`Common mistakes.`} “LoRA makes the model smaller” (the frozen weights are all there). “128 times fewer parameters is
    128 times less memory” (76.6 GiB become 14.1). “Training is 128 times faster” (the forward pass and the way back
    through the frozen weights remain). “A 16 GB card is filled by 16 GiB of tensors” (programs need one or two GiB more).
  `,
  scaling: prose`
    ${b`Aim.`} Students say what s is under each rule, why a fixed rate and α/r stall a high rank under SGD, and why Adam
    hides it. They can say when a rate that was tuned at a low rank may be kept.

    ${b`Needs.`} Learning rate, SGD and Adam by name. Lessons 0 and 1.

    ${b`Time.`} 15 minutes alone, 25 with the class. Step 5 carries a discussion of its own.

    ${b`Before step 1.`} Let the class vote on the prediction, and write the votes down: most expect the error to fall
    with the rank, because the floor does.

    ${b`Ask at step 3.`} How many rows does A have at rank 64, and what does each add to the gradient of B? Then: why the
    square root?

    ${b`Ask at step 5.`} Find two cells of different ranks with the same s. Do they have the same edge?

    ${b`Common mistakes.`} “α limits what ΔW can become” (it does not: B and A can grow). “α/r is the right rule, α/√r a
    trick” (each keeps something else level). “With Adam α does nothing” (ΔW is still multiplied by s).

    ${b`To go further.`} Run the sweep of step 5 with three seeds, or with another target. Does the staircase stay?
  `,
  starts: prose`
    ${b`Aim.`} Students can say what B = 0 gives (the layer is unchanged, and B still has a gradient), why two zeros never
    move, and what an initialisation that looks at W₀ or at the task wins and pays.

    ${b`Needs.`} Mean and variance. Lessons 0 and 1.

    ${b`Time.`} 16 minutes alone, 30 with the class.

    ${b`Before step 1.`} Vote on the prediction. Ask for reasons: “nothing can be learned while a factor is zero” is the
    usual one, and the first gradient of B refutes it.

    ${b`Ask at step 3.`} Which entries of the gradient of B involve the new rows of A? What if those rows are zero?

    ${b`Ask at step 4.`} Why does the variance add up over r, and why is σ raised to the fourth power?

    ${b`Common mistakes.`} “Zero means no gradient” (A’s is zero, B’s is not). “A good first step means a good end”
    (floors are decided by what was taken from W₀). “PiSSA is better” and “PiSSA is worse” (it depends on where the target
    lies).

    ${b`To go further.`} Open the page of all initialisations, train them on one target, and sort them by what they know
    before the first step.
  `,
  gradients: prose`
    ${b`Aim.`} Students derive both gradients, check shapes in every line, and explain from the formulas why W₀ is in
    neither, who moves first, and what one step costs.

    ${b`Needs.`} Partial derivatives, the transpose. Lesson 1.

    ${b`Time.`} 17 minutes alone, 30 with the class. The lesson “The layer, by hand” before it saves half of that.

    ${b`With the class.`} Take the vote of step 1 by show of hands before anybody presses the button. In step 3 let one
    student point at a cell and the others say its sign before the number is read.

    ${b`Ask in step 4.`} Which part of δ never reaches A? (What lies outside the columns of B.)

    ${b`Ask in step 7.`} What if both A and B start at zero? (Both gradients stay zero for ever: the experiment “Dead
    start”.)

    ${b`Common mistakes.`} “W₀ is needed for the gradient of A” (only δ is, however it came about). “Adam makes a tiny
    first step in A” (it makes none). “LoRA saves the whole backward pass” (δ still goes back through W₀ to the layers
    below).
  `,
  optimisers: prose`
    ${b`Aim.`} Students say what a learning rate means under SGD, Adam, signSGD and Muon, predict which direction of an
    update is learned first, and know that the floor belongs to the rank.

    ${b`Needs.`} Singular values, gradients. Lessons 2, 4 and 6.

    ${b`Time.`} 16 minutes alone, 30 with the class.

    ${b`Before step 1.`} Vote on the prediction. Then ask for the reason: what does each rule do to a gradient that is 10
    times smaller?

    ${b`Ask at step 3.`} Four people walk to houses at different distances, all at one pace. Who is home first? Then: and
    if each walks the faster, the further the house?

    ${b`Ask at step 4.`} Which T may stand between B and A? (Every invertible one: BT⁻¹·TA = BA.) What does SGD notice of it?

    ${b`Ask at step 7.`} Why must each rule have a rate of its own before two are compared? Which sentences of that kind
    have you read lately, and did they?

    ${b`Common mistakes.`} “Adam’s steps never shrink” (they do where gradients alternate). “A better optimiser reaches a
    lower floor” (the rank decides that). “Muon makes all directions of ΔW equal” (of each factor’s step).

    ${b`To go further.`} Open step 3’s target in the lab and sweep the rank under Muon: from which rank on is the order
    the other way round?
  `,
  'low-rank': prose`
    ${b`Aim.`} Students tell rank, effective rank and intrinsic dimension apart, and know that “updates are low-rank” is a
    question about a task, not a theorem.

    ${b`Needs.`} Singular values. Lesson 2.

    ${b`Time.`} 15 minutes alone, 20 with the class.

    ${b`Ask at step 2.`} For which spectrum do all four definitions agree? (All values equal, or only one.)

    ${b`Ask at step 5.`} Why does the curve not know how many directions the target has? (A random subspace of all 144
    numbers has no rows and columns in mind.)

    ${b`Common mistakes.`} “Rank 8 was enough, so the update has rank 8” (a floor of 0.07 is not 0). “Intrinsic dimension
    is the lottery ticket hypothesis” (that one is about pruned subnetworks, not about random subspaces).
  `,
  choosing: prose`
    ${b`Aim.`} Students choose a rank from what they know of their task, and say which experiment would change their mind.

    ${b`Needs.`} Training and held-out loss. Lessons 2 and 3.

    ${b`Time.`} 14 minutes alone, 20 with the class.

    ${b`Ask before step 1.`} Which curve must fall with every rank, and why? (The training loss: a higher rank can do all
    that a lower one can.)

    ${b`Ask at step 3.`} Which error belongs to 99% of the energy? (√(1 − 0.99) = 0.1.)

    ${b`Common mistakes.`} “A higher rank is always better” (not on new data, with few noisy samples). “90% of the energy
    is nearly everything” (a relative error of 0.32 is left, and a network may need what is missing).
  `,
  beyond: prose`
    ${b`Aim.`} Students say which updates LoRA cannot write and why no rate helps, read the map of adapters by row and by
    column, and know what an adapter that does not look at the task leaves of it.

    ${b`Needs.`} Singular values, the floor. Lesson 2.

    ${b`Time.`} 17 minutes alone, 25 with the class.

    ${b`Ask before step 4.`} Name a change of a matrix that needs few numbers and many directions. (Scale its rows; turn
    them; move single entries.)

    ${b`Ask at step 5.`} Let each group take one column and say in a sentence what its adapter can write. Then: which row
    would you like to have in practice, and can you know?

    ${b`Ask at step 6.`} Why does looking at the entries help even where there is no pattern? (Squares: a few large entries
    hold most of the energy.)

    ${b`Common mistakes.`} “A better optimiser would write it” (a floor is no matter of training). “DoRA is LoRA and more,
    so it is never worse” (with as many numbers it has one rank less). “Full rank means that it can write everything” (OFT’s
    updates have full rank, and it cannot write a low-rank one).

    ${b`To go further.`} Open the map among the experiments, and change the number of trained parameters: which cells
    change most, and which never?
  `,
  merging: prose`
    ${b`Aim.`} Students say what merging changes (rounding, nothing else), when it loses an update, and what keeping
    adapters apart costs and allows.

    ${b`Needs.`} Matrix sums and products. Lesson 0.

    ${b`Time.`} 12 minutes alone, 15 with the class.

    ${b`Ask before step 2.`} A bfloat16 number has 8 significant binary digits. What happens to 1 + 0.001? (The spacing
    near 1 is 1/128, so it stays 1.)

    ${b`Ask before step 6.`} Multiply out (B₁ + B₂)(A₁ + A₂). Which two of the four terms did nobody train?

    ${b`Common mistakes.`} “Merging makes the layer larger” (it has as many numbers as before). “Adapters can be averaged
    factor by factor” (only their products can).
  `,
};
