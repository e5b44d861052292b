export default function Notes() {
  return (
    <>
      <p>
        <b>Aim.</b> Students can say what B = 0 gives (the layer is unchanged, and B still has a gradient), why two
        zeros never move, and what an initialisation that looks at W₀ or at the task wins and pays.
      </p>
      <p>
        <b>Time.</b> 8 minutes alone, 30 with the class.
      </p>
      <p>
        <b>Before step 1.</b> Vote on the prediction. Ask for reasons: “nothing can be learned while a factor is zero”
        is the usual one, and the first gradient of B refutes it.
      </p>
      <p>
        <b>Ask at step 3.</b> Which entries of the gradient of B involve the new rows of A? What if those rows are zero?
      </p>
      <p>
        <b>Ask at step 4.</b> Why does the variance add up over r, and why is σ raised to the fourth power?
      </p>
      <p>
        <b>Common mistakes.</b> “Zero means no gradient” (A’s is zero, B’s is not). “A good first step means a good end”
        (floors are decided by what was taken from W₀). “PiSSA is better” and “PiSSA is worse” (it depends on where the
        target lies).
      </p>
      <p>
        <b>To go further.</b> Open the page of all initialisations, train them on one target, and sort them by what they
        know before the first step.
      </p>
    </>
  );
}
