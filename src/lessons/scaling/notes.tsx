export default function Notes() {
  return (
    <>
      <p>
        <b>Aim.</b> Students say what s is under each rule, why a fixed rate and α/r stall a high rank under SGD, and
        why Adam hides it. They can say when a rate that was tuned at a low rank may be kept.
      </p>
      <p>
        <b>Time.</b> 7 minutes alone, 25 with the class. Step 5 carries a discussion of its own.
      </p>
      <p>
        <b>Before step 1.</b> Let the class vote on the prediction, and write the votes down: most expect the error to
        fall with the rank, because the floor does.
      </p>
      <p>
        <b>Ask at step 3.</b> How many rows does A have at rank 64, and what does each add to the gradient of B? Then:
        why the square root?
      </p>
      <p>
        <b>Ask at step 5.</b> Find two cells of different ranks with the same s. Do they have the same edge?
      </p>
      <p>
        <b>Common mistakes.</b> “α limits what ΔW can become” (it does not: B and A can grow). “α/r is the right rule,
        α/√r a trick” (each keeps something else level). “With Adam α does nothing” (ΔW is still multiplied by s).
      </p>
      <p>
        <b>To go further.</b> Run the sweep of step 5 with three seeds, or with another target. Does the staircase stay?
      </p>
    </>
  );
}
