/** Notes for teachers: aim, time, questions to ask, common mistakes. */
export default function Notes() {
  return (
    <>
      <p>
        <b>Aim.</b> Students say what rank 1 means without the word “dimension”.
      </p>
      <p>
        <b>Time.</b> 3 minutes alone, 8 with the class.
      </p>
      <p>
        <b>Ask before step 2.</b> How many numbers does a second pattern cost?
      </p>
      <p>
        <b>Common mistakes.</b> “Rank 1 means one number.”
      </p>
    </>
  );
}
