export default function Notes() {
  return (
    <>
      <p>
        <b>Aim.</b> Students tell rank, effective rank and intrinsic dimension apart, and know that “updates are
        low-rank” is a question about a task, not a theorem.
      </p>
      <p>
        <b>Time.</b> 7 minutes alone, 20 with the class.
      </p>
      <p>
        <b>Ask at step 2.</b> For which spectrum do all four definitions agree? (All values equal, or only one.)
      </p>
      <p>
        <b>Ask at step 5.</b> Why does the curve not know how many directions the target has? (A random subspace of all
        144 numbers has no rows and columns in mind.)
      </p>
      <p>
        <b>Common mistakes.</b> “Rank 8 was enough, so the update has rank 8” (a floor of 0.07 is not 0). “Intrinsic
        dimension is the lottery ticket hypothesis” (that one is about pruned subnetworks, not about random subspaces).
      </p>
    </>
  );
}
