/** The tokens that the pictures of the gallery carry inside: those of the light page, and of the projector. */
const SERIF = '"Iowan Old Style", "Palatino Linotype", Palatino, P052, Georgia, serif';
const SANS = '"Segoe UI", Ubuntu, Lato, Calibri, "Noto Sans", "Helvetica Neue", sans-serif';

export const PAGE_TOKENS = `:root {
  --paper: #fbfaf6; --ink: #1b1e22; --ink-2: #4d535b; --ink-3: #666c74; --rule: #d9d6cc; --axis: #858a91;
  --a: #063a8c; --b: #b4500f; --dw: #0a7a50; --dwt: #860a2a; --pin-mix: 72%;
  --hair: 1px; --line: 2px; --line-main: 3px; --line-pin: 1.25px; --line-ref: 1.5px;
  --sans: ${SANS};
  --serif: ${SERIF};
}`;

export const PROJECTOR_TOKENS = `:root {
  --paper: #ffffff; --ink: #000000; --ink-2: #2b3036; --ink-3: #41464d; --rule: #c4c4c0; --axis: #6c7178;
  --a: #003080; --b: #a84400; --dw: #00743e; --dwt: #7d0026; --pin-mix: 66%;
  --hair: 2px; --line: 4px; --line-main: 6px; --line-pin: 3px; --line-ref: 3px;
  --sans: ${SANS};
  --serif: ${SERIF};
}`;
