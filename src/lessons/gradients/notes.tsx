export default function Notes() {
  return (
    <>
      <p>
        <b>Aim.</b> Students derive both gradients, check shapes in every line, and explain from the formulas why W₀ is
        in neither, who moves first, and what one step costs.
      </p>
      <p>
        <b>Time.</b> 9 minutes alone, 30 with the class. The lesson “The layer, by hand” before it saves half of that.
      </p>
      <p>
        <b>With the class.</b> Take the vote of step 1 by show of hands before anybody presses the button. In step 3 let
        one student point at a cell and the others say its sign before the number is read.
      </p>
      <p>
        <b>Ask in step 4.</b> Which part of δ never reaches A? (What lies outside the columns of B.)
      </p>
      <p>
        <b>Ask in step 7.</b> What if both A and B start at zero? (Both gradients stay zero for ever: the experiment
        “Dead start”.)
      </p>
      <p>
        <b>Common mistakes.</b> “W₀ is needed for the gradient of A” (only δ is, however it came about). “Adam makes a
        tiny first step in A” (it makes none). “LoRA saves the whole backward pass” (δ still goes back through W₀ to the
        layers below).
      </p>
    </>
  );
}
