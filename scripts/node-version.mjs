// Read by any version of Node, so no newer syntax here, and no imports.

/** Ends the process with a sentence if this Node is older than the tools need. */
export function requireNode() {
  const parts = process.versions.node.split('.').map(Number);
  const major = parts[0];
  const minor = parts[1];
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) return;
  console.error(
    'LoRA Explorer needs Node 20.19 or newer, or 22.12 or newer; this is ' +
      process.versions.node +
      '.\n' +
      'Install a current version from https://nodejs.org (or with your version manager), then run this again.',
  );
  process.exit(1);
}
