export default function Notes() {
  return (
    <>
      <p>
        <b>Aims.</b> Students predict how the error falls with the rank, say why no run can do better, and read from a
        spectrum which rank a target needs.
      </p>
      <p>
        <b>Time.</b> 8 minutes alone; 25 with the class, of which 5 for drawing and comparing guesses.
      </p>
      <p>
        <b>Ask before step 1.</b> Everyone draws on paper first. Collect two guesses on the board: most draw a straight
        line.
      </p>
      <p>
        <b>Ask at step 4.</b> Which layer shows the sun? (None alone: the sun is a sum.) Why has every layer stripes?
      </p>
      <p>
        <b>Ask at step 6.</b> Can you invent a target that rank 1 reaches exactly? One that every rank finds equally
        hard?
      </p>
      <p>
        <b>Ask at step 8.</b> What would happen if A were frozen, and B trained?
      </p>
      <p>
        <b>Common mistakes.</b> “Twice the rank halves the error” (it depends on the singular values). “B·A has rank r”
        (at most r). “The first layer is the first column of B” (training mixes the columns; only the sum has layers).
        “A layer is a part of the picture” (it is a whole picture of stripes).
      </p>
    </>
  );
}
